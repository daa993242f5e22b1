using Blackwall.Pipeline.Model;

namespace Blackwall.Capture;

/// <summary>Which captures to list, newest first.</summary>
/// <param name="Before">Ids below this one.</param>
/// <param name="Address">Of exactly this scope; null: of any.</param>
/// <param name="Decision">Of this decision; null: of any or none.</param>
/// <param name="Limit">How many at most.</param>
public sealed record CaptureQuery(long Before, Prefix? Address, long? Decision, int Limit);
