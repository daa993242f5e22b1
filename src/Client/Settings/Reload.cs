namespace Blackwall.Client.Settings;

/// <summary>What a reload of the configuration changed, what needs a restart, and what could not be taken up.</summary>
public sealed record Reload(IReadOnlyList<string> Changed, IReadOnlyList<string> Waiting, IReadOnlyList<string> Faults);
