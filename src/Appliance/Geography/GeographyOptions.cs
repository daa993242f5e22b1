using System.Globalization;
using Blackwall.Config;

namespace Blackwall.Geography;

/// <summary>[geography]: country and network of addresses.</summary>
public sealed class GeographyOptions
{
    /// <summary>Database of countries (MMDB); empty: none.</summary>
    public string CountryFile { get; set; } = "";

    /// <summary>Database of autonomous systems (MMDB); empty: none.</summary>
    public string AsnFile { get; set; } = "";

    /// <summary>Countries whose networks are dropped, ISO 3166-1.</summary>
    public IReadOnlyList<string> BlockCountries { get; set; } = [];

    /// <summary>Autonomous systems whose networks are dropped.</summary>
    public IReadOnlyList<long> BlockAsns { get; set; } = [];

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<GeographyOptions>("geography", "Country and network of addresses, from databases of yours (MMDB, as MaxMind and others have them).", new GeographyOptions())
            .Text("country_file", "Absolute path of a database of countries; empty: none.", o => o.CountryFile, (o, v) => Absolute(o.CountryFile = v))
            .Text("asn_file", "Absolute path of a database of autonomous systems; empty: none.", o => o.AsnFile, (o, v) => Absolute(o.AsnFile = v))
            .List("block_countries", "Countries whose networks are dropped, as ISO 3166-1 codes of two letters; needs country_file.", o => o.BlockCountries, (o, v) =>
            {
                o.BlockCountries = v;
                return v.All(code => code is [>= 'A' and <= 'Z', >= 'A' and <= 'Z']) ? null : "is a list of codes like \"NL\"";
            })
            .List("block_asns", "Numbers of autonomous systems whose networks are dropped; needs asn_file.", o => [.. o.BlockAsns.Select(number => number.ToString(CultureInfo.InvariantCulture))], SetAsns)
            .Together(o => o.BlockCountries.Count > 0 && o.CountryFile.Length == 0 ? "geography.block_countries needs geography.country_file"
                : o.BlockAsns.Count > 0 && o.AsnFile.Length == 0 ? "geography.block_asns needs geography.asn_file" : null)
            .LiveExcept(),
    ];

    private static string? Absolute(string path) => path.Length == 0 || path.StartsWith('/') ? null : "is an absolute path, or empty";

    private static string? SetAsns(GeographyOptions options, IReadOnlyList<string> texts)
    {
        List<long> numbers = [];
        foreach (string text in texts)
        {
            if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
            {
                return "is a list of numbers like \"64500\"";
            }

            numbers.Add(number);
        }

        options.BlockAsns = numbers;
        return null;
    }
}
