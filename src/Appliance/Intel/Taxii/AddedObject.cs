using Blackwall.Intel.Stix;

namespace Blackwall.Intel.Taxii;

/// <summary>An object that a client wants to add.</summary>
/// <param name="Id">As it spells its identifier.</param>
/// <param name="Version">As it spells its version; empty: it has none.</param>
/// <param name="Wrong">Why it is refused; null: it is not.</param>
/// <param name="Object">What is kept of it; null: it is refused.</param>
/// <param name="Indicator">What it says of addresses; null: it is no indicator of addresses.</param>
internal sealed record AddedObject(string Id, string Version, string? Wrong, StixObject? Object, PartnerIndicator? Indicator)
{
    /// <summary>What became of it, beside being kept.</summary>
    public string? Message { get; set; }
}
