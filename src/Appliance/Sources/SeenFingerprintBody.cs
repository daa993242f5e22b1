using Blackwall.Pipeline.Model;

namespace Blackwall.Sources;

/// <summary>A fingerprint that a source showed.</summary>
/// <param name="Kind">ja4, hassh, ssh-banner or tcp-syn.</param>
/// <param name="Value">The fingerprint. A banner is the client's own text.</param>
/// <param name="Label">The program that it looks like; null: the database does not know it.</param>
/// <param name="Category">browser, library, tool, scanner or malware; null: the database does not know it.</param>
/// <param name="Confidence">0..1: how sure that is; null: the database does not know it.</param>
/// <param name="FirstSeen">When it was seen first, as far as that is remembered.</param>
/// <param name="LastSeen">When it was seen last.</param>
/// <param name="Flows">In how many flows.</param>
public sealed record SeenFingerprintBody(string Kind, string Value, string? Label, string? Category, double? Confidence, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Flows)
{
    internal static SeenFingerprintBody From(SourceClient seen) => new(seen.Kind, seen.Value, seen.Label, seen.Category, seen.Confidence, seen.First, seen.Last, seen.Flows);
}
