namespace Blackwall.Client.Changes;

/// <summary>How long a change is on trial.</summary>
public sealed record ChangeTrial(long ConfirmWithinSeconds);
