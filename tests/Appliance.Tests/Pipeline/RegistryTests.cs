using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

/// <summary>Numbers that store, kernel or state files keep mean the same for ever, and names are distinct.</summary>
public sealed class RegistryTests
{
    [Fact]
    public void Every_origin_has_one_line_at_its_number()
    {
        Assert.Equal(Enum.GetValues<Origin>(), OriginRules.All.Select(rules => rules.Origin));
        Assert.Equal(["guard", "operator", "local", "model", "mesh", "feed"], OriginRules.All.Select(rules => rules.Name));
        Assert.Equal([0, 1, 2, 3, 4, 5], OriginRules.All.Select(rules => (int)rules.Origin));
        byte[] ranks = [.. OriginRules.All.SelectMany(rules => new[] { rules.Rank, rules.AllowRank ?? rules.Rank }).Distinct()];
        Assert.Equal([0, 2, 1, 3, 4, 5, 6], ranks.Select(rank => (int)rank));
        foreach (OriginRules rules in OriginRules.All)
        {
            Assert.Equal(rules.Origin, OriginRules.OfRank(Precedence.Rank(rules.Origin, Verdict.Drop)));
            Assert.Equal(rules.Origin, OriginRules.OfRank(Precedence.Rank(rules.Origin, Verdict.Pass)));
            Assert.Equal(rules.Origin != Origin.Guard, OriginRules.IsStoredNumber((long)rules.Origin));
        }

        Assert.False(OriginRules.IsStoredNumber(6) || OriginRules.IsStoredNumber(-1));
        Assert.Null(OriginRules.OfRank(7));
    }

    [Fact]
    public void Every_kind_of_evidence_has_its_number_and_a_name_of_its_own()
    {
        Assert.Equal(
            [
                "port-scan", "slow-port-scan", "stealth-scan", "distributed-scan", "ping-sweep", "syn-flood", "udp-flood", "icmp-flood", "brute-force", "login-knock",
                "http-probe", "cleartext-entropy", "fingerprint", "target-flood", "beacon", "exfiltration", "dns-tunnel", "icmp-tunnel", "outbound-scan", "c2-contact",
            ],
            EvidenceKind.All.Select(kind => kind.Name));
        Assert.Equal(Enumerable.Range(0, EvidenceKind.All.Count), EvidenceKind.All.Select(kind => kind.Number));
        Assert.Equal(EvidenceKind.All.Count, EvidenceKind.All.Select(kind => kind.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(EvidenceKind.All, kind => Assert.Same(kind, EvidenceKind.Parse(kind.Name)));
        Assert.Null(EvidenceKind.Parse("phase"));
        Assert.Equal("SlowPortScan", EvidenceKind.SlowPortScan.ToString());
    }

    [Fact]
    public void What_a_sources_record_keeps_has_a_place_there()
    {
        Assert.Equal(Enumerable.Range(0, Watch.ReportTimes.Length), EvidenceKind.All.Where(kind => kind.IsOfSource).Select(kind => kind.Number));
        Assert.True(Watch.ReportTimes.Length <= KindSet.Capacity);
        KindSet set = default;
        set.Set(EvidenceKind.Fingerprint, isIn: true);
        set.Set(EvidenceKind.PortScan, isIn: true);
        set.Set(EvidenceKind.PortScan, isIn: false);
        Assert.Equal([EvidenceKind.Fingerprint], EvidenceKind.All.Where(kind => kind.IsOfSource).Where(kind => set.Contains(kind)));
    }

    [Fact]
    public void Only_what_rests_on_more_than_forgeable_packets_may_block() =>
        Assert.Equal(["port-scan", "slow-port-scan", "brute-force", "http-probe", "fingerprint"], EvidenceKind.All.Where(kind => kind.MayBlock).Select(kind => kind.Name));
}
