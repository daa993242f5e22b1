using MaxMind.Db;

namespace Blackwall.Geography;

/// <summary>What counts of a record of a database of autonomous systems.</summary>
[method: Constructor]
internal sealed class AsnRecord([MapKey("autonomous_system_number")] long number, [MapKey("autonomous_system_organization")] string? organisation)
{
    private const int MaxName = 128;

    public long? Number => number is > 0 and <= uint.MaxValue ? number : null;

    /// <summary>As it may be shown: the file is somebody else's.</summary>
    public string? Organisation => organisation is null ? null : string.Concat(organisation.Take(MaxName).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '.' : letter));
}
