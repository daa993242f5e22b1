namespace Blackwall.Tui.Api;

/// <summary>A value or a failure, never both.</summary>
/// <param name="Value">What was asked for.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Tag">The ETag that came along.</param>
internal readonly record struct Answer<T>(T? Value, Failure? Failure, string? Tag = null)
    where T : class;
