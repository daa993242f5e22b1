using Blackwall.Api.Contracts;

namespace Blackwall.Fingerprints;

/// <summary>What is known of a fingerprint.</summary>
/// <param name="Kind">ja4, hassh, ssh-banner or tcp-syn.</param>
/// <param name="Value">The fingerprint, or with a '*' at its end the beginning of those that are meant.</param>
/// <param name="Label">The program, for a person.</param>
/// <param name="Category">browser, library, tool, scanner or malware.</param>
/// <param name="Confidence">0..1: how sure it is that a client with this fingerprint is that program.</param>
/// <param name="Source">Where that is known from.</param>
/// <param name="Note">Anything else; null: nothing.</param>
/// <param name="Shipped">It came with the appliance and nobody has changed it.</param>
public sealed record FingerprintBody(string Kind, string Value, string Label, string Category, double Confidence, string Source, string? Note, bool Shipped) : IStorable
{
    /// <summary>Whether the change is on the disk; false: the disk refuses, and it is tried until it does not.</summary>
    public bool Stored { get; set; } = true;

    internal static FingerprintBody From(FingerprintEntry entry) => new(
        FingerprintWords.For(entry.Kind), entry.Value, entry.Label, FingerprintWords.For(entry.Category), entry.Confidence, entry.Source, entry.Note, entry.Shipped);
}
