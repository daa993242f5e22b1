
namespace Blackwall.Benchmarks.Detection;

/// <summary>Somebody who attacks.</summary>
/// <param name="Subject">An address, or "inside outside" for a pair.</param>
/// <param name="From">Seconds since 1970 at which it begins; negative: from the beginning of the capture.</param>
/// <param name="Kinds">Evidence that counts as having found it.</param>
internal sealed record Truth(string Subject, double From, IReadOnlyList<string> Kinds);
