namespace Blackwall.Tui.Sources;

/// <summary>What is asked of /sources.</summary>
internal sealed class SourceQuery
{
    private static readonly string[] s_sorts = ["last-seen", "packets", "suspicion"];
    private static readonly string[] s_phases = ["", "suspicious", "malicious", "blocked", "trusted", "new"];

    private int _sort;
    private int _phase;

    public string Sort => s_sorts[_sort];

    /// <summary>Empty: any.</summary>
    public string Phase => s_phases[_phase];

    /// <summary>What the key for the order does next.</summary>
    public string NextSort => s_sorts[(_sort + 1) % s_sorts.Length] switch
    {
        "packets" => "Top talkers",
        "suspicion" => "Suspicion",
        _ => "Last seen",
    };

    public string Text => $"limit=500&sort={Sort}{(Phase.Length > 0 ? $"&phase={Phase}" : "")}";

    public void SortNext() => _sort = (_sort + 1) % s_sorts.Length;

    public void PhaseNext() => _phase = (_phase + 1) % s_phases.Length;
}
