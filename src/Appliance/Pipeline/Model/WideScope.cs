namespace Blackwall.Pipeline.Model;

/// <summary>Recognises scopes so large that an allow rule for them is probably a mistake.</summary>
public static class WideScope
{
    private const int Widest4 = 8;
    private const int Widest6 = 19;

    /// <summary>Where IPv6 carries IPv4 addresses, from the bit after the prefix on: NAT64 (RFC 6052, section 2.1) and 6to4 (RFC 3056, section 2).</summary>
    private static readonly Prefix[] Carriers = [Prefix.Parse("64:ff9b::/96"), Prefix.Parse("2002::/16")];

    /// <summary>
    /// Whether they cover, one by one or together, more addresses than a /8 of IPv4 or a /19 of IPv6; in words, null: they do not. A scope of IPv6
    /// that carries IPv4 addresses counts as those too.
    /// </summary>
    public static string? Find(IReadOnlyList<Prefix> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        (double four, double six) = (0, 0);
        foreach (Prefix scope in scopes)
        {
            double size = Math.Pow(2, scope.Network.Bits - scope.Length);
            (four, six) = scope.IsV4 ? (four + size, six) : (four + Carried(scope), six + size);
        }

        bool wide = four > Math.Pow(2, 32 - Widest4) || six > Math.Pow(2, 128 - Widest6);
        return wide ? scopes.Count == 1 ? $"{scopes[0]}" : "these scopes together" : null;
    }

    /// <summary>How many IPv4 addresses the scope holds in their form of IPv6; one of which it holds a part counts as that part.</summary>
    public static double Carried(Prefix scope)
    {
        double four = 0;
        foreach (Prefix carrier in Carriers)
        {
            if (carrier.Overlaps(scope))
            {
                four += Math.Pow(2, 32 - Math.Max(0, scope.Length - carrier.Length));
            }
        }

        return four;
    }
}
