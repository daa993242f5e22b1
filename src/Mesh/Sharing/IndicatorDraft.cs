using Blackwall.Mesh.Indicators;

namespace Blackwall.Mesh.Sharing;

/// <summary>What we want to say; times, counts and numbers are rounded and added when it is signed.</summary>
/// <param name="Kind">What is said.</param>
/// <param name="Value">Of what.</param>
/// <param name="Evidence">What it rests on.</param>
/// <param name="Detector">Machine word of the detector.</param>
/// <param name="FirstSeen">Exact; told rounded to five minutes.</param>
/// <param name="LastSeen">Exact; told rounded.</param>
/// <param name="Sightings">Exact; told as 1, 10, 100 or 1,000.</param>
/// <param name="Confidence">0..100.</param>
/// <param name="TimeToLive">At most 7 days.</param>
public sealed record IndicatorDraft(
    MessageKind Kind, IndicatorValue Value, EvidenceLevel Evidence, string Detector, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Sightings, int Confidence, TimeSpan TimeToLive);
