namespace Blackwall.Client.Auditing;

/// <summary>A key with its secret, which is told this once.</summary>
public sealed record NewKey(Key Key, string Secret, bool? Stored = null);
