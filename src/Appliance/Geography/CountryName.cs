using MaxMind.Db;

namespace Blackwall.Geography;

/// <summary>A country in a database.</summary>
[method: Constructor]
internal sealed class CountryName([MapKey("iso_code")] string? code)
{
    public string? Code => code;
}
