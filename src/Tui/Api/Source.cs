namespace Blackwall.Tui.Api;

/// <summary>What is known of one address.</summary>
internal sealed record Source(
    string Address,
    string Verdict,
    string Why,
    Guard? Guard,
    Decision? Decision,
    IReadOnlyList<Decision> Decisions,
    IReadOnlyList<KernelEntry> Kernel,
    IReadOnlyList<Evidence> Evidence);
