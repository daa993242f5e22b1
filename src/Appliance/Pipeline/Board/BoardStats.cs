using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Pipeline.Board;

/// <summary>What the board counts. Thread-safe.</summary>
public sealed class BoardStats(VerdictBoard board) : IStatsSource
{
    public string Name => "board";

    public IReadOnlyDictionary<string, long> Read()
    {
        BoardState state = board.State;
        lock (state.Lock)
        {
            Dictionary<string, long> stats = new(StringComparer.Ordinal)
            {
                ["decisions"] = state.Table.Count,
                ["capacity"] = state.Options.MaxDecisions,
                ["version"] = state.Version,
                ["enforcedVersion"] = board.Wall.EnforcedVersion,
                ["waitingForWall"] = state.Unenforced.Count,
                ["waitingForStore"] = state.Unsaved.Count,
                ["wallRebuilds"] = state.Unenforced.Overflows,
                ["storeRebuilds"] = state.Unsaved.Overflows,
                ["expired"] = state.Expired,
                ["coalesced"] = state.Coalesced,
                ["remembered"] = state.Memory.Count,
                ["forgotten"] = state.Memory.Forgotten,
                ["words"] = state.Words.Count,
                ["wordOverflows"] = state.Words.Overflows,
                ["owners"] = state.Owners.Count - 1,
                ["reconciled"] = state.Transitions,
                ["guarded"] = state.Guard.Entries.Count,
                ["untold"] = state.Untold,
            };
            foreach (Origin origin in OriginRules.All.Select(rules => rules.Origin))
            {
                stats[$"of{origin}"] = state.Table.CountOf(origin);
            }

            foreach (Verdict verdict in Enum.GetValues<Verdict>())
            {
                stats[$"to{verdict}"] = state.Table.Rows.CountOf(verdict);
            }

            foreach (Refusal refusal in Enum.GetValues<Refusal>())
            {
                stats[$"refused{refusal}"] = state.Refused[(int)refusal];
            }

            return stats;
        }
    }
}
