namespace Blackwall.Fingerprints;

/// <summary>What is known of a fingerprint.</summary>
/// <param name="Kind">What it is taken of.</param>
/// <param name="Value">The fingerprint, or with a '*' at its end the beginning of those that are meant.</param>
/// <param name="Label">The program, for a person.</param>
/// <param name="Category">What kind of program it is.</param>
/// <param name="Confidence">0..1: how sure it is that a client with this fingerprint is that program.</param>
/// <param name="Source">Where that is known from: an address, a citation, a measurement.</param>
/// <param name="Note">Anything else; null: nothing.</param>
/// <param name="Shipped">It came with the appliance and nobody has changed it.</param>
/// <param name="Revision">Counts up with each change of the database; 0: not stored yet.</param>
public sealed record FingerprintEntry(
    FingerprintKind Kind,
    string Value,
    string Label,
    FingerprintCategory Category,
    double Confidence,
    string Source,
    string? Note,
    bool Shipped = false,
    long Revision = 0)
{
    /// <summary>Whether it speaks of everything that begins with its value.</summary>
    public bool IsPrefix => Value.EndsWith('*');
}
