using System.Net.Sockets;
using System.Text;
using Blackwall.Tarpit.Recording;
using Xunit;

namespace Blackwall.Tarpit.Tests.Detection;

/// <summary>Who answers at which port, and how many may come.</summary>
public sealed class FrontDoorTests
{
    private const string Banner = "SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_the_port_of_ssh_the_server_speaks_first()
    {
        await using RunningTarpit tarpit = new(seemingPort: 22);
        using Socket peer = await ConnectAsync(tarpit);
        Assert.Equal(Banner, await ReadAsync(peer));
        Assert.Equal("192.0.2.22:22", tarpit.Records.Last(ObservationKinds.Connect)!.Destination);
    }

    [Fact]
    public async Task At_another_port_it_waits_for_what_the_client_says_also_byte_by_byte()
    {
        await using RunningTarpit tarpit = new(seemingPort: 8022);
        using Socket peer = await ConnectAsync(tarpit);
        foreach (byte value in "SSH-2.0-x\r\n"u8.ToArray())
        {
            await peer.SendAsync(new[] { value }, Cancellation);
        }

        Assert.StartsWith(Banner, await ReadAsync(peer), StringComparison.Ordinal);
        Assert.Equal("SSH-2.0-x", await VersionAsync(tarpit));
    }

    [Theory]
    [InlineData(80, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n")]
    [InlineData(80, "SSH-2.0-x\r\n", "HTTP/1.1 400 Bad Request\r\n")]
    [InlineData(8080, "\u0016\u0003\u0001\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n")]
    [InlineData(443, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n")]
    [InlineData(4711, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n")]
    public async Task A_port_of_the_web_answers_as_its_server_does_whatever_is_said(ushort port, string said, string answered)
    {
        await using RunningTarpit tarpit = new(seemingPort: port);
        using Socket peer = await ConnectAsync(tarpit);
        await peer.SendAsync(Encoding.Latin1.GetBytes(said), Cancellation);
        Assert.StartsWith(answered, await ReadAsync(peer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_believed_says_who_comes_and_nobody_else_does()
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { ProxySources = ["127.0.0.1"] }, seemingPort: 22);
        using Socket peer = await ConnectAsync(tarpit);
        await peer.SendAsync("PROXY TCP4 198.51.100.7 192.0.2.22 4711 22\r\n"u8.ToArray(), Cancellation);
        Assert.Equal(Banner, await ReadAsync(peer));
        Assert.Equal("198.51.100.7:4711", tarpit.Records.Last(ObservationKinds.Connect)!.Source);

        await using RunningTarpit strict = new(seemingPort: 22);
        using Socket other = await ConnectAsync(strict);
        Assert.Equal(Banner, await ReadAsync(other));
        await other.SendAsync("PROXY TCP4 198.51.100.7 192.0.2.22 4711 22\r\n"u8.ToArray(), Cancellation);
        Assert.Equal("Invalid SSH identification string.\r\n", await ReadAsync(other));
    }

    [Fact]
    public async Task An_address_has_so_many_connections_and_gets_places_back()
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { MaxConnectionsPerAddress = 2 });
        Socket first = await ConnectAsync(tarpit);
        using Socket second = await ConnectAsync(tarpit);
        Assert.Equal(Banner, await ReadAsync(first));
        Assert.Equal(Banner, await ReadAsync(second));
        using (Socket third = await ConnectAsync(tarpit))
        {
            Assert.Equal("", await ReadAsync(third));
        }

        first.Dispose();
        while (tarpit.Runtime.Limits.Open > 1)
        {
            await Task.Yield();
        }

        using Socket fourth = await ConnectAsync(tarpit);
        Assert.Equal(Banner, await ReadAsync(fourth));
    }

    private static async Task<string> VersionAsync(RunningTarpit tarpit)
    {
        Observation? version;
        while ((version = tarpit.Records.Last(ObservationKinds.ClientVersion)) is null)
        {
            await Task.Yield();
        }

        return version.Text!;
    }

    private static async Task<Socket> ConnectAsync(RunningTarpit tarpit)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(tarpit.EndPoint, Cancellation);
        return socket;
    }

    // What comes next, or nothing at the end.
    private static async Task<string> ReadAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Cancellation));
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
