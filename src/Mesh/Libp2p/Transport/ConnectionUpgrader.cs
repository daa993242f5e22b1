using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Multistream;
using Blackwall.Mesh.Libp2p.Noise;
using Blackwall.Mesh.Libp2p.PrivateNetwork;
using Blackwall.Mesh.Libp2p.Wire;
using Blackwall.Mesh.Libp2p.Yamux;

namespace Blackwall.Mesh.Libp2p.Transport;

/// <summary>Makes of a TCP connection one that is encrypted (Noise), whose peer is proven, and that carries streams (Yamux).</summary>
internal sealed class ConnectionUpgrader
{
    private const string NoiseProtocol = "/noise";

    // The largest keys and signatures take 2.3 KiB; more is not read.
    private const int MaxHandshakeMessage = 4096;
    private const int Prefix = 2;
    private static readonly string[] Muxers = [YamuxConnection.Protocol];
    private readonly KeyPair _identity = KeyPair.Generate();
    private readonly byte[] _payload;
    private readonly YamuxOptions _options;
    private readonly MemoryBudget _budget;
    private readonly MeshCounters _counters;
    private readonly TimeProvider _time;
    private readonly SwarmKey? _swarm;

    /// <param name="key">Who we are.</param>
    /// <param name="options">What a connection may cost.</param>
    /// <param name="budget">What all connections may hold.</param>
    /// <param name="counters">Counts losses.</param>
    /// <param name="time">The clock.</param>
    /// <param name="swarm">Key of a private network; null: the network is open.</param>
    public ConnectionUpgrader(PrivateKey key, YamuxOptions options, MemoryBudget budget, MeshCounters counters, TimeProvider time, SwarmKey? swarm = null)
    {
        (_options, _budget, _counters, _time, _swarm) = (options, budget, counters, time, swarm);
        _payload = NoisePayload.Write(key, _identity.Public, Muxers);
    }

    /// <summary>Owns the socket: it is closed when this fails. Throws <see cref="IOException"/>, <see cref="OperationCanceledException"/>.</summary>
    public async Task<YamuxConnection> UpgradeAsync(Socket socket, bool outbound, PeerId? expected, CancellationToken cancellation)
    {
        var pipe = new SocketPipe(socket);
        NoiseChannel? channel = null;
        try
        {
            Multiaddr remote = Multiaddr.OfTcp((IPEndPoint)socket.RemoteEndPoint!);
            Multiaddr local = Multiaddr.OfTcp((IPEndPoint)socket.LocalEndPoint!);
            await AgreeAsync(pipe, outbound, cancellation);
            NoisePayload peer;
            (channel, peer) = await ShakeHandsAsync(pipe, outbound, expected, cancellation);
            if (peer.Muxers.Count == 0)
            {
                await AgreeAsync(channel, outbound, YamuxConnection.Protocol, cancellation);
            }

            return new YamuxConnection(channel, new ConnectionEnds(peer.Key, remote, local, outbound), _options, _budget, _counters, _time);
        }
        catch (Exception exception)
        {
            pipe.Dispose();
            pipe.Release();
            channel?.Dispose();
            if (exception is SocketException or ObjectDisposedException)
            {
                throw new IOException("The connection broke during the handshake.", exception);
            }

            throw;
        }
    }

    // Each side says with which nonce it sends. Whoever has another key reads noise, and agrees on nothing.
    private static async ValueTask ProtectAsync(SocketPipe pipe, SwarmKey swarm, CancellationToken cancellation)
    {
        byte[] own = RandomNumberGenerator.GetBytes(SwarmCipher.NonceLength);
        await pipe.WriteAsync(own, cancellation);
        if (!await pipe.FillAsync(SwarmCipher.NonceLength, cancellation))
        {
            throw new EndOfStreamException("The connection ended before the nonce of the private network.");
        }

        SwarmCipher receiving = new(swarm, pipe.Take(SwarmCipher.NonceLength).Span);
        pipe.Protect(new SwarmCipher(swarm, own), receiving);
    }

    // Up to here nothing is encrypted but by the key of the private network: without the same key nothing is understood.
    private async ValueTask AgreeAsync(SocketPipe pipe, bool outbound, CancellationToken cancellation)
    {
        try
        {
            if (_swarm is { } swarm)
            {
                await ProtectAsync(pipe, swarm, cancellation);
            }

            await AgreeAsync(pipe, outbound, NoiseProtocol, cancellation);
        }
        catch (Exception exception) when (outbound && exception is InvalidDataException or IOException)
        {
            string what = _swarm is null ? "The other side answers as no peer of an open network does" : "The other side answers as no peer with our swarm key does";
            throw new MeshException($"{what}: {exception.Message}", exception) { Fault = DialFault.NotUnderstood };
        }
    }

    private static async ValueTask AgreeAsync(IDuplex stream, bool outbound, string protocol, CancellationToken cancellation)
    {
        if (outbound)
        {
            await MultistreamSelect.ProposeAsync(stream, [protocol], cancellation);
        }
        else if (await MultistreamSelect.AnswerAsync(stream, proposal => string.Equals(proposal, protocol, StringComparison.Ordinal), cancellation) is null)
        {
            throw new MeshException($"The other side ended without agreeing on {protocol}.");
        }
    }

    private async Task<(NoiseChannel Channel, NoisePayload Peer)> ShakeHandsAsync(SocketPipe pipe, bool outbound, PeerId? expected, CancellationToken cancellation)
    {
        using var handshake = new NoiseHandshake(outbound, _identity, KeyPair.Generate());
        byte[]? proof = null;
        if (outbound)
        {
            await WriteAsync(pipe, handshake, [], cancellation);
            proof = await ReadAsync(pipe, handshake, cancellation);
        }
        else
        {
            if ((await ReadAsync(pipe, handshake, cancellation)).Length > 0)
            {
                throw new InvalidDataException("The first Noise message carries a payload.");
            }

            await WriteAsync(pipe, handshake, _payload, cancellation);
            proof = await ReadAsync(pipe, handshake, cancellation);
        }

        NoisePayload peer = NoisePayload.TryRead(proof, handshake.RemoteStatic, out string? error) ?? throw new InvalidDataException($"The other side proves nothing: {error}.");
        if (expected is not null && PeerId.From(peer.Key) is var proven && proven != expected)
        {
            throw new MeshException($"The peer is {proven}, not {expected}.") { Fault = DialFault.WrongPeer };
        }

        // The first of the initiator's list that both know; here that is ours or none.
        if (peer.Muxers.Count > 0 && !peer.Muxers.Contains(YamuxConnection.Protocol, StringComparer.Ordinal))
        {
            throw new MeshException($"No muxer in common: the other side knows {string.Join(", ", peer.Muxers)}.");
        }

        if (outbound)
        {
            await WriteAsync(pipe, handshake, _payload, cancellation);
        }

        (TransportCipher send, TransportCipher receive) = handshake.Split();
        return (new NoiseChannel(pipe, send, receive), peer);
    }

    private static async ValueTask WriteAsync(SocketPipe pipe, NoiseHandshake handshake, byte[] payload, CancellationToken cancellation)
    {
        byte[] message = ArrayPool<byte>.Shared.Rent(Prefix + payload.Length + 128);
        try
        {
            int length = handshake.Write(payload, message.AsSpan(Prefix));
            if (length < 0)
            {
                throw new InvalidDataException("The other side's key is a point of low order.");
            }

            BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)length);
            await pipe.WriteAsync(message.AsMemory(0, Prefix + length), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    private static async ValueTask<byte[]> ReadAsync(SocketPipe pipe, NoiseHandshake handshake, CancellationToken cancellation)
    {
        if (!await pipe.FillAsync(Prefix, cancellation))
        {
            throw new EndOfStreamException("The connection ended during the handshake.");
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(pipe.Peek(Prefix));
        if (length > MaxHandshakeMessage || length < handshake.Overhead)
        {
            throw new InvalidDataException($"A handshake message of {length} bytes.");
        }

        await pipe.FillAsync(Prefix + length, cancellation);
        byte[] payload = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return handshake.TryRead(pipe.Take(Prefix + length).Span[Prefix..], payload, out int written)
                ? payload.AsSpan(0, written).ToArray()
                : throw new InvalidDataException("A handshake message is not authentic.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(payload);
        }
    }
}
