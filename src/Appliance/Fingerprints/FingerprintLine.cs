namespace Blackwall.Fingerprints;

/// <summary>An entry as it is written in files and bodies.</summary>
/// <param name="Kind">ja4, hassh, ssh-banner or tcp-syn.</param>
/// <param name="Value">The fingerprint; of all but HASSH also a beginning with '*' at its end.</param>
/// <param name="Label">The program, for a person; 1..100 characters.</param>
/// <param name="Category">browser, library, tool, scanner or malware.</param>
/// <param name="Confidence">0..1: how sure it is that a client with this fingerprint is that program.</param>
/// <param name="Source">Where that is known from: an address, a citation, a measurement; 1..300 characters.</param>
/// <param name="Note">Anything else; at most 500 characters.</param>
public sealed record FingerprintLine(string? Kind, string? Value, string? Label, string? Category, double? Confidence, string? Source, string? Note)
{
    public static FingerprintLine From(FingerprintEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new FingerprintLine(FingerprintWords.For(entry.Kind), entry.Value, entry.Label, FingerprintWords.For(entry.Category), entry.Confidence, entry.Source, entry.Note);
    }
}
