namespace Blackwall.Pipeline.Model;

/// <summary>Address space that no stranger can speak for: private, reserved, documentation (IANA special-purpose registries, RFC 6890).</summary>
internal static class Unroutable
{
    private static readonly Prefix GlobalUnicast = Prefix.Parse("2000::/3");

    private static readonly Prefix[] Blocks =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "2001:db8::/32", "3fff::/20", "2002:a00::/24", "2002:7f00::/24", "2002:c0a8::/32", "2002:ac10::/28",
        }.Select(text => Prefix.Parse(text)),
    ];

    /// <summary>All of them but what lies outside 2000::/3.</summary>
    public static IReadOnlyList<Prefix> All => Blocks;

    /// <summary>The reserved block that this scope shares an address with; null: all of it is global unicast.</summary>
    public static Prefix? Overlapping(Prefix scope)
    {
        if (!scope.IsV4 && !GlobalUnicast.Contains(scope))
        {
            return scope;
        }

        foreach (Prefix block in Blocks)
        {
            if (block.Overlaps(scope))
            {
                return block;
            }
        }

        return null;
    }
}
