using System.Net;

namespace Blackwall.Mesh.Indicators;

/// <summary>
/// What no indicator may name, on any sensor: private, local, reserved and documentation ranges (IANA special-purpose registries, RFC 6890), the root name servers,
/// and the resolvers that a large part of the Internet asks. Whoever signs a vote for one of them has signed the proof against itself.
/// </summary>
public static class PublicSpace
{
    private static readonly IPNetwork[] Never =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",

            // Root name servers a to m.
            "198.41.0.4/32", "170.247.170.2/32", "192.33.4.12/32", "199.7.91.13/32", "192.203.230.10/32", "192.5.5.241/32", "192.112.36.4/32", "198.97.190.53/32",
            "192.36.148.17/32", "192.58.128.30/32", "193.0.14.129/32", "199.7.83.42/32", "202.12.27.33/32",

            // Public resolvers.
            "1.1.1.1/32", "1.0.0.1/32", "8.8.8.8/32", "8.8.4.4/32", "9.9.9.9/32", "149.112.112.112/32", "208.67.222.222/32", "208.67.220.220/32", "94.140.14.14/32", "94.140.15.15/32",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Never6 =
    [
        .. new[]
        {
            "2001:db8::/32", "3fff::/20", "2002::/16", "2001::/32",
            "2001:503:ba3e::2:30/128", "2801:1b8:10::b/128", "2001:500:2::c/128", "2001:500:2d::d/128", "2001:500:a8::e/128", "2001:500:2f::f/128", "2001:500:12::d0d/128", "2001:500:1::53/128",
            "2001:7fe::53/128", "2001:503:c27::2:30/128", "2001:7fd::1/128", "2001:500:9f::42/128", "2001:dc3::35/128",
            "2606:4700:4700::1111/128", "2606:4700:4700::1001/128", "2001:4860:4860::8888/128", "2001:4860:4860::8844/128", "2620:fe::fe/128", "2620:fe::9/128",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>Whether nobody may ask for anything against this value.</summary>
    public static bool IsProtected(IndicatorValue value)
    {
        if (value.Kind is IndicatorKind.Domain)
        {
            return value.Text.EndsWith(".arpa", StringComparison.Ordinal) || value.Text.EndsWith(".local", StringComparison.Ordinal) || value.Text.EndsWith(".internal", StringComparison.Ordinal);
        }

        if (!value.TryGetNetwork(out IPAddress? network, out int bits))
        {
            return false;
        }

        if (value.Kind is IndicatorKind.Ipv6 or IndicatorKind.Prefix6)
        {
            return !Global6.Contains(network) || Array.Exists(Never6, never => Overlap(never, network, bits));
        }

        return Array.Exists(Never, never => Overlap(never, network, bits));
    }

    /// <summary>Whether two prefixes of one family share an address.</summary>
    public static bool Overlap(IPNetwork one, IPAddress network, int bits) =>
        one.BaseAddress.AddressFamily == network.AddressFamily
        && (bits >= one.PrefixLength ? one.Contains(network) : new IPNetwork(network, bits).Contains(one.BaseAddress));
}
