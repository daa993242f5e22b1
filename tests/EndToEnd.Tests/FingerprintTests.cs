using System.Net;
using Blackwall.Client.Sources;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>What real tools show of themselves on a real interface.</summary>
public sealed class FingerprintTests(Edge edge) : IClassFixture<Edge>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 4, "4_64_m_0_1024_e_x")]
    [InlineData(true, 5, "6_255_m_0_1024_j_x")]
    public async Task The_syns_of_nmap_have_the_print_that_docs_tell_are_named_and_are_evidence_that_blocks_nobody(bool v6, int address, string print)
    {
        var (source, target) = await SpeakAsync(v6, address);

        // Two ports: too few for the detection of scans, so whatever is decided would come of the print.
        await edge.Network.Attacker.Network.TryAsync(["nmap", v6 ? "-6" : "-4", "-n", "-Pn", "-sS", "-p", "80,81", target.ToString()], s_limit, Cancellation);

        var seen = await SynAsync(source);
        Assert.Equal((print, "nmap SYN scan"), (seen.Value, seen.Label));
        var standing = await edge.Stage.Appliance.CtlAsync(["why", source.ToString(), "--json"], Cancellation);
        Assert.Contains($"tcp-syn {print}", standing.Output, StringComparison.Ordinal);
        Assert.Contains("\"spoofable\"", standing.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(await edge.Api.DecisionsAsync(source, Cancellation), d => d.Blocks);
    }

    [Theory]
    [InlineData(false, 6, "4_64_mstnw_di_mm_")]
    [InlineData(true, 7, "6_64_mstnw_f_mm_")]
    public async Task The_syns_of_curl_are_those_of_linux_and_no_evidence(bool v6, int address, string beginning)
    {
        var (source, target) = await SpeakAsync(v6, address);
        var host = v6 ? $"[{target}]" : target.ToString();

        await edge.Network.Attacker.Network.TryAsync(["curl", "-s", "-g", "-o", "/dev/null", "--max-time", "5", $"http://{host}/"], s_limit, Cancellation);

        // The rest is what memory and link of this machine make of it.
        var seen = await SynAsync(source);
        Assert.StartsWith(beginning, seen.Value, StringComparison.Ordinal);
        Assert.Equal("Linux", seen.Label);
        var standing = await edge.Stage.Appliance.CtlAsync(["why", source.ToString(), "--json"], Cancellation);
        Assert.DoesNotContain("looks like Linux", standing.Output, StringComparison.Ordinal);
    }

    private async Task<(IPAddress Source, IPAddress Target)> SpeakAsync(bool v6, int address)
    {
        var (attacker, server) = (edge.Network.Attacker, edge.Network.Server);
        var source = v6 ? attacker.Addresses6[address] : attacker.Addresses4[address];
        await attacker.SpeakAsAsync(source);
        return (source, v6 ? server.Addresses6[0] : server.Addresses4[0]);
    }

    private async Task<SeenFingerprint> SynAsync(IPAddress source)
    {
        IReadOnlyList<SeenFingerprint> seen = [];
        Assert.True(await Tool.UntilAsync(async () => (seen = await edge.Api.FingerprintsAsync(source, Cancellation)).Any(f => f.Kind is "tcp-syn"), s_limit, Cancellation));
        return Assert.Single(seen, f => f.Kind is "tcp-syn");
    }
}
