using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>
/// The transport of one connection (RFC 4253): gives the messages of the layers above, and answers what belongs to the transport itself. One reader;
/// sending is for any thread.
/// </summary>
internal sealed class SshTransport : IDisposable
{
    // OpenSSH changes keys after this many bytes of a cipher with small blocks; with large ones it is up to the client.
    private const long BytesOfOneKey = 1L << 30;

    private readonly SshPersona _persona;
    private readonly PacketReader _reader;
    private readonly PacketWriter _writer;
    private readonly KeyExchanges _exchanges;

    public SshTransport(Peer peer, SshPersona persona, HostKeys hostKeys, Action<KexInit> onClientOffer, CancellationToken cancellation)
    {
        _persona = persona;
        _writer = new PacketWriter(peer, cancellation);
        _reader = new PacketReader(peer, _writer, cancellation);
        _exchanges = new KeyExchanges(persona, hostKeys, _reader, _writer, onClientOffer);
    }

    /// <summary>Hash of the first exchange; empty before it.</summary>
    public byte[] SessionId => _exchanges.SessionId;

    /// <summary>What both sides agreed on last.</summary>
    public Negotiation? Agreed => _exchanges.Agreed;

    /// <summary>The client asked for a second EXT_INFO during authentication.</summary>
    public bool WantsExtInfoInAuth { get; private set; }

    /// <summary>Number of the packet that <see cref="ReadAsync"/> gave last.</summary>
    public uint LastSequence { get; private set; }

    /// <summary>Bytes arrived that were not read.</summary>
    public bool HasUnread => _reader.HasUnread;

    /// <summary>Sends a message; during a key exchange it waits for the new keys.</summary>
    public void Send(SshWriter message) => _writer.Send(message.Written);

    public void Send(ReadOnlySpan<byte> payload) => _writer.Send(payload);

    /// <summary>Sends bytes as they are, before the first packet.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes) => _writer.SendRaw(bytes);

    /// <summary>Answers a message of an unknown kind by the number of its packet.</summary>
    public void SendUnimplemented(uint sequence) => _writer.SendUnimplemented(sequence);

    /// <summary>Sends what both sides may sign with a second time, where the client asked for it.</summary>
    public void SendSignatureAlgorithms() =>
        Send(new SshWriter(SshMessage.ExtInfo).UInt32(1).Text("server-sig-algs").Text(_persona.SignatureAlgorithms));

    /// <summary>Waits until the peer took most of what was sent.</summary>
    public ValueTask WaitForRoomAsync() => _writer.WaitForRoomAsync();

    /// <summary>Waits until everything is handed to the network.</summary>
    public Task FlushAsync() => _writer.FlushAsync();

    /// <summary>Gives what was sent a last chance to leave; a peer that accepts nothing does not hold it up.</summary>
    public Task EndAsync(TimeSpan patience, TimeProvider time) => _writer.EndAsync(patience, time);

    /// <summary>Sends a last message (ssh_packet_disconnect) and ends the connection.</summary>
    /// <exception cref="SshEndException">Always.</exception>
    public Task DisconnectAsync(string text) => _writer.DisconnectAsync(text);

    /// <summary>Reads the client's identification.</summary>
    public Task<ClientVersion> ReadVersionAsync() => _reader.ReadVersionAsync();

    /// <summary>The identification is known: our offer is sent.</summary>
    public void Begin(string clientVersion) => _exchanges.Begin(clientVersion);

    /// <summary>Authentication succeeded: delayed compression begins behind what was sent until now.</summary>
    public void Authenticated()
    {
        _writer.Authenticated(Agreed!.CompressionOut);
        _reader.Authenticated(Agreed.CompressionIn);
    }

    /// <summary>The next message that is not the transport's own; good until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        while (true)
        {
            await _writer.WaitBeforeReadAsync();
            if (_reader.HasSmallBlocks && (_reader.BytesOfKey > BytesOfOneKey || _writer.BytesOfKey > BytesOfOneKey))
            {
                _exchanges.Rekey();
            }

            uint sequence = _reader.Sequence;
            ReadOnlyMemory<byte> payload = await _reader.ReadAsync();
            SshMessage message = (SshMessage)payload.Span[0];
            await CheckPhaseAsync(message, sequence);
            switch (message)
            {
                case SshMessage.Disconnect:
                    throw new SshEndException("the peer disconnected");
                case SshMessage.Ignore or SshMessage.Debug or SshMessage.Unimplemented:
                    break;
                case SshMessage.Ping when _persona.HasPing:
                    Pong(payload.Span);
                    break;
                case SshMessage.ExtInfo when !_exchanges.IsFirst:
                    ReadExtInfo(payload.Span);
                    break;
                case SshMessage.KexInit:
                    await _exchanges.HandleOfferAsync(payload.ToArray());
                    break;
                case SshMessage.NewKeys when _exchanges.AwaitsNewKeys:
                    _exchanges.HandleNewKeys();
                    break;
                case >= SshMessage.KexFirst and < SshMessage.UserAuthRequest when _exchanges is { IsRunning: true, HasClientOffer: true }:
                    await _exchanges.HandleMessageAsync(payload.ToArray(), sequence);
                    break;
                case > SshMessage.NewKeys when !_exchanges.IsRunning || !_exchanges.HasClientOffer:
                case SshMessage.ServiceRequest when !_exchanges.IsRunning:
                    LastSequence = sequence;
                    return payload;
                default:
                    SendUnimplemented(sequence);
                    break;
            }
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
    }

    private async ValueTask CheckPhaseAsync(SshMessage message, uint sequence)
    {
        if (_exchanges.IsStrictlyFirst && message is not (SshMessage.Disconnect or SshMessage.NewKeys or (>= SshMessage.KexFirst and < SshMessage.UserAuthRequest)))
        {
            await DisconnectAsync($"strict KEX violation: unexpected packet type {(byte)message} (seqnr {sequence})");
        }

        if (SessionId.Length == 0 && message is >= SshMessage.UserAuthRequest and not SshMessage.Ping)
        {
            throw new SshEndException("a message of another phase before the first key exchange");
        }
    }

    private void Pong(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        ReadOnlySpan<byte> data = reader.Bytes();
        if (reader.Failed)
        {
            throw new SshEndException("incomplete ping");
        }

        Send(new SshWriter(SshMessage.Pong).Bytes(data));
    }

    private void ReadExtInfo(ReadOnlySpan<byte> payload)
    {
        const int mostExtensions = 1024;
        SshReader reader = new(payload[1..]);
        uint count = reader.UInt32();
        for (uint i = 0; i < Math.Min(count, mostExtensions) && !reader.Failed; i++)
        {
            string name = reader.Text();
            reader.Bytes();
            WantsExtInfoInAuth |= _persona.HasPing && name is "ext-info-in-auth@openssh.com";
        }
    }
}
