namespace Blackwall.Pipeline;

/// <summary>What the store knew, on its way to the board: columns that grow, in place of a million objects.</summary>
internal sealed class RestoredBoard(Func<string, ushort> intern)
{
    private DecisionRow[] _rows = new DecisionRow[1024];
    private long[] _expiries = new long[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<DecisionRow> Rows => _rows.AsSpan(0, Count);

    public ReadOnlySpan<long> Expiries => _expiries.AsSpan(0, Count);

    public List<(DecisionKey Key, string? Comment, long[] EvidenceIds)> Annotations { get; } = [];

    /// <summary>How often scopes were blocked, and when the last block ended (milliseconds).</summary>
    public List<(Prefix Scope, int Times, long Ended)> Repetitions { get; } = [];

    /// <summary>Ids go on above these.</summary>
    public long LastDecisionId { get; set; }

    public long LastEvidenceId { get; set; }

    public ushort Word(string word) => intern(word);

    public void Add(in DecisionRow row, long expiry)
    {
        if (Count == _rows.Length)
        {
            Array.Resize(ref _rows, Count * 2);
            Array.Resize(ref _expiries, Count * 2);
        }

        _rows[Count] = row;
        _expiries[Count++] = expiry;
    }
}
