using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Multistream;
using Blackwall.Mesh.Libp2p.Noise;
using Blackwall.Mesh.Libp2p.Transport;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Tests.Mesh.Hostile;

/// <summary>A peer that keeps to no rule but those its test wants it to: a socket, and each layer's pieces by hand.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly KeyPair _static = KeyPair.Generate();
    private NoiseChannel? _channel;

    private RawPeer(Socket socket)
    {
        Socket = socket;
        Pipe = new SocketPipe(socket);
    }

    public Socket Socket { get; }

    public SocketPipe Pipe { get; }

    public PrivateKey Key { get; } = PrivateKey.Generate(KeyType.Ed25519);

    public NoiseChannel Channel => _channel!;

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public static async Task<RawPeer> ConnectAsync(Multiaddr address)
    {
        IPEndPoint endpoint = address.Tcp!;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endpoint, Cancellation);
        return new RawPeer(socket);
    }

    public static RawPeer Of(Socket socket) => new(socket);

    /// <summary>A connection that is through Noise and ready for Yamux frames.</summary>
    public static async Task<RawPeer> UpgradedAsync(Multiaddr address)
    {
        RawPeer peer = await ConnectAsync(address);
        await peer.ShakeHandsAsync(initiator: true);
        return peer;
    }

    /// <summary>Sends; a side that has closed already makes it fail silently, as the test then looks at the end.</summary>
    public async Task SendAsync(params byte[] bytes)
    {
        try
        {
            await Pipe.WriteAsync(bytes, Cancellation);
        }
        catch (IOException)
        {
            // The end is what the test waits for.
        }
    }

    /// <summary>Agrees on Noise and shakes hands. <paramref name="payload"/> makes the payload of our key; null: an honest one.</summary>
    public async Task ShakeHandsAsync(bool initiator, Func<byte[], byte[]>? payload = null, string protocol = "/noise")
    {
        if (initiator)
        {
            await MultistreamSelect.ProposeAsync(Pipe, [protocol], Cancellation);
        }
        else
        {
            await MultistreamSelect.AnswerAsync(Pipe, proposal => string.Equals(proposal, protocol, StringComparison.Ordinal), Cancellation);
        }

        using var handshake = new NoiseHandshake(initiator, _static, KeyPair.Generate());
        byte[] proof = payload?.Invoke(_static.Public) ?? NoisePayload.Write(Key, _static.Public, ["/yamux/1.0.0"]);
        if (initiator)
        {
            await WriteAsync(handshake, []);
            await ReadAsync(handshake);
            await WriteAsync(handshake, proof);
        }
        else
        {
            await ReadAsync(handshake);
            await WriteAsync(handshake, proof);
            await ReadAsync(handshake);
        }

        (TransportCipher send, TransportCipher receive) = handshake.Split();
        _channel = new NoiseChannel(Pipe, send, receive);
    }

    /// <summary>Sends Yamux frames; data frames are followed by their body.</summary>
    public async Task SendFramesAsync(params YamuxHeader[] headers)
    {
        List<byte> bytes = [];
        byte[] header = new byte[YamuxHeader.Size];
        foreach (YamuxHeader frame in headers)
        {
            frame.Write(header);
            bytes.AddRange(header);
            if (frame.Type == YamuxType.Data)
            {
                bytes.AddRange(new byte[frame.Length]);
            }
        }

        await SendSealedAsync([.. bytes]);
    }

    /// <summary>Encrypts and sends.</summary>
    public async Task SendSealedAsync(byte[] bytes)
    {
        try
        {
            await Channel.WriteAsync(bytes, Cancellation);
        }
        catch (IOException)
        {
            // The end is what the test waits for.
        }
    }

    /// <summary>A data frame with a body.</summary>
    public Task SendDataAsync(uint stream, YamuxFlags flags, byte[] body)
    {
        byte[] whole = new byte[YamuxHeader.Size + body.Length];
        new YamuxHeader(YamuxType.Data, flags, stream, (uint)body.Length).Write(whole);
        body.CopyTo(whole, YamuxHeader.Size);
        return SendSealedAsync(whole);
    }

    /// <summary>The next Yamux frame that is not of the other side's own streams; null at the end.</summary>
    public async Task<(YamuxHeader Header, byte[] Body)?> ReadFrameAsync(Func<YamuxHeader, bool>? like = null)
    {
        while (true)
        {
            byte[] header = new byte[YamuxHeader.Size];
            try
            {
                await Channel.ReadExactlyAsync(header, Cancellation);
                YamuxHeader.Read(header, out YamuxHeader frame);
                byte[] body = frame.Type == YamuxType.Data ? new byte[frame.Length] : [];
                await Channel.ReadExactlyAsync(body, Cancellation);
                if (like is null || like(frame))
                {
                    return (frame, body);
                }
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>Reads whatever comes until the other side closes the connection. Throws when it does not within the time.</summary>
    public async Task ExpectEndAsync(int seconds = 20)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), TimeProvider.System);
            while (await Socket.ReceiveAsync(buffer, SocketFlags.None, late.Token) > 0)
            {
                // What it said last.
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
    }

    public ValueTask DisposeAsync()
    {
        Pipe.Dispose();
        Key.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WriteAsync(NoiseHandshake handshake, byte[] payload)
    {
        byte[] message = new byte[2 + payload.Length + 128];
        int length = handshake.Write(payload, message.AsSpan(2));
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)length);
        await Pipe.WriteAsync(message.AsMemory(0, 2 + length), Cancellation);
    }

    private async Task ReadAsync(NoiseHandshake handshake)
    {
        if (!await Pipe.FillAsync(2, Cancellation))
        {
            throw new EndOfStreamException("The other side ended.");
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(Pipe.Peek(2));
        await Pipe.FillAsync(2 + length, Cancellation);
        if (!handshake.TryRead(Pipe.Take(2 + length).Span[2..], new byte[length], out _))
        {
            throw new InvalidDataException("The handshake did not work out.");
        }
    }
}
