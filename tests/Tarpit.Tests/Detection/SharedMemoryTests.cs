using System.Net.Sockets;
using System.Text;
using Blackwall.Tarpit.Detection;
using Xunit;

namespace Blackwall.Tarpit.Tests.Detection;

/// <summary>What peers are in the middle of sending has one budget, and each server refuses in its own words what finds no room.</summary>
public sealed class SharedMemoryTests
{
    private const int Room = 64 * 1024;

    private static readonly string s_long = string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 100));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_connection_has_its_part_of_all_and_gives_it_back_at_its_end()
    {
        SharedMemory shared = new(100, 60);
        PeerMemory first = new(shared), second = new(shared);
        Assert.True(first.TryTake(60));
        Assert.False(first.TryTake(1));
        Assert.True(second.TryTake(40));
        Assert.False(second.TryTake(1));
        Assert.Equal(100, shared.Used);
        first.End();
        Assert.Equal(40, shared.Used);
        Assert.False(first.TryTake(1));
        Assert.True(second.TryTake(20));
        second.Return(1000);
        Assert.Equal(0, shared.Used);
    }

    [Fact]
    public async Task A_mail_that_finds_no_room_is_refused_and_a_smaller_one_is_taken()
    {
        await using RunningTarpit tarpit = Start(25);
        using Socket peer = await ConnectAsync(tarpit, $"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<office@{tarpit.Runtime.Website.Domain}>\r\nDATA\r\n{s_long}.\r\n");
        await ReadUntilAsync(peer, "452 4.3.1 Insufficient system storage\r\n");
        await SendAsync(peer, $"MAIL FROM:<a@b.example>\r\nRCPT TO:<office@{tarpit.Runtime.Website.Domain}>\r\nDATA\r\n{s_long[..5000]}.\r\n.\r\n");
        await ReadUntilAsync(peer, "250 2.0.0 Ok: queued as ");
        Assert.Equal(0, tarpit.Runtime.Memory.Used);
    }

    [Fact]
    public async Task A_value_that_finds_no_room_is_refused_and_a_smaller_one_is_taken()
    {
        await using RunningTarpit tarpit = Start(6379);
        using Socket small = await ConnectAsync(tarpit, $"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5000\r\n{s_long[..5000]}\r\n");
        await ReadUntilAsync(small, "+OK\r\n");
        using Socket large = await ConnectAsync(tarpit, $"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n{s_long}\r\n");
        await ReadUntilAsync(large, "-OOM command not allowed");
    }

    [Fact]
    public async Task A_body_that_finds_no_room_is_refused_and_a_smaller_one_is_taken()
    {
        await using RunningTarpit tarpit = Start(80);
        using Socket small = await ConnectAsync(tarpit, $"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{s_long[..5000]}");
        await ReadUntilAsync(small, "HTTP/1.1 200 OK\r\n");
        using Socket large = await ConnectAsync(tarpit, $"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{s_long}");
        await ReadUntilAsync(large, "HTTP/1.1 413 ");
    }

    [Fact]
    public async Task Two_connections_share_what_there_is()
    {
        await using RunningTarpit tarpit = Start(25);
        string begin = $"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<office@{tarpit.Runtime.Website.Domain}>\r\nDATA\r\n{s_long[..50_000]}";
        using Socket first = await ConnectAsync(tarpit, begin);
        while (tarpit.Runtime.Memory.Used < 50_000)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }

        using (Socket second = await ConnectAsync(tarpit, begin + ".\r\n"))
        {
            await ReadUntilAsync(second, "452 4.3.1 Insufficient system storage\r\n");
        }

        first.Dispose();
        while (tarpit.Runtime.Memory.Used > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }

        using Socket third = await ConnectAsync(tarpit, begin + ".\r\n");
        await ReadUntilAsync(third, "250 2.0.0 Ok: queued as ");
    }

    private static RunningTarpit Start(ushort port) => new(RunningTarpit.Quick with { MaxBytesInProgress = Room }, seemingPort: port);

    private static async Task<Socket> ConnectAsync(RunningTarpit tarpit, string said)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(tarpit.EndPoint, Cancellation);
        await SendAsync(socket, said);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string said)
    {
        ReadOnlyMemory<byte> bytes = Encoding.Latin1.GetBytes(said);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, Cancellation)..];
        }
    }

    private static async Task ReadUntilAsync(Socket socket, string expected)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains(expected, StringComparison.Ordinal))
        {
            int got = await socket.ReceiveAsync(buffer, Cancellation);
            Assert.True(got > 0, text.ToString());
            text.Append(Encoding.Latin1.GetString(buffer, 0, got));
        }
    }
}
