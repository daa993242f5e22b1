using Blackwall.Pipeline.Model;

namespace Blackwall.Api.Contracts;

/// <summary>Where an address is used, as the operator's databases have it.</summary>
/// <param name="Country">ISO 3166-1 code; null: not known.</param>
/// <param name="Asn">Number of the autonomous system; null: not known.</param>
/// <param name="Organisation">Whose system it is; null: not known.</param>
public sealed record PlaceBody(string? Country, long? Asn, string? Organisation)
{
    internal static PlaceBody? From(Place? place) => place is null ? null : new PlaceBody(place.Country, place.Asn, place.Organisation);
}
