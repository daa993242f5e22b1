using Blackwall.Fingerprints;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

public sealed class FingerprintStageTests
{
    private static readonly byte[] s_browser = Hellos.Records(Hellos.Browser());

    private static FingerprintEntry Entry(string value, FingerprintCategory category, double confidence = 0.5, FingerprintKind kind = FingerprintKind.Ja4) =>
        new(kind, value, $"label of {value}", category, confidence, "test", null);

    [Fact]
    public void A_scanner_is_evidence_once_and_decides_nothing()
    {
        Prints prints = new(known: Entry(Hellos.BrowserJa4, FingerprintCategory.Scanner));
        prints.Tls(s_browser, port: 1);
        prints.Tls(s_browser, port: 2);
        Evidence evidence = Assert.Single(prints.Evidence);
        Assert.Equal(("fingerprint", EvidenceClass.Application, 0.2, Address.Parse(Prints.Client)), (evidence.Kind, evidence.Class, evidence.Weight, evidence.Source));
        Assert.Equal($"its client looks like label of {Hellos.BrowserJa4} (scanner, confidence 0.5): ja4 {Hellos.BrowserJa4}", evidence.Detail);
        prints.Now += 2 * 3_600_000_000_000;
        prints.Tls(s_browser, port: 3);
        Assert.Equal(2, prints.Evidence.Count);
    }

    [Fact]
    public void A_known_client_is_a_sign_for_others_to_weigh_when_it_is_outside_and_only_told_when_it_is_inside()
    {
        Prints prints = new(known: Entry(Hellos.BrowserJa4, FingerprintCategory.Malware));
        prints.Tls(s_browser);
        Sign sign = Assert.Single(prints.Signs);
        Assert.Equal((SignKind.Client, EvidenceClass.Application, 0.35, Address.Parse(Prints.Client)), (sign.Kind, sign.Class, Math.Round(sign.Weight, 3), sign.Source));
        prints.Tls(s_browser, port: 2, direction: FlowDirection.Outbound);
        Assert.Single(prints.Signs);
        Assert.Equal(["203.0.113.9", "192.0.2.10"], prints.Evidence.Select(evidence => $"{evidence.Source}"));
    }

    [Fact]
    public void What_comes_by_udp_can_be_anybodys()
    {
        Prints prints = new(known: Entry("q13*", FingerprintCategory.Malware));
        byte[] hello = Hellos.Handshake(Hellos.Browser());
        prints.Quic(new QuicClient(QuicClient.Version1, [1, 2, 3, 4, 5, 6, 7, 8]).Seal(QuicClient.Crypto(hello, 0, hello.Length)));
        Assert.Equal(EvidenceClass.Spoofable, Assert.Single(prints.Evidence).Class);
    }

    [Fact]
    public void Browsers_and_libraries_are_no_evidence_until_somebody_says_so()
    {
        Prints silent = new(known: [Entry(Hellos.BrowserJa4, FingerprintCategory.Browser), Entry("SSH-2.0-libssh*", FingerprintCategory.Library, kind: FingerprintKind.SshBanner)]);
        silent.Tls(s_browser);
        silent.Ssh(Hellos.Ssh(), port: 2);
        Assert.Empty(silent.Evidence);
        Prints told = new(options: new FingerprintOptions { BrowserWeight = 1 }, known: Entry(Hellos.BrowserJa4, FingerprintCategory.Browser));
        told.Tls(s_browser);
        Assert.Equal(0.5, Assert.Single(told.Evidence).Weight);
    }

    [Fact]
    public async Task The_exact_entry_goes_before_the_longest_beginning()
    {
        Prints prints = new(known: [Entry("t13*", FingerprintCategory.Tool), Entry("t13d1516h2_*", FingerprintCategory.Browser)]);
        Assert.Equal("t13d1516h2_*", prints.Database.Find(FingerprintKind.Ja4, Hellos.BrowserJa4)?.Value);
        await prints.Database.ImportAsync([Entry(Hellos.BrowserJa4, FingerprintCategory.Malware)]);
        Assert.Equal(Hellos.BrowserJa4, prints.Database.Find(FingerprintKind.Ja4, Hellos.BrowserJa4)?.Value);
        Assert.Equal("t13*", prints.Database.Find(FingerprintKind.Ja4, "t13i000000_000000000000_000000000000")?.Value);
        Assert.Null(prints.Database.Find(FingerprintKind.Hassh, "t13i000000_000000000000_000000000000"));
    }

    [Fact]
    public async Task A_changed_database_counts_for_the_next_flow()
    {
        Prints prints = new();
        prints.Tls(s_browser, port: 1);
        await prints.Database.ImportAsync([Entry(Hellos.BrowserJa4, FingerprintCategory.Malware)]);
        prints.Tls(s_browser, port: 2, client: "203.0.113.10");
        Assert.Equal("203.0.113.10", $"{Assert.Single(prints.Evidence).Source}");
    }

    [Fact]
    public void First_and_last_sight_and_flows_are_counted()
    {
        Prints prints = new();
        ulong began = prints.Now;
        prints.Tls(s_browser, port: 1);
        prints.Now += 60_000_000_000;
        prints.Tls(s_browser, port: 2);
        SeenFingerprint seen = Assert.Single(prints.Book.Find(Address.Parse(Prints.Client)));
        Assert.Equal((2, TimeSpan.FromMinutes(1), DateTimeOffset.FromUnixTimeSeconds((long)(began / 1_000_000_000))), (seen.Count, seen.Last - seen.First, seen.First));
    }

    [Fact]
    public void Of_a_source_the_newest_fingerprints_are_kept()
    {
        Prints prints = new();
        for (ushort i = 0; i < 9; i++)
        {
            prints.Now += 1_000_000;
            prints.Tls(Hellos.Records(Hellos.Body([i], null)), port: 1 + i);
        }

        Assert.Equal(FingerprintBook.PerSource, prints.Of().Count());
        Assert.Equal(9 - FingerprintBook.PerSource, prints.Book.Displaced);
    }

    [Fact]
    public void The_source_that_was_seen_longest_ago_makes_room()
    {
        Prints prints = new(maxSources: 1024);
        for (int i = 0; i < 1100; i++)
        {
            prints.Tls(s_browser, client: $"10.0.{i / 256}.{i % 256}");
            prints.Tls(s_browser, client: "10.9.9.9", port: 10 + i);
        }

        Assert.Equal((1024, 77), (prints.Book.Sources, prints.Book.Evicted));
        Assert.Equal(1100, prints.Book.Find(Address.Parse("10.9.9.9")).Single().Count);
        Assert.Empty(prints.Of("10.0.0.76"));
        Assert.Single(prints.Of("10.0.0.77"));
    }

    [Fact]
    public void A_known_client_costs_no_allocation()
    {
        Prints prints = new();
        for (int port = 1; port <= 200; port++)
        {
            prints.Tls(s_browser, port: port);
        }

        Address source = Address.Parse(Prints.Client);
        Blackwall.Kernel.Abi.SampleHeader header = new()
        {
            TimeNanoseconds = prints.Now,
            Remote = Blackwall.Kernel.Abi.RawAddress.From(source),
            Protocol = 6,
            Kind = Blackwall.Kernel.Abi.SampleKind.Tls,
        };

        // The runtime may allocate on this thread while it replaces code; what the stage itself allocates comes in every round.
        long least = long.MaxValue;
        ushort next = 1000;
        for (int round = 0; round < 6; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int flow = 0; flow < 200; flow++)
            {
                header.RemotePortNetwork = next++;
                prints.Stage.Observe(in header, s_browser, prints);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(1400, prints.Book.Find(source).Single().Count);
    }
}
