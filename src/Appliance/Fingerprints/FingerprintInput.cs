
namespace Blackwall.Fingerprints;

/// <summary>What is said of a fingerprint.</summary>
/// <param name="Label">The program, for a person; 1..100 characters.</param>
/// <param name="Category">browser, library, tool, scanner or malware.</param>
/// <param name="Confidence">0..1: how sure it is that a client with this fingerprint is that program.</param>
/// <param name="Source">Where that is known from: an address, a citation, a measurement; 1..300 characters.</param>
/// <param name="Note">Anything else; at most 500 characters.</param>
public sealed record FingerprintInput(string? Label, string? Category, double? Confidence, string? Source, string? Note);
