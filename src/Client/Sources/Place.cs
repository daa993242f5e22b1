namespace Blackwall.Client.Sources;

/// <summary>Where an address is used.</summary>
public sealed record Place(string? Country, long? Asn, string? Organisation)
{
    /// <summary>"NL AS64500"; empty: nothing is known.</summary>
    public static string Brief(Place? place) => $"{place?.Country}{(place is { Country: not null, Asn: not null } ? " " : "")}{(place?.Asn is { } number ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"AS{number}") : "")}";
}
