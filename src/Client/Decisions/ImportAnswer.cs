namespace Blackwall.Client.Decisions;

/// <summary>What an import did, or with dryRun would do.</summary>
public sealed record ImportAnswer(int Imported, int? Added, bool Enforced, bool DryRun, int? Removed = null, bool? Stored = null);
