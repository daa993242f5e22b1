using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Pipeline.Model;

namespace Blackwall.Remediation;

/// <summary>Keeps the list of blocks as the board is. What an event says of one address is looked up; all else compares the whole list, at most every second.</summary>
internal sealed class BlockReader(BlockList blocks, TimeProvider time) : IEventReader
{
    private static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(1);
    private long _synced;

    public string Name => "remediation";

    public bool IsResumed => false;

    public async Task ReadAsync(EventPage page, CancellationToken cancellation)
    {
        bool isWide = page.HasGap;
        foreach (ApplianceEvent happened in page.Events)
        {
            DecisionEventBody? body = happened.Kind switch
            {
                "decision" => DecisionEvents.Decided.Read(happened),
                "lifted" => DecisionEvents.Lifted.Read(happened),
                _ => null,
            };
            isWide |= happened.Kind is "guard" || body?.Count > 1 || body?.Decision.Verdict is "pass";
            if (body is not null && Prefix.TryParse(body.Decision.Scope, out Prefix scope))
            {
                if (scope.IsHost)
                {
                    blocks.Update(scope);
                }
                else
                {
                    isWide = true;
                }
            }
        }

        if (isWide)
        {
            TimeSpan since = _synced == 0 ? SyncEvery : time.GetElapsedTime(_synced);
            if (since < SyncEvery)
            {
                await Task.Delay(SyncEvery - since, time, cancellation);
            }

            blocks.Sync();
            _synced = time.GetTimestamp();
        }
    }
}
