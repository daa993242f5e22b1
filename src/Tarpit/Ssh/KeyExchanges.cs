using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>The key exchanges of one connection, the first and those that change keys later (RFC 4253 §7 to §9). Called by the reader alone.</summary>
/// <param name="onClientOffer">The client's first KEXINIT.</param>
internal sealed class KeyExchanges(SshPersona persona, HostKeys hostKeys, PacketReader reader, PacketWriter writer, Action<KexInit> onClientOffer)
{
    private byte[] _clientVersion = [];
    private byte[] _serverOffer = [];
    private byte[] _clientOffer = [];
    private KeyExchange? _exchange;
    private GroupChoice? _group;
    private SealFactory? _nextKeys;
    private bool _offerSent;
    private bool _skipsGuess;
    private bool _sendsExtInfo;

    /// <summary>Hash of the first exchange; empty before it.</summary>
    public byte[] SessionId { get; private set; } = [];

    /// <summary>What both sides agreed on last.</summary>
    public Negotiation? Agreed { get; private set; }

    /// <summary>Exchanges that were completed.</summary>
    public int Completed { get; private set; }

    /// <summary>An exchange is under way: we offered or the client did.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The client's offer of this exchange came.</summary>
    public bool HasClientOffer => _clientOffer.Length > 0;

    /// <summary>The first exchange is not completed.</summary>
    public bool IsFirst => Completed == 0;

    /// <summary>The first exchange is strict (kex-strict-s-v00@openssh.com): nothing else may come.</summary>
    public bool IsStrictlyFirst => IsFirst && _isStrict;

    /// <summary>Our answer is sent: the client's NEWKEYS may come.</summary>
    public bool AwaitsNewKeys => _nextKeys is not null;

    private bool _isStrict;

    /// <summary>The client's identification is known: our offer is sent.</summary>
    public void Begin(string clientVersion)
    {
        _clientVersion = Encoding.Latin1.GetBytes(clientVersion);
        SendOffer();
    }

    /// <summary>Begins a change of keys, unless one is under way.</summary>
    public void Rekey()
    {
        if (!IsRunning && SessionId.Length > 0)
        {
            SendOffer();
        }
    }

    public async Task HandleOfferAsync(byte[] payload)
    {
        if (IsRunning && HasClientOffer)
        {
            // A second offer within one exchange.
            writer.SendUnimplemented(reader.Sequence - 1);
            return;
        }

        KexInit offer = KexInit.TryRead(payload) ?? throw new SshEndException("incomplete KEXINIT");
        if (IsFirst)
        {
            onClientOffer(offer);
            _isStrict = persona.HasStrictKex && offer.Kex.Contains("kex-strict-c-v00@openssh.com", StringComparer.Ordinal);
            _sendsExtInfo = offer.Kex.Contains("ext-info-c", StringComparer.Ordinal);
            if (_isStrict && reader.Sequence != 1)
            {
                await writer.DisconnectAsync("strict KEX violation: KEXINIT was not the first packet");
            }
        }

        if (!_offerSent)
        {
            SendOffer();
        }

        _clientOffer = payload;
        Agreed = Negotiation.TryAgree(offer, persona.Offer) ?? throw new SshEndException("nothing in common");
        _exchange = KeyExchange.ByName(Agreed.Kex);
        _skipsGuess = Agreed.WrongGuess;
        _group = null;
    }

    /// <summary>A message of the exchange's own method.</summary>
    public async Task HandleMessageAsync(byte[] payload, uint sequence)
    {
        if (_skipsGuess)
        {
            _skipsGuess = false;
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
                if (IsStrictlyFirst)
                {
                    await writer.DisconnectAsync($"strict KEX violation: unexpected packet type {payload[0]} (seqnr {sequence})");
                }

                writer.SendUnimplemented(sequence);
                break;
        }
    }

    /// <summary>The client uses the new keys from its next packet on.</summary>
    public void HandleNewKeys()
    {
        reader.ChangeKeys(_nextKeys!.Create(Agreed!.CipherIn, Agreed.MacIn, fromClient: true), _isStrict, Agreed.CompressionIn);
        (_nextKeys, _exchange, _group, _clientOffer, _serverOffer) = (null, null, null, [], []);
        IsRunning = false;
        _offerSent = false;
        Completed++;
    }

    private void SendOffer()
    {
        _serverOffer = persona.Offer.Write(RandomNumberGenerator.GetBytes(KexInit.CookieLength));
        IsRunning = true;
        _offerSent = true;
        writer.BeginExchange(_serverOffer);
    }

    private void ChooseGroup(ReadOnlySpan<byte> payload)
    {
        SshReader request = new(payload[1..]);
        uint min = request.UInt32(), wanted = request.UInt32(), max = request.UInt32();
        if (request.Failed || GroupChoice.TryChoose(min, wanted, max) is not { } choice)
        {
            throw new SshEndException("group sizes out of range");
        }

        _group = choice;
        _exchange = new GroupExchange(choice.Group, HashAlgorithmName.SHA256);
        writer.Send(new SshWriter(SshMessage.KexReply, 1100).MpInt(choice.Group.Prime.ToByteArrayUnsigned()).MpInt(choice.Group.Generator.ToByteArrayUnsigned()));
    }

    private void Answer(ReadOnlySpan<byte> payload, SshMessage reply)
    {
        SshReader request = new(payload[1..]);
        ReadOnlySpan<byte> clientValue = request.Bytes();
        if (request.Failed || request.Remaining > 0 || !_exchange!.TryAnswer(clientValue, out byte[] serverValue, out byte[] secret))
        {
            throw new SshEndException("bad public value");
        }

        byte[] hostKey = hostKeys.Public(Agreed!.HostKey);
        byte[] encodedSecret = (_exchange.SecretIsString ? new SshWriter().Bytes(secret) : new SshWriter().MpInt(secret)).ToArray();
        byte[] hash = new ExchangeHash
        {
            ClientVersion = _clientVersion,
            ServerVersion = persona.Version,
            ClientOffer = _clientOffer,
            ServerOffer = _serverOffer,
            HostKey = hostKey,
            Group = _group,
            ClientValue = clientValue,
            ServerValue = serverValue,
            Secret = encodedSecret,
        }.Compute(_exchange);
        if (SessionId.Length == 0)
        {
            SessionId = hash;
        }

        _nextKeys = new SealFactory(_exchange.Hash, encodedSecret, hash, SessionId);
        SshWriter answer = new SshWriter(reply, 2048).Bytes(hostKey);
        _ = _exchange.ValuesAreNumbers ? answer.MpInt(serverValue) : answer.Bytes(serverValue);
        answer.Bytes(hostKeys.Sign(Agreed.HostKey, hash));
        PacketSeal seal = _nextKeys.Create(Agreed.CipherOut, Agreed.MacOut, fromClient: false);
        writer.CompleteExchange(answer.Written, seal, _isStrict, Agreed.CompressionOut, IsFirst && _sendsExtInfo ? persona.ExtInfo() : []);
    }
}
