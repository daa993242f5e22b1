using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Ssh;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.Ssh.Wire;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>
/// An SSH client that costs little, so that one process can be thousands: curve25519-sha256, ssh-ed25519 and chacha20-poly1305 or aes128-gcm, as common
/// clients choose. It trusts any host key.
/// </summary>
internal sealed class LightSshClient : IDisposable
{
    private const string Version = "SSH-2.0-libssh_0.10.6";

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly KexInit _offer;
    private byte[] _buffer = new byte[2048];
    private int _start;
    private int _end;
    private PacketSeal _sealOut = new PlainSeal();
    private PacketSeal _sealIn = new PlainSeal();
    private Compression? _deflate;
    private Compression? _inflate;
    private uint _sequenceOut;
    private uint _sequenceIn;
    private uint _channel;

    private LightSshClient(string cipher, string compression) => _offer = new KexInit(
        [["curve25519-sha256"], ["ssh-ed25519"], [cipher], [cipher], ["hmac-sha2-256"], ["hmac-sha2-256"], [compression], [compression], [], []], FirstKexFollows: false);

    /// <summary>Connects and logs in as root.</summary>
    public static async Task<LightSshClient> LogInAsync(IPEndPoint server, string compression = "none", string cipher = "chacha20-poly1305@openssh.com")
    {
        LightSshClient client = new(cipher, compression);
        try
        {
            await client._socket.ConnectAsync(server);
            await client.ExchangeKeysAsync();
            await client.AuthenticateAsync(compression);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Opens a shell at a terminal and reads until its prompt.</summary>
    public async Task OpenShellAsync()
    {
        await OpenSessionAsync();
        await SendAsync(Request("pty-req", wantsReply: true).Text("xterm-256color").UInt32(80).UInt32(24).UInt32(0).UInt32(0).Bytes([0]));
        await ExpectAsync(SshMessage.ChannelSuccess);
        await SendAsync(Request("shell", wantsReply: true));
        await ExpectAsync(SshMessage.ChannelSuccess);
        await ReadUntilAsync("# ");
    }

    /// <summary>Types a line into the shell and reads until the next prompt.</summary>
    public async Task<string> TypeAsync(string line)
    {
        await SendAsync(new SshWriter(SshMessage.ChannelData).UInt32(0).Text(line + "\r"));
        return await ReadUntilAsync("# ");
    }

    /// <summary>Runs one command on a channel of its own; its output.</summary>
    public async Task<string> ExecuteAsync(string command)
    {
        await OpenSessionAsync();
        await SendAsync(Request("exec", wantsReply: true).Text(command));
        StringBuilder output = new();
        while (true)
        {
            byte[] message = await ReadAsync();
            switch ((SshMessage)message[0])
            {
                case SshMessage.ChannelData:
                    output.Append(Text(message));
                    break;
                case SshMessage.ChannelClose:
                    await SendAsync(new SshWriter(SshMessage.ChannelClose).UInt32(_channel));
                    return output.ToString();
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sealIn.Dispose();
        _sealOut.Dispose();
    }

    private async Task ExchangeKeysAsync()
    {
        await _socket.SendAsync(Encoding.ASCII.GetBytes(Version + "\r\n"));
        string server = await ReadLineAsync();
        byte[] offer = _offer.Write(RandomNumberGenerator.GetBytes(KexInit.CookieLength));
        await SendAsync(offer);
        byte[] theirs = await ReadAsync();
        X25519PrivateKeyParameters key = new(new SecureRandom());
        byte[] value = key.GeneratePublicKey().GetEncoded();
        await SendAsync(new SshWriter(SshMessage.KexFirst).Bytes(value));
        SealFactory keys = Derive(await ExpectAsync(SshMessage.KexReply), key, value, offer, theirs, server);
        await SendAsync(new byte[] { (byte)SshMessage.NewKeys });
        string cipher = _offer.CiphersOut[0];
        _sealOut = keys.Create(cipher, mac: null, fromClient: true);
        await ExpectAsync(SshMessage.NewKeys);
        _sealIn = keys.Create(cipher, mac: null, fromClient: false);
    }

    private static SealFactory Derive(byte[] reply, X25519PrivateKeyParameters key, byte[] value, byte[] offer, byte[] theirs, string server)
    {
        SshReader reader = new(reply.AsSpan(1));
        ReadOnlySpan<byte> hostKey = reader.Bytes(), theirValue = reader.Bytes();
        X25519Agreement agreement = new();
        agreement.Init(key);
        byte[] secret = new byte[agreement.AgreementSize];
        agreement.CalculateAgreement(new X25519PublicKeyParameters(theirValue.ToArray()), secret);
        byte[] encoded = new SshWriter().MpInt(secret).ToArray();
        byte[] hash = SHA256.HashData(new SshWriter(4096).Text(Version).Text(server).Bytes(offer).Bytes(theirs).Bytes(hostKey).Bytes(value).Bytes(theirValue).Raw(encoded).Written);
        return new SealFactory(HashAlgorithmName.SHA256, encoded, hash, hash);
    }

    private async Task AuthenticateAsync(string compression)
    {
        await SendAsync(new SshWriter(SshMessage.ServiceRequest).Text("ssh-userauth"));
        await ExpectAsync(SshMessage.ServiceAccept);
        await SendAsync(new SshWriter(SshMessage.UserAuthRequest).Text("root").Text("ssh-connection").Text("password").Boolean(false).Text("toor"));
        await ExpectAsync(SshMessage.UserAuthSuccess);
        (_deflate, _inflate) = (Compression.Create(compression, deflates: true), Compression.Create(compression, deflates: false));
    }

    private async Task OpenSessionAsync()
    {
        await SendAsync(new SshWriter(SshMessage.ChannelOpen).Text("session").UInt32(0).UInt32(1 << 21).UInt32(1 << 15));
        byte[] message = await ExpectAsync(SshMessage.ChannelOpenConfirmation);
        _channel = BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(5));
    }

    private SshWriter Request(string name, bool wantsReply) => new SshWriter(SshMessage.ChannelRequest).UInt32(_channel).Text(name).Boolean(wantsReply);

    private async Task<string> ReadUntilAsync(string end)
    {
        StringBuilder output = new();
        while (true)
        {
            output.Append(Text(await ExpectAsync(SshMessage.ChannelData)));
            if (output.Length >= end.Length && output.ToString(output.Length - end.Length, end.Length).Equals(end, StringComparison.Ordinal))
            {
                return output.ToString();
            }
        }
    }

    private static string Text(byte[] message)
    {
        SshReader reader = new(message.AsSpan(5));
        return reader.Text();
    }

    private async Task<byte[]> ExpectAsync(SshMessage expected)
    {
        while (true)
        {
            byte[] message = await ReadAsync();
            if (message[0] == (byte)expected)
            {
                return message;
            }

            if ((SshMessage)message[0] is SshMessage.Disconnect or SshMessage.UserAuthFailure or SshMessage.ChannelFailure or SshMessage.ChannelOpenFailure)
            {
                throw new InvalidOperationException($"the server answered {(SshMessage)message[0]} where {expected} was expected");
            }
        }
    }

    private async Task<string> ReadLineAsync()
    {
        while (true)
        {
            int end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (end >= 0)
            {
                string line = Encoding.ASCII.GetString(_buffer, _start, end).TrimEnd('\r');
                _start += end + 1;
                return line;
            }

            await FillAsync(_end - _start + 1);
        }
    }

    private Task SendAsync(SshWriter writer) => SendAsync(writer.ToArray());

    private async Task SendAsync(byte[] payload)
    {
        payload = _deflate?.Run(payload) ?? payload;
        int block = _sealOut.BlockLength, counted = (_sealOut.LengthAside ? 0 : sizeof(uint)) + 1 + payload.Length;
        int padding = block - (counted % block);
        padding += padding < 4 ? block : 0;
        byte[] packet = new byte[sizeof(uint) + 1 + payload.Length + padding + _sealOut.TagLength];
        BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)(1 + payload.Length + padding));
        packet[sizeof(uint)] = (byte)padding;
        payload.CopyTo(packet, sizeof(uint) + 1);
        _sealOut.Seal(_sequenceOut++, packet);
        await _socket.SendAsync(packet);
    }

    private async Task<byte[]> ReadAsync()
    {
        await FillAsync(_sealIn.HeadLength);
        int length = (int)_sealIn.ReadLength(_sequenceIn, _buffer.AsSpan(_start, _sealIn.HeadLength));
        int total = sizeof(uint) + length + _sealIn.TagLength;
        await FillAsync(total);
        if (!_sealIn.Open(_sequenceIn++, _buffer.AsSpan(_start, total)))
        {
            throw new InvalidOperationException("a packet of the server is not authentic");
        }

        byte[] payload = _buffer.AsSpan(_start + sizeof(uint) + 1, length - 1 - _buffer[_start + sizeof(uint)]).ToArray();
        _start += total;
        return _inflate?.Run(payload) ?? payload;
    }

    private async Task FillAsync(int wanted)
    {
        while (_end - _start < wanted)
        {
            if (_buffer.Length - _start < wanted)
            {
                byte[] larger = wanted > _buffer.Length ? new byte[Math.Max(wanted, _buffer.Length * 2)] : _buffer;
                Buffer.BlockCopy(_buffer, _start, larger, 0, _end - _start);
                (_buffer, _start, _end) = (larger, 0, _end - _start);
            }

            int got = await _socket.ReceiveAsync(_buffer.AsMemory(_end));
            if (got == 0)
            {
                throw new InvalidOperationException("the server closed the connection");
            }

            _end += got;
        }
    }
}
