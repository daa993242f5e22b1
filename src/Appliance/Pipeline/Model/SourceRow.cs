namespace Blackwall.Pipeline.Model;

/// <summary>One source of a list.</summary>
/// <param name="Place">Where it stands in the list.</param>
/// <param name="Phase">new, suspicious, malicious, blocked or trusted.</param>
/// <param name="Suspicion">0..4.</param>
/// <param name="FirstSeen">When it was first seen, as far as that is remembered.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="IsProven">It completed a handshake or answered a challenge.</param>
/// <param name="Packets">Packets that the wall told of, about: of flows that ended, and one for each opening, refusal and drop that was told.</param>
public sealed record SourceRow(SourcePlace Place, string Phase, double Suspicion, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, bool IsProven, long Packets);
