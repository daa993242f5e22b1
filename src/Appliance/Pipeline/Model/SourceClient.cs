namespace Blackwall.Pipeline.Model;

/// <summary>A fingerprint that the clients of a source showed.</summary>
/// <param name="Kind">ja4, hassh, ssh-banner or tcp-syn.</param>
/// <param name="Value">The fingerprint. A banner is the client's own text.</param>
/// <param name="Label">The program that it looks like; null: nobody knows it.</param>
/// <param name="Category">browser, library, tool, scanner or malware; null: nobody knows it.</param>
/// <param name="Confidence">0..1: how sure that is; null: nobody knows it.</param>
/// <param name="First">When it was seen first, as far as that is remembered.</param>
/// <param name="Last">When it was seen last.</param>
/// <param name="Flows">In how many flows.</param>
public sealed record SourceClient(string Kind, string Value, string? Label, string? Category, double? Confidence, DateTimeOffset First, DateTimeOffset Last, long Flows);
