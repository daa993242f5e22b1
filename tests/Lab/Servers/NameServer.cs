using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Servers;

/// <summary>A real dnsmasq somewhere outside that has an answer for every name.</summary>
public sealed class NameServer : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(10);

    private readonly RunningTool _dnsmasq;

    private NameServer(RunningTool dnsmasq) => _dnsmasq = dnsmasq;

    public static async Task<NameServer> StartAsync(LabHost host, CancellationToken cancellation)
    {
        var dnsmasq = host.Network.Start(
        [
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=", "--log-facility=-",
            "--address=/#/192.0.2.80", "--address=/#/2001:db8:c:1::80",
        ]);
        var address = host.Addresses4[0];
        var answers = await Tool.UntilAsync(
            async () => (await host.Network.TryAsync(["dig", $"@{address}", "+short", "+tries=1", "+time=1", "ready.example"], cancellation: cancellation)).Output.Contains("192.0.2.80", StringComparison.Ordinal),
            s_startLimit,
            cancellation);
        if (!answers)
        {
            await dnsmasq.DisposeAsync();
            throw new ToolFailedException($"The name server outside does not answer: {dnsmasq.Errors}");
        }

        return new NameServer(dnsmasq);
    }

    public ValueTask DisposeAsync() => _dnsmasq.DisposeAsync();
}
