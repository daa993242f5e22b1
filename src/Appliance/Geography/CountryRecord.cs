using MaxMind.Db;

namespace Blackwall.Geography;

/// <summary>What counts of a record of a database of countries.</summary>
[method: Constructor]
internal sealed class CountryRecord([MapKey("country")] CountryName? country, [MapKey("registered_country")] CountryName? registered)
{
    public string? Code => (country ?? registered)?.Code is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'] code ? code : null;
}
