using System.Globalization;

namespace Blackwall.Pipeline.Model;

/// <summary>A place in a list of sources: what it is in order by, and the address.</summary>
/// <param name="Key">Packets, thousandths of suspicion, or nanoseconds since 1970.</param>
/// <param name="Address">The source.</param>
public readonly record struct SourcePlace(ulong Key, Address Address)
{
    /// <summary>Negative: this comes before the other.</summary>
    public int Compare(SourcePlace other) => Key != other.Key ? other.Key.CompareTo(Key) : Address.CompareTo(other.Address);

    /// <summary>Key and address in hexadecimal.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key:x}-{Address.Value:x}");

    public static bool TryParse(string text, out SourcePlace place)
    {
        string[] parts = text.Split('-');
        place = default;
        if (parts.Length != 2
            || !ulong.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong key)
            || !UInt128.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 address))
        {
            return false;
        }

        place = new SourcePlace(key, new Address(address));
        return true;
    }
}
