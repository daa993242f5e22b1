using System.Text;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Model;

namespace Blackwall.Benchmarks.Peers;

/// <summary>What a user of nftables has: a set of hosts and one of prefixes, dropped in raw prerouting.</summary>
internal static class NftSet
{
    public static async Task WriteAsync(string file, IEnumerable<Prefix> hosts, IEnumerable<Prefix> prefixes)
    {
        StringBuilder text = new();
        text.AppendLine("table inet bench {");
        text.Append(" set hosts { type ipv4_addr; elements = { ").AppendJoin(", ", hosts).AppendLine(" }; }");
        text.Append(" set prefixes { type ipv4_addr; flags interval; auto-merge; elements = { ").AppendJoin(", ", prefixes).AppendLine(" }; }");
        text.AppendLine(" chain raw { type filter hook prerouting priority raw; policy accept; ip saddr @hosts drop; ip saddr @prefixes drop; }");
        text.AppendLine("}");
        await File.WriteAllTextAsync(file, text.ToString());
    }

    public static Task LoadAsync(NetNamespace network, string file) => network.RunAsync("nft", "-f", file);

    public static Task ClearAsync(NetNamespace network) => network.RunAsync("nft", "delete", "table", "inet", "bench");
}
