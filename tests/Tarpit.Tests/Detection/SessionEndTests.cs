using System.Net.Sockets;
using System.Text;
using Blackwall.Tarpit.Recording;
using Xunit;

namespace Blackwall.Tarpit.Tests.Detection;

/// <summary>Every session ends in the record, whatever happens in it.</summary>
public sealed class SessionEndTests
{
    private const string RemoteDesktop = "\u0003\0\0\u002b\u0026\u00e0\0\0\0\0\0Cookie: mstshash=admin\r\n\u0001\0\u0008\0\u0003\0\0\0";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(22, "SSH-2.0-x\r\n", "ssh")]
    [InlineData(80, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "http")]
    [InlineData(8080, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "http")]
    [InlineData(21, "SYST\r\n", "ftp")]
    [InlineData(25, "HELO x\r\n", "smtp")]
    [InlineData(23, "root\r\0x\r\0", "telnet")]
    [InlineData(6379, "PING\r\n", "redis")]
    [InlineData(3389, RemoteDesktop, "rdp")]
    [InlineData(3306, "\u0021\0\0\u0001\0\u0002\0\0\0\0\0\u0001\u0021\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0root\0\0", "mysql")]
    [InlineData(53, "\0\u001b\0\u0001\0\0\0\u0001\0\0\0\0\0\0\u0001a\u0007example\0\0\u0001\0\u0001", "dns")]
    public async Task A_fault_within_a_session_ends_it_and_the_next_one_is_served(ushort port, string said, string protocol)
    {
        await using RunningTarpit tarpit = new(seemingPort: port);
        int faults = 0;
        tarpit.Records.Fails = happened => happened.Kind is not (ObservationKinds.Connect or ObservationKinds.Close or ObservationKinds.Limit) && Interlocked.Increment(ref faults) == 1;
        using Socket first = await ConnectAsync(tarpit, said);
        await WaitAsync(tarpit, closes: 1);
        Assert.Equal(protocol, tarpit.Records.Last(ObservationKinds.Connect)!.Protocol);
        Assert.Equal(1, faults);
        Assert.Contains(tarpit.Records.Observations, happened => happened is { Kind: ObservationKinds.Limit, Name: nameof(NotSupportedException) });

        // The positive control: the same without a fault is recorded, and ends when its peer does.
        Socket second = await ConnectAsync(tarpit, said);
        while (tarpit.Records.Observations.All(happened => happened.Kind is ObservationKinds.Connect or ObservationKinds.Close or ObservationKinds.Limit))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }

        second.Dispose();
        await WaitAsync(tarpit, closes: 2);
    }

    private static async Task WaitAsync(RunningTarpit tarpit, int closes)
    {
        while (tarpit.Records.Observations.Count(happened => happened.Kind is ObservationKinds.Close) < closes)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }
    }

    private static async Task<Socket> ConnectAsync(RunningTarpit tarpit, string said)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(tarpit.EndPoint, Cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes(said), Cancellation);
        return socket;
    }
}
