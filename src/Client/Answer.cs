namespace Blackwall.Client;

/// <summary>A value or a failure, never both.</summary>
/// <param name="Value">What was asked for.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Tag">The ETag that came along.</param>
/// <param name="Json">The answer as it came, for those who pass it on; empty: there is none.</param>
public readonly record struct Answer<T>(T? Value, Failure? Failure, string? Tag = null, ReadOnlyMemory<byte> Json = default)
    where T : class;
