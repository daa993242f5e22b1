
namespace Blackwall.Benchmarks.Detection;

/// <summary>Somebody was told of, or acted on.</summary>
/// <param name="Source">Address that it speaks about.</param>
/// <param name="Other">The other end where the alarm names one.</param>
/// <param name="Kind">Evidence, or the baseline's name.</param>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Blocks">It asks to drop.</param>
internal sealed record Alarm(string Source, string? Other, string Kind, double Time, bool Blocks);
