using System.Globalization;
using Blackwall.Pipeline.Model;

namespace Blackwall.Remediation;

/// <summary>
/// Writes the list of blocks for other firewalls, in the order of the addresses. Addresses alone: no word that anybody else wrote is in it.
/// </summary>
internal static class ExportWriter
{
    private const int PerLine = 16;

    /// <summary>Each line, without its end.</summary>
    /// <param name="blocks">Prefixes in order; none lies in another one.</param>
    /// <param name="format">How.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<Prefix> blocks, ExportFormat format) => format switch
    {
        ExportFormat.Netset => blocks.Select(block => block.ToString()),
        ExportFormat.Nftables => Nftables(blocks),
        _ => Ipset(blocks),
    };

    /// <summary>In order, without what lies in another one: sets of intervals take no overlaps.</summary>
    public static IReadOnlyList<Prefix> Merge(IEnumerable<Prefix> scopes)
    {
        List<Prefix> merged = [];
        foreach (Prefix scope in scopes.OrderBy(scope => scope.Network.Value).ThenBy(scope => scope.Length))
        {
            if (merged.Count == 0 || !merged[^1].Contains(scope))
            {
                merged.Add(scope);
            }
        }

        return merged;
    }

    private static IEnumerable<string> Nftables(IReadOnlyList<Prefix> blocks)
    {
        yield return "add table inet blackwall";
        foreach ((string name, string type, bool isV4) in new[] { ("blocked4", "ipv4_addr", true), ("blocked6", "ipv6_addr", false) })
        {
            yield return $"add set inet blackwall {name} {{ type {type}; flags interval; }}";
            yield return $"flush set inet blackwall {name}";
            foreach (Prefix[] some in blocks.Where(block => block.IsV4 == isV4).Chunk(PerLine))
            {
                yield return $"add element inet blackwall {name} {{ {string.Join(", ", some)} }}";
            }
        }
    }

    private static IEnumerable<string> Ipset(IReadOnlyList<Prefix> blocks)
    {
        foreach ((string name, string family, bool isV4) in new[] { ("blackwall4", "inet", true), ("blackwall6", "inet6", false) })
        {
            Prefix[] own = [.. blocks.Where(block => block.IsV4 == isV4)];
            string size = string.Create(CultureInfo.InvariantCulture, $"family {family} maxelem {Math.Max(65_536, own.Length * 2)}");
            yield return $"create {name} hash:net {size} -exist";
            yield return $"create {name}-next hash:net {size} -exist";
            yield return $"flush {name}-next";
            foreach (Prefix block in own)
            {
                // hash:net has no room for everything at once: two halves are the same.
                if (block.Length == 0)
                {
                    yield return $"add {name}-next {Prefix.Around(block.Network, 1)}";
                    yield return $"add {name}-next {Prefix.Around(block.Last, 1)}";
                    continue;
                }

                yield return $"add {name}-next {block}";
            }

            yield return $"swap {name} {name}-next";
            yield return $"destroy {name}-next";
        }
    }
}
