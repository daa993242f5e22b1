namespace Blackwall.Pipeline;

/// <summary>Scopes so large that nobody allows them by accident and means it.</summary>
public static class WideScope
{
    private const int Widest4 = 8;
    private const int Widest6 = 19;

    /// <summary>Whether they cover, one by one or together, more addresses than a /8 of IPv4 or a /19 of IPv6; in words, null: they do not.</summary>
    public static string? Of(IReadOnlyList<Prefix> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        (double four, double six) = (0, 0);
        foreach (Prefix scope in scopes)
        {
            double size = Math.Pow(2, scope.Network.Bits - scope.Length);
            (four, six) = scope.IsV4 ? (four + size, six) : (four, six + size);
        }

        bool wide = four > Math.Pow(2, 32 - Widest4) || six > Math.Pow(2, 128 - Widest6);
        return wide ? scopes.Count == 1 ? $"{scopes[0]}" : "these scopes together" : null;
    }
}
