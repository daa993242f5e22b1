using System.Net;
using Blackwall.Tarpit.Detection;
using Xunit;

namespace Blackwall.Tarpit.Tests.Detection;

/// <summary>MaxStartups as sshd counts them.</summary>
public sealed class StartupsTests
{
    [Fact]
    public void Some_are_refused_from_the_first_number_on_and_all_at_the_last()
    {
        Startups startups = Startups.Parse("10:30:20")!;
        IPEndPoint[] peers = [.. Enumerable.Range(1, 2000).Select(n => new IPEndPoint(IPAddress.Loopback, n))];
        Assert.All(peers[..10], peer => Assert.True(startups.TryEnter(peer)));
        Assert.Equal(10, peers[10..].Count(startups.TryEnter));
        Assert.False(startups.TryEnter(new IPEndPoint(IPAddress.Loopback, 3000)));
        startups.Leave(peers[0]);
        Assert.Contains(peers[1500..], startups.TryEnter);
    }

    [Theory]
    [InlineData("10:30:100", true)]
    [InlineData("10:100:10", true)]
    [InlineData("10:30", false)]
    [InlineData("0:30:100", false)]
    [InlineData("10:101:100", false)]
    [InlineData("10:30:9", false)]
    [InlineData("a:b:c", false)]
    public void It_is_three_numbers(string text, bool isRight) => Assert.Equal(isRight, TarpitSettings.IsMaxStartups(text));

    [Fact]
    public async Task Who_is_refused_reads_what_sshd_says_and_a_login_makes_room()
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { MaxStartups = "1:100:1" });
        using System.Net.Sockets.Socket first = await ConnectAsync(tarpit), second = await ConnectAsync(tarpit);
        string[] read = [await ReadAsync(first), await ReadAsync(second)];
        Assert.Contains("Exceeded MaxStartups\r\n", read);
        Assert.Contains(read, line => line.StartsWith("SSH-2.0-", StringComparison.Ordinal));
        first.Dispose();
        second.Dispose();
        while (tarpit.Runtime.Limits.Open > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        using System.Net.Sockets.Socket third = await ConnectAsync(tarpit);
        Assert.StartsWith("SSH-2.0-", await ReadAsync(third), StringComparison.Ordinal);
    }

    private static async Task<System.Net.Sockets.Socket> ConnectAsync(RunningTarpit tarpit)
    {
        System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(tarpit.EndPoint, TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<string> ReadAsync(System.Net.Sockets.Socket socket)
    {
        byte[] buffer = new byte[256];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
    }
}
