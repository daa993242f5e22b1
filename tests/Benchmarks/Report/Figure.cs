namespace Blackwall.Benchmarks.Report;

/// <summary>One measured number, and what it is held against.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Measured">In <paramref name="Unit"/>.</param>
/// <param name="Unit">ns, ms, MB, and so on.</param>
/// <param name="Peer">Whose number it is compared with; null: none.</param>
/// <param name="PeerMeasured">The peer's number of the same run, same unit.</param>
/// <param name="Budget">Bound of the ratio when there is a peer, else of the number; null: for information.</param>
/// <param name="AtLeast">The bound is a lower one.</param>
/// <param name="Note">How it was measured, where that is not plain.</param>
internal sealed record Figure(
    string Name,
    double Measured,
    string Unit,
    string? Peer = null,
    double? PeerMeasured = null,
    double? Budget = null,
    bool AtLeast = false,
    string? Note = null)
{
    public double? Ratio => PeerMeasured is > 0 ? Measured / PeerMeasured : null;

    /// <summary>ok, MISS, or info when there is no budget.</summary>
    public string Outcome
    {
        get
        {
            if (Budget is not { } budget)
            {
                return "info";
            }

            double held = Ratio ?? Measured;
            return (AtLeast ? held >= budget : held <= budget) ? "ok" : "MISS";
        }
    }
}
