
namespace Blackwall.Capture;

/// <summary>Captures, newest first.</summary>
/// <param name="Items">The captures.</param>
/// <param name="NextCursor">Send it as cursor for the next page; null: that was all.</param>
public sealed record CaptureList(IReadOnlyList<CaptureBody> Items, string? NextCursor);
