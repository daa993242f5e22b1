namespace Blackwall.Intel.Stix;

/// <summary>STIX patterns (STIX 2.1 section 9) of indicators.</summary>
internal static class StixPattern
{
    /// <summary>The pattern that matches a value.</summary>
    public static string Of(IndicatorKind kind, string value) => kind switch
    {
        IndicatorKind.Ipv4 => Address("ipv4-addr", value),
        IndicatorKind.Ipv6 => Address("ipv6-addr", value),
        IndicatorKind.Domain => $"[domain-name:value = {Literal(value)}]",
        IndicatorKind.Url => $"[url:value = {Literal(value)}]",
        IndicatorKind.Sha256 => $"[file:hashes.'SHA-256' = {Literal(value)}]",
        IndicatorKind.Ja4 => $"[network-traffic:extensions.'{FingerprintExtension.Id}'.ja4 = {Literal(value)}]",
        _ => $"[network-traffic:extensions.'{FingerprintExtension.Id}'.hassh = {Literal(value)}]",
    };

    /// <summary>A string in single quotes; a quote and a backslash inside are escaped.</summary>
    public static string Literal(string value) => $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static string Address(string type, string value) =>
        value.Contains('/', StringComparison.Ordinal) ? $"[{type}:value ISSUBSET {Literal(value)}]" : $"[{type}:value = {Literal(value)}]";
}
