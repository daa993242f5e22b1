using System.Reflection;
using Blackwall.Behavior.Judgement;
using Blackwall.Classification;
using Blackwall.Fingerprints;
using Blackwall.Inspection;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

public sealed class EvidenceFactsTests
{
    private static readonly DateTimeOffset Seen = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly EvidenceFacts Full = Filled();

    public static TheoryData<string> Names => [.. All.Select(finding => finding.Name)];

    private static IReadOnlyList<Finding> All => [.. Findings.All, .. InspectionFindings.All, .. FingerprintFindings.All, .. OpinionFindings.All, .. CommonFindings.All];

    [Fact]
    public void Every_finding_has_a_name_of_its_own_and_is_listed()
    {
        Assert.Equal(All.Count, All.Select(finding => finding.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(All, finding => Assert.Matches("^[a-z]+(-[a-z]+)*$", finding.Name));
        foreach ((Type type, IReadOnlyList<Finding> listed) in new[] { (typeof(Findings), Findings.All), (typeof(InspectionFindings), InspectionFindings.All), (typeof(FingerprintFindings), FingerprintFindings.All), (typeof(OpinionFindings), OpinionFindings.All), (typeof(CommonFindings), CommonFindings.All) })
        {
            Assert.Equal(type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(Finding)).Select(field => (Finding)field.GetValue(null)!), listed);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_finding_reads_as_a_sentence_and_its_facts_come_back_from_the_store_as_they_were(string name)
    {
        Finding finding = All.Single(one => string.Equals(one.Name, name, StringComparison.Ordinal));
        Evidence evidence = Evidence.Create(Address.Parse("203.0.113.9"), "kind", EvidenceClass.Handshake, 1, Seen, Named(Full with { Inside = null }, finding));
        Assert.True(char.IsAsciiLetterLower(evidence.Detail[0]) || char.IsAsciiDigit(evidence.Detail[0]), evidence.Detail);
        Assert.DoesNotContain("  ", evidence.Detail, StringComparison.Ordinal);

        // What is stored comes back the same, but for the text, which lies beside it.
        string json = EvidenceJson.Write(evidence.Facts)!;
        EvidenceFacts back = EvidenceJson.Read(json)!;
        Assert.Equal(json, EvidenceJson.Write(back));
        Assert.Equal("", back.Sentence);
    }

    [Fact]
    public void The_time_is_that_of_what_was_counted()
    {
        Evidence evidence = Evidence.Create(Address.Parse("203.0.113.9"), "port-scan", EvidenceClass.Spoofable, 1, Seen, new EvidenceFacts(Findings.PortsTried) { Ports = 30, Hosts = 1, SpanMilliseconds = 6000 });
        Assert.Equal("contacted 30 ports of 1 host in 6.0 s without using any", evidence.Detail);
        Assert.Equal((Seen.AddSeconds(-6), Seen, 5.0), (evidence.Facts!.FirstSeen, evidence.Facts.LastSeen, evidence.Facts.PerSecond));
        Assert.Equal("""{"finding":"ports-tried","ports":30,"hosts":1,"spanMilliseconds":6000,"perSecond":5,"firstSeen":"2030-01-01T11:59:54+00:00","lastSeen":"2030-01-01T12:00:00+00:00"}""", EvidenceJson.Write(evidence.Facts));
    }

    [Fact]
    public void What_makes_no_sense_in_the_store_is_no_facts()
    {
        Assert.Null(EvidenceJson.Read("{"));
        Assert.Null(EvidenceJson.Read("[]"));
        Assert.Null(EvidenceJson.Read(null));
        Assert.Equal("ports-tried", EvidenceJson.Read("""{"finding":"ports-tried","later":1}""")!.Finding);
    }

    [Fact]
    public void A_change_of_phase_has_the_facts_of_what_led_to_it()
    {
        EvidenceFacts logins = new(Findings.LoginsTried) { Logins = 8, Service = "SSH", Port = 22, SpanMilliseconds = 2000, SharedSource = true };
        Evidence phase = Evidence.Create(Address.Parse("203.0.113.9"), "phase", EvidenceClass.Spoofable, 0, Seen, logins.Leading(Findings.PhaseChanged) with { From = "new", To = "malicious" });
        Assert.Equal("new to malicious: tried 8 logins at SSH in 2.0 s; many people share this address", phase.Detail);
        Assert.Equal(("phase-changed", "logins-tried", 8L), (phase.Facts!.Finding, phase.Facts.Because, phase.Facts.Logins));
    }

    [Fact]
    public void Evidence_against_an_end_outside_names_the_host_inside()
    {
        EvidenceFacts facts = new(Findings.PingsCarryData) { BytesOut = 5, BytesIn = 6, Other = "203.0.113.9", Inside = "192.0.2.5" };
        Assert.Equal("192.0.2.5 exchanged 5 bytes out and 6 in with 203.0.113.9 in one flow of pings; an echo reply is as long as its request", facts.Sentence);
    }

    private static EvidenceFacts Named(EvidenceFacts facts, Finding finding) => facts.Leading(finding) with { Because = null, Why = "why" };

    private static EvidenceFacts Filled()
    {
        EvidenceFacts facts = new(Findings.PortsTried);
        int next = 2;
        foreach (PropertyInfo property in typeof(EvidenceFacts).GetProperties().Where(property => property.CanWrite && property.Name is not nameof(EvidenceFacts.Finding)))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            property.SetValue(facts, type == typeof(string) ? $"word{next++}"
                : type == typeof(bool) ? null
                : type == typeof(DateTimeOffset) ? Seen
                : type == typeof(IReadOnlyList<string>) ? (string[])["a", "b"]
                : Convert.ChangeType(next++, type, System.Globalization.CultureInfo.InvariantCulture));
        }

        return facts;
    }
}
