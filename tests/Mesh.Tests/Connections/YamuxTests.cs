using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Wire;
using Blackwall.Mesh.Peer;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Blackwall.Tests.Mesh.Connections;

public sealed class YamuxTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void However_the_bytes_are_cut_the_frames_are_the_same()
    {
        byte[] bytes = [.. Frames(new Random(7), 40)];
        List<string> whole = Read([bytes]);
        Assert.True(whole.Count > 40);
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            List<byte[]> parts = [];
            for (int at = 0; at < bytes.Length;)
            {
                int length = Math.Min(bytes.Length - at, random.Next(1, random.Next(2, 64)));
                parts.Add(bytes[at..(at + length)]);
                at += length;
            }

            return Read(parts).SequenceEqual(whole, StringComparer.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Many_streams_of_random_sizes_and_pauses_come_back_whole(int seed)
    {
        using var oneKey = PrivateKey.Generate(KeyType.Ed25519);
        using var otherKey = PrivateKey.Generate(KeyType.Ed25519);
        await using var one = new MeshHost(oneKey);
        await using var other = new MeshHost(otherKey);
        other.Handle(EchoProtocol.Name, EchoProtocol.AnswerAsync, new StreamLimits(PerPeer: 100));
        Assert.True(Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? local));
        await one.DialAsync(await other.ListenAsync(local, Cancellation), other.Id, Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(number => ExchangeAsync(one, other.Id, new Random((seed * 1000) + number))));
        Assert.Equal(0, one.Counters[MeshLoss.ProtocolBreach] + other.Counters[MeshLoss.ProtocolBreach] + other.Counters[MeshLoss.StreamFailed]);
    }

    [Fact]
    public async Task A_stream_that_is_reset_ends_for_both_and_the_others_go_on()
    {
        using var oneKey = PrivateKey.Generate(KeyType.Ed25519);
        using var otherKey = PrivateKey.Generate(KeyType.Ed25519);
        await using var one = new MeshHost(oneKey);
        await using var other = new MeshHost(otherKey);
        var ended = new TaskCompletionSource<Exception>();
        other.Handle("/reset", async (stream, cancellation) =>
        {
            try
            {
                await stream.ReadExactlyAsync(new byte[100], cancellation);
            }
            catch (IOException exception)
            {
                ended.SetResult(exception);
            }
        });
        other.Handle(EchoProtocol.Name, EchoProtocol.AnswerAsync);
        Assert.True(Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? local));
        await one.DialAsync(await other.ListenAsync(local, Cancellation), other.Id, Cancellation);
        IMeshStream stream = await one.OpenAsync(other.Id, ["/unknown", "/reset"], Cancellation);
        Assert.Equal("/reset", stream.Protocol);
        stream.Reset();
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.WriteAsync(new byte[1], Cancellation));
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadAsync(new byte[1], Cancellation));
        Assert.Contains("reset", (await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).Message, StringComparison.Ordinal);
        await ExchangeAsync(one, other.Id, new Random(1));
    }

    private static async Task ExchangeAsync(MeshHost host, PeerId peer, Random random)
    {
        await using IMeshStream stream = await host.OpenAsync(peer, [EchoProtocol.Name], Cancellation);
        byte[] sent = new byte[random.Next(0, 400_000)];
        random.NextBytes(sent);
        int[] cuts = [.. Enumerable.Range(0, 20).Select(_ => random.Next(0, sent.Length + 1)).Append(sent.Length).Order()];
        Task writing = WriteAsync();
        byte[] got = new byte[sent.Length];
        await stream.ReadExactlyAsync(got, Cancellation);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancellation));
        await writing;
        Assert.True(sent.AsSpan().SequenceEqual(got));

        async Task WriteAsync()
        {
            int at = 0;
            foreach (int cut in cuts)
            {
                await stream.WriteAsync(sent.AsMemory(at, cut - at), Cancellation);
                at = cut;
                await Task.Yield();
            }

            await stream.CloseWriteAsync(Cancellation);
        }
    }

    private static IEnumerable<byte> Frames(Random random, int count)
    {
        byte[] header = new byte[YamuxHeader.Size];
        for (int at = 0; at < count; at++)
        {
            bool data = random.Next(2) == 0;
            uint length = (uint)random.Next(0, 200);
            new YamuxHeader(data ? YamuxType.Data : YamuxType.WindowUpdate, (YamuxFlags)random.Next(16), (uint)random.Next(1, 9), length).Write(header);
            foreach (byte part in header.Concat(data ? Enumerable.Range(0, (int)length).Select(i => (byte)i) : []))
            {
                yield return part;
            }
        }
    }

    // Bodies are joined, for where they are cut is what differs.
    private static List<string> Read(IEnumerable<byte[]> parts)
    {
        var reader = new YamuxReader();
        List<string> found = [];
        foreach (byte[] part in parts)
        {
            ReadOnlySpan<byte> left = part;
            while (reader.Next(ref left, out ReadOnlySpan<byte> body) is not YamuxPiece.None and var piece)
            {
                if (piece is YamuxPiece.Body && found[^1].StartsWith('b'))
                {
                    found[^1] += Convert.ToHexString(body);
                }
                else
                {
                    found.Add(piece is YamuxPiece.Body ? "b" + Convert.ToHexString(body) : $"{piece} {reader.Header} {reader.Error}");
                }
            }
        }

        return found;
    }
}
