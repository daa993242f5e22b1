using System.Globalization;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Changes;

/// <summary>Reports what the wall would have done, to an owner who only observes, and how to switch to enforcing.</summary>
internal sealed class ObserveReport(IWall wall, VerdictBoard board, TimeProvider time, ILogger<ObserveReport> log) : BackgroundService
{
    private static readonly TimeSpan[] Early = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    /// <summary>What would have been done so far; null while there is no wall to ask.</summary>
    public static string? Sentence(WallCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        if (counters.Reasons.Count == 0)
        {
            return null;
        }

        WallCounters.Row[] acted = [.. counters.Reasons.Where(row => row.WouldPackets > 0).OrderByDescending(row => row.WouldPackets)];
        ulong would = acted.Aggregate(0ul, (sum, row) => sum + row.WouldPackets);

        // Challenged or diverted, a packet that only would have been is counted as passed too.
        ulong seen = counters.Reasons.Aggregate(0ul, (sum, row) => sum + row.Packets + (row.Reason is Reason.TxChallenge or Reason.RedirectNew ? 0 : row.WouldPackets));
        string why = acted.Length == 0 ? "" : $" ({string.Join(", ", acted.Take(3).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Reason}: {row.WouldPackets}")))})";
        return string.Create(CultureInfo.InvariantCulture, $"of {seen} packets {would} would have been stopped, limited or diverted{why}");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long started = time.GetTimestamp();
        for (int i = 0; ; i++)
        {
            TimeSpan due = i < Early.Length ? Early[i] : Daily * (i - Early.Length + 1);
            TimeSpan left = due - time.GetElapsedTime(started);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, stoppingToken);
            if (wall.Status.Mode == EnforcementMode.Observe && Sentence(wall.ReadCounters()) is { } sentence)
            {
                int blocked = board.List(new DecisionQuery(null, null, Origin.Local, null, long.MaxValue, 1000)).Items.Count;
                ChangesLog.Observed(log, due, sentence, blocked);
            }
        }
    }
}
