using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Measure;

/// <summary>
/// What really passed a wire, by tcpdump: the lab does not believe the appliance's own counters when it says what got
/// through.
/// </summary>
public sealed class Capture : IAsyncDisposable
{
    /// <summary>Enough for headers, which is all that counting needs.</summary>
    private const int HeaderBytes = 64;

    private const int PacketLimit = 1_000_000;

    /// <summary>So many looks in a row, 50 ms apart.</summary>
    private const int SameLength = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly RunningTool _tcpdump;
    private readonly string _file;

    private Capture(RunningTool tcpdump, string file) => (_tcpdump, _file) = (tcpdump, file);

    /// <summary>The pcap file; gone with this object.</summary>
    public string File => _file;

    /// <param name="filter">In tcpdump's language.</param>
    public static async Task<Capture> StartAsync(RunFolder run, NetNamespace host, string device, string filter, CancellationToken cancellation, int bytes = HeaderBytes)
    {
        var file = run.File($"{Guid.NewGuid():N}.pcap");
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tcpdump = host.Start(
            ["tcpdump", "-i", device, "-n", "-s", $"{bytes}", "-U", "--immediate-mode", "-c", $"{PacketLimit}", "-Z", "root", "-w", file, filter],
            onErrors: line =>
            {
                if (line.Contains("listening on", StringComparison.Ordinal))
                {
                    listening.TrySetResult();
                }
            });
        try
        {
            await listening.Task.WaitAsync(s_patience, TimeProvider.System, cancellation);
            return new Capture(tcpdump, file);
        }
        catch (TimeoutException e)
        {
            await tcpdump.DisposeAsync();
            throw new ToolFailedException($"tcpdump does not start: {tcpdump.Errors}", e);
        }
    }

    /// <summary>Waits until nothing is written any more: on a busy machine packets wait in the ring, and ending loses those.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        var (length, same) = (-1L, 0);
        await Tool.UntilAsync(
            () =>
            {
                var now = new FileInfo(_file).Length;
                same = now == length ? same + 1 : 0;
                length = now;
                return Task.FromResult(same >= SameLength);
            },
            s_patience,
            cancellation);
    }

    /// <summary>Ends the capture.</summary>
    /// <returns>Arrival time of each packet, at most a million.</returns>
    public async Task<IReadOnlyList<DateTimeOffset>> StopAsync()
    {
        await _tcpdump.StopAsync(Signal.Interrupt, s_patience);
        return PcapFile.ReadTimes(_file);
    }

    public async ValueTask DisposeAsync()
    {
        await _tcpdump.DisposeAsync();
        System.IO.File.Delete(_file);
    }
}
