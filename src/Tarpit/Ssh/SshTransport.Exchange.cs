using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>Key exchanges, and the messages that the transport answers by itself.</summary>
internal sealed partial class SshTransport
{
    private const int SmallestGroup = 2048;
    private const int LargestGroup = 8192;

    // OpenSSH changes keys after this many bytes of a cipher with small blocks; with large ones it is up to the client.
    private const long BytesOfOneKey = 1L << 30;

    private byte[] _clientVersion = [];
    private byte[] _ourOffer = [];
    private byte[] _theirOffer = [];
    private Negotiation? _agreed;
    private KeyExchange? _exchange;
    private (uint Min, uint Wanted, uint Max, DhGroup Group)? _group;
    private SealFactory? _next;
    private bool _exchanging;
    private bool _holding;
    private bool _ourOfferSent;
    private bool _skipGuess;
    private bool _initial = true;
    private bool _strict;
    private bool _extInfoWanted;
    private bool _authenticated;
    private Compression? _inflate;
    private Compression? _deflate;

    /// <summary>The client's first KEXINIT; null before it came.</summary>
    public KexInit? ClientOffer { get; private set; }

    public Negotiation? Agreed => _agreed;

    /// <summary>The client asked for a second EXT_INFO during authentication.</summary>
    public bool ExtInfoInAuth { get; private set; }

    /// <summary>Key exchanges that were completed.</summary>
    public int Exchanges { get; private set; }

    public SshPersona Persona => _persona;

    /// <summary>The identification is known: our offer is sent.</summary>
    public void Begin(string clientVersion)
    {
        _clientVersion = Encoding.Latin1.GetBytes(clientVersion);
        SendOffer();
    }

    /// <summary>Changes keys, as OpenSSH's rekeying does.</summary>
    public void Rekey()
    {
        if (!_exchanging && SessionId.Length > 0)
        {
            SendOffer();
        }
    }

    /// <summary>Authentication succeeded: delayed compression begins behind what was sent until now.</summary>
    public void Authenticated()
    {
        lock (_sending)
        {
            _authenticated = true;
            StartCompression(ref _deflate, _agreed!.CompressionOut, deflates: true);
        }

        StartCompression(ref _inflate, _agreed!.CompressionIn, deflates: false);
    }

    /// <summary>The next message that is not the transport's own; good until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        while (true)
        {
            await WaitForRoomAsync();
            if (_sealIn.BlockLength < 16 && (_bytesIn > BytesOfOneKey || Interlocked.Read(ref _bytesOut) > BytesOfOneKey))
            {
                Rekey();
            }

            uint sequence = _sequenceIn;
            ReadOnlyMemory<byte> payload = await ReadPacketAsync();
            SshMessage message = (SshMessage)payload.Span[0];
            if (_initial && _strict && message is not (SshMessage.Disconnect or SshMessage.NewKeys or (>= SshMessage.KexFirst and < SshMessage.UserAuthRequest)))
            {
                await DisconnectAsync($"strict KEX violation: unexpected packet type {(byte)message} (seqnr {sequence})");
            }

            if (SessionId.Length == 0 && message is >= SshMessage.UserAuthRequest and not SshMessage.Ping)
            {
                throw new SshEndException("a message of another phase before the first key exchange");
            }

            switch (message)
            {
                case SshMessage.Disconnect:
                    throw new SshEndException("the peer disconnected");
                case SshMessage.Ignore or SshMessage.Debug or SshMessage.Unimplemented:
                    break;
                case SshMessage.Ping when _persona.HasPing:
                    Pong(payload.Span);
                    break;
                case SshMessage.ExtInfo when !_initial:
                    TakeExtInfo(payload.Span);
                    break;
                case SshMessage.KexInit:
                    await TakeOfferAsync(payload.ToArray());
                    break;
                case SshMessage.NewKeys when _next is not null:
                    TakeNewKeys();
                    break;
                case >= SshMessage.KexFirst and < SshMessage.UserAuthRequest when _exchanging && _theirOffer.Length > 0:
                    await TakeExchangeAsync(payload.ToArray(), sequence);
                    break;
                case > SshMessage.NewKeys when !_exchanging || _theirOffer.Length == 0:
                    LastSequence = sequence;
                    return payload;
                case SshMessage.ServiceRequest when !_exchanging:
                    LastSequence = sequence;
                    return payload;
                default:
                    Unimplemented(sequence);
                    break;
            }
        }
    }

    /// <summary>Number of the packet that <see cref="ReadAsync"/> gave last.</summary>
    public uint LastSequence { get; private set; }

    public void Unimplemented(uint sequence) => Send(new SshWriter(SshMessage.Unimplemented).UInt32(sequence));

    /// <summary>What both sides may sign with; sent a second time where the client asked for it.</summary>
    public void SendSignatureAlgorithms() =>
        Send(new SshWriter(SshMessage.ExtInfo).UInt32(1).Text("server-sig-algs").Text(_persona.SignatureAlgorithms));

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

    private void TakeExtInfo(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        uint count = reader.UInt32();
        for (uint i = 0; i < Math.Min(count, 1024) && !reader.Failed; i++)
        {
            string name = reader.Text();
            reader.Bytes();
            ExtInfoInAuth |= _persona.HasPing && name is "ext-info-in-auth@openssh.com";
        }
    }

    private void SendOffer()
    {
        _ourOffer = _persona.Offer.Write(RandomNumberGenerator.GetBytes(KexInit.CookieLength));
        lock (_sending)
        {
            _exchanging = true;
            _holding = true;
            _ourOfferSent = true;
            Append(_ourOffer);
            StartWriter();
        }
    }

    private async Task TakeOfferAsync(byte[] payload)
    {
        if (_exchanging && _theirOffer.Length > 0)
        {
            // A second offer within one exchange is out of place.
            Unimplemented(_sequenceIn - 1);
            return;
        }

        KexInit offer = KexInit.TryRead(payload) ?? throw new SshEndException("incomplete KEXINIT");
        ClientOffer ??= offer;
        if (_initial)
        {
            _strict = _persona.HasStrictKex && offer.Kex.Contains("kex-strict-c-v00@openssh.com", StringComparer.Ordinal);
            _extInfoWanted = offer.Kex.Contains("ext-info-c", StringComparer.Ordinal);
            if (_strict && _sequenceIn != 1)
            {
                await DisconnectAsync("strict KEX violation: KEXINIT was not the first packet");
            }
        }

        if (!_ourOfferSent)
        {
            SendOffer();
        }

        _theirOffer = payload;
        _agreed = Negotiation.TryAgree(offer, _persona.Offer) ?? throw new SshEndException("nothing in common");
        _exchange = KeyExchange.ByName(_agreed.Kex);
        _skipGuess = _agreed.WrongGuess;
        _group = null;
    }

    private async Task TakeExchangeAsync(byte[] payload, uint sequence)
    {
        if (_skipGuess)
        {
            _skipGuess = false;
            return;
        }

        switch ((SshMessage)payload[0], _exchange, _group)
        {
            case (SshMessage.KexFirst, not null, null):
                Answer(payload, SshMessage.KexReply);
                break;
            case (SshMessage.GexRequest, null, null):
                ChooseGroup(payload);
                break;
            case (SshMessage.GexInit, not null, not null):
                Answer(payload, SshMessage.GexReply);
                break;
            default:
                if (_initial && _strict)
                {
                    await DisconnectAsync($"strict KEX violation: unexpected packet type {payload[0]} (seqnr {sequence})");
                }

                Unimplemented(sequence);
                break;
        }
    }

    private void ChooseGroup(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        uint min = reader.UInt32(), wanted = reader.UInt32(), max = reader.UInt32();
        uint least = Math.Max(min, SmallestGroup), most = Math.Min(max, LargestGroup);
        uint asked = Math.Max(Math.Min(wanted, LargestGroup), SmallestGroup);
        if (reader.Failed || most < least || asked < least || most < asked)
        {
            throw new SshEndException("group sizes out of range");
        }

        DhGroup group = DhGroup.Choose((int)least, (int)asked, (int)most);
        _group = (min, wanted, max, group);
        _exchange = new GroupExchange(group, HashAlgorithmName.SHA256);
        Send(new SshWriter(SshMessage.KexReply, 1100).MpInt(group.Prime.ToByteArrayUnsigned()).MpInt(group.Generator.ToByteArrayUnsigned()));
    }

    private void Answer(ReadOnlySpan<byte> payload, SshMessage reply)
    {
        SshReader reader = new(payload[1..]);
        ReadOnlySpan<byte> theirs = reader.Bytes();
        if (reader.Failed || reader.Remaining > 0 || !_exchange!.TryAnswer(theirs, out byte[] ours, out byte[] secret))
        {
            throw new SshEndException("bad public value");
        }

        byte[] hostKey = _hostKeys.Public(_agreed!.HostKey);
        byte[] encodedSecret = (_exchange.SecretIsString ? new SshWriter().Bytes(secret) : new SshWriter().MpInt(secret)).ToArray();
        SshWriter transcript = new SshWriter(4096).Bytes(_clientVersion).Text(_persona.Version).Bytes(_theirOffer).Bytes(_ourOffer).Bytes(hostKey);
        if (_group is { } group)
        {
            transcript.UInt32(group.Min).UInt32(group.Wanted).UInt32(group.Max)
                .MpInt(group.Group.Prime.ToByteArrayUnsigned()).MpInt(group.Group.Generator.ToByteArrayUnsigned());
        }

        _ = _exchange.ValuesAreNumbers ? transcript.MpInt(theirs).MpInt(ours) : transcript.Bytes(theirs).Bytes(ours);
        transcript.Raw(encodedSecret);
        byte[] hash = Hashed(_exchange.Hash, transcript.Written);
        if (SessionId.Length == 0)
        {
            SessionId = hash;
        }

        _next = new SealFactory(_exchange.Hash, encodedSecret, hash, SessionId);
        SshWriter answer = new SshWriter(reply, 2048).Bytes(hostKey);
        _ = _exchange.ValuesAreNumbers ? answer.MpInt(ours) : answer.Bytes(ours);
        answer.Bytes(_hostKeys.Sign(_agreed.HostKey, hash));
        lock (_sending)
        {
            Append(answer.Written);
            Append([(byte)SshMessage.NewKeys]);
            _sealOut.Dispose();
            _sealOut = _next.Create(_agreed.CipherOut, _agreed.MacOut, fromClient: false);
            _bytesOut = 0;
            if (_strict)
            {
                _sequenceOut = 0;
            }

            StartCompression(ref _deflate, _agreed.CompressionOut, deflates: true);
            if (_initial && _extInfoWanted)
            {
                Append(ExtInfo());
            }

            _holding = false;
            while (_held.TryDequeue(out byte[]? waiting))
            {
                Append(waiting);
            }

            StartWriter();
        }
    }

    private void TakeNewKeys()
    {
        _sealIn.Dispose();
        _sealIn = _next!.Create(_agreed!.CipherIn, _agreed.MacIn, fromClient: true);
        _bytesIn = 0;
        if (_strict)
        {
            _sequenceIn = 0;
        }

        StartCompression(ref _inflate, _agreed.CompressionIn, deflates: false);
        (_next, _exchange, _group, _theirOffer) = (null, null, null, []);
        _initial = false;
        _exchanging = false;
        _ourOfferSent = false;
        Exchanges++;
    }

    private ReadOnlySpan<byte> ExtInfo()
    {
        SshWriter writer = new SshWriter(SshMessage.ExtInfo, 512).UInt32((uint)_persona.Extensions.Count + 1).Text("server-sig-algs").Text(_persona.SignatureAlgorithms);
        foreach ((string name, string value) in _persona.Extensions)
        {
            writer.Text(name).Text(value);
        }

        return writer.Written;
    }

    // Each set of keys begins a stream of its own.
    private void StartCompression(ref Compression? compression, string name, bool deflates) =>
        compression = _authenticated && name is "zlib@openssh.com" ? new Compression(deflates) : null;

    private static byte[] Hashed(HashAlgorithmName name, ReadOnlySpan<byte> data) =>
        name == HashAlgorithmName.SHA512 ? SHA512.HashData(data) : name == HashAlgorithmName.SHA384 ? SHA384.HashData(data) : SHA256.HashData(data);
}
