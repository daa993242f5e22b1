using System.Threading.Channels;
using Blackwall.Bridges.Tarpit;
using Blackwall.Tarpit.HostChannel.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>What visitors of the tarpit left, as the host keeps it: bounded, private, and none of it believed.</summary>
public sealed class VisitorArchiveTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"blackwall-visitors-{Guid.NewGuid():N}");
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static byte[] Key(byte number) => [.. Enumerable.Repeat(number, VisitorArchive.KeyLength)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task SaveAsync(params (byte Key, byte[] Value)[] values)
    {
        await using VisitorArchive archive = new(_folder, 1 << 30, _time);
        foreach ((byte key, byte[] value) in values)
        {
            archive.Save(Key(key), value);
        }
    }

    [Fact]
    public async Task A_value_is_there_after_a_restart_for_the_owner_alone()
    {
        await SaveAsync((1, [1, 2, 3]), (1, [4, 5]));
        await using VisitorArchive archive = new(_folder, 1 << 30, _time);
        Assert.Equal([4, 5], await archive.LoadAsync(Key(1), Token));
        Assert.Null(await archive.LoadAsync(Key(2), Token));
        Assert.Equal(Key(1), Assert.Single(archive.Keys));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Directory.GetFiles(_folder)[0]));
        Assert.Equal(4096, archive.Bytes);
    }

    [Fact]
    public async Task What_was_not_used_for_thirty_days_goes()
    {
        await SaveAsync((1, [1]), (2, [2]));
        File.SetLastWriteTimeUtc(Path.Combine(_folder, Convert.ToHexStringLower(Key(1))), _time.GetUtcNow().UtcDateTime.AddDays(-31));
        await using VisitorArchive archive = new(_folder, 1 << 30, _time);
        Assert.Null(await archive.LoadAsync(Key(1), Token));
        Assert.Equal([2], await archive.LoadAsync(Key(2), Token));
    }

    [Fact]
    public async Task The_oldest_go_when_all_are_too_large_and_a_value_too_large_is_none()
    {
        for (byte n = 1; n <= 10; n++)
        {
            await SaveAsync((n, new byte[1000]));
            File.SetLastWriteTimeUtc(Path.Combine(_folder, Convert.ToHexStringLower(Key(n))), _time.GetUtcNow().UtcDateTime.AddMinutes(n - 100));
        }

        await using (VisitorArchive archive = new(_folder, 5 * 4096, _time))
        {
            Assert.InRange(archive.Bytes, 3 * 4096, 5 * 4096 / 10 * 9);
            Assert.Null(await archive.LoadAsync(Key(1), Token));
            Assert.NotNull(await archive.LoadAsync(Key(10), Token));
            archive.Save(Key(20), new byte[VisitorArchive.LargestValue + 1]);
            Assert.Equal(1, archive.Lost);
        }

        Assert.False(File.Exists(Path.Combine(_folder, Convert.ToHexStringLower(Key(20)))));
    }

    [Fact]
    public async Task What_comes_faster_than_it_is_written_is_lost_and_counted()
    {
        const int many = 200;
        VisitorArchive archive = new(_folder, 1 << 30, _time);
        byte[] value = new byte[1 << 20];
        for (byte n = 0; n < many; n++)
        {
            archive.Save(Key(n), value);
        }

        await archive.DisposeAsync();
        Assert.Equal(many, archive.Keys.Count() + archive.Lost);
    }

    [Fact]
    public async Task Values_that_are_announced_and_never_come_take_no_room()
    {
        await using VisitorArchive archive = new(_folder, 1 << 30, _time);
        using VisitorChannel channel = new(archive, (_, _) => Task.CompletedTask);
        byte[] first = new FilePart(Key(1), VisitorArchive.LargestValue, 0, [1, 2, 3]).ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 1000; n++)
        {
            Assert.True(channel.TryAdd(first));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public async Task The_channel_brings_values_back_whole_and_takes_no_malformed_ones()
    {
        await using VisitorArchive archive = new(_folder, 1 << 30, _time);
        Channel<byte[]> sent = Channel.CreateUnbounded<byte[]>();
        using VisitorChannel channel = new(archive, async (message, token) => await sent.Writer.WriteAsync(message, token));
        byte[] value = new byte[100_000];
        new Random(1).NextBytes(value);
        int offset = 0;
        while (offset < value.Length)
        {
            int length = Math.Min(FilePart.LargestPart, value.Length - offset);
            Assert.True(channel.TryAdd(new FilePart(Key(7), value.Length, offset, value.AsSpan(offset, length)).ToArray()));
            offset += length;
        }

        Assert.False(channel.TryAdd(new FilePart(Key(8), 10, 5, new byte[5]).ToArray()));
        Assert.False(channel.TryAdd(new FilePart(Key(8), VisitorArchive.LargestValue + 1L, 0, new byte[5]).ToArray()));
        Assert.False(channel.TryAdd([1, 2, 3]));
        Assert.False(channel.TryAnswer([1, 2, 3], Token));
        while (!archive.Keys.Any())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        }

        Assert.True(channel.TryAnswer(Key(7), Token));
        byte[] back = new byte[value.Length];
        for (int got = 0; got < value.Length;)
        {
            byte[] message = await sent.Reader.ReadAsync(Token);
            got += Take(message, back);
        }

        Assert.Equal(value, back);
        Assert.True(channel.TryAnswer(Key(9), Token));
        Assert.Equal(0, Take(await sent.Reader.ReadAsync(Token), back));
    }

    private static int Take(byte[] message, byte[] into)
    {
        Assert.True(Frame.TryRead(message, out Frame frame));
        Assert.Equal(FrameKind.VisitorAnswer, frame.Kind);
        Assert.True(FilePart.TryRead(frame.Payload, out FilePart part));
        part.Bytes.CopyTo(into.AsSpan((int)part.Offset));
        return part.Bytes.Length;
    }
}
