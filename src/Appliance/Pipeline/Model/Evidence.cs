namespace Blackwall.Pipeline.Model;

/// <summary>One thing seen of a source.</summary>
/// <param name="Id">Unique over restarts; 0 until the journal gave one.</param>
/// <param name="Source">The address it speaks about.</param>
/// <param name="Kind">Short machine word: "port-scan", "syn-flood", "brute-force", "http-probe".</param>
/// <param name="Class">What it proves.</param>
/// <param name="Weight">0..1: how strongly it points to an attack.</param>
/// <param name="Seen">When.</param>
/// <param name="Detail">One sentence with the numbers, for a person. Never raw payload.</param>
public sealed record Evidence(long Id, Address Source, string Kind, EvidenceClass Class, double Weight, DateTimeOffset Seen, string Detail);
