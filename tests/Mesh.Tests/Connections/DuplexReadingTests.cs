using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Wire;
using Xunit;

namespace Blackwall.Tests.Mesh.Connections;

public sealed class DuplexReadingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 7)]
    [InlineData(100_000, 999)]
    public async Task A_message_comes_whole_in_whatever_pieces_it_comes(int length, int piece)
    {
        byte[] message = [.. Enumerable.Range(0, length).Select(n => (byte)n)];
        byte[] prefix = new byte[Varint.MaxLength];
        int prefixLength = Varint.Write(prefix, (ulong)length);
        var stream = new Pieces([.. prefix[..prefixLength], .. message, 0xff], piece);
        Assert.Equal(message, await stream.ReadMessageAsync(100_000, Cancellation));
        byte[] next = new byte[1];
        Assert.Equal(1, await stream.ReadAsync(next, Cancellation));
        Assert.Equal(0xff, next[0]);
    }

    [Fact]
    public async Task A_length_that_is_promised_is_not_allocated_before_its_bytes_come()
    {
        const int Announced = 64 * 1024 * 1024;
        byte[] prefix = new byte[Varint.MaxLength];
        int prefixLength = Varint.Write(prefix, Announced);
        long before = GC.GetAllocatedBytesForCurrentThread();
        await Assert.ThrowsAsync<EndOfStreamException>(async () => await new Pieces([.. prefix[..prefixLength], 1, 2, 3], 10).ReadMessageAsync(Announced, Cancellation));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
    }

    private sealed class Pieces(byte[] bytes, int piece) : IDuplex
    {
        private int _at;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            int count = Math.Min(Math.Min(buffer.Length, piece), bytes.Length - _at);
            bytes.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> written, CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
