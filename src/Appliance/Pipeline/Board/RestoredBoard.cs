using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>What the store knew, on its way to the board. Rows go straight to where they will lie; nothing is copied again.</summary>
internal sealed class RestoredBoard(Func<string, ushort> intern, Func<string, ushort> internOwner, int capacity)
{
    /// <summary>Complete but for its order, which the board makes.</summary>
    public ClaimTable Table { get; } = new();

    public int Count { get; private set; }

    /// <summary>Rows that the board has no room for.</summary>
    public int Surplus { get; private set; }

    /// <summary>How often scopes were blocked, and when the last block ended (milliseconds).</summary>
    public List<(Prefix Scope, int Times, long Ended)> Repetitions { get; } = [];

    /// <summary>Ids go on above these.</summary>
    public long LastDecisionId { get; set; }

    public long LastEvidenceId { get; set; }

    public ushort Word(string word) => intern(word);

    public ushort Owner(string name) => internOwner(name);

    /// <summary>Each key once.</summary>
    public void Add(in ClaimRow row, long expiry, string? comment, long[] evidenceIds)
    {
        LastDecisionId = Math.Max(LastDecisionId, row.Id);
        if (Count == capacity)
        {
            Surplus++;
            return;
        }

        Count++;
        int slot = Table.Append(row, expiry);
        if (comment is not null || evidenceIds.Length > 0)
        {
            Table.Rows.Annotate(slot, comment, evidenceIds);
        }
    }
}
