using Blackwall.Events;
using Blackwall.Pipeline.Board;
using Microsoft.Extensions.Options;

namespace Blackwall.Intel;

/// <summary>Follows the event log, and publishes what can be shared of it. Goes on after a restart where it was.</summary>
internal sealed class IntelReader(IntelBook book, VerdictBoard board, SharingGuard guard, IOptions<IntelOptions> options) : IEventReader
{
    private readonly FactReader _facts = new(options.Value, guard, options.Value.OperatorRules);

    public string Name => "intel";

    public bool IsResumed => true;

    public async Task ReadAsync(EventPage page, CancellationToken cancellation)
    {
        List<IndicatorFact> facts = [];
        bool isPartial = page.HasGap;
        bool isGuarded = false;
        foreach (ApplianceEvent happened in page.Events)
        {
            facts.AddRange(_facts.Read(happened));
            isPartial |= FactReader.StandsForMany(happened);
            isGuarded |= happened.Kind is "guard";
        }

        await book.ApplyAsync(facts);
        if (isGuarded)
        {
            await book.WithdrawAsync(board.Guarded.Entries);
        }

        if (isPartial)
        {
            await book.SyncAsync(_facts, cancellation);
        }
    }
}
