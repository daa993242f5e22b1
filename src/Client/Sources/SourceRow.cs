namespace Blackwall.Client.Sources;

/// <summary>One of the sources that detection knows; packets: about; null decision: nothing is decided.</summary>
public sealed record SourceRow(string Address, string Phase, double Suspicion, bool Proven, long Packets, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string Verdict, long? DecisionId, Place? Place = null);
