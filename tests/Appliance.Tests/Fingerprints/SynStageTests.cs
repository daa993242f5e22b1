using Blackwall.Fingerprints;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

/// <summary>SYNs can be anybody's: what they lead to, and what they cannot.</summary>
public sealed class SynStageTests
{
    private const string Print = "4_64_mstnw_di_mm_e_7";

    private static readonly SynBytes s_syn = new();

    private static FingerprintEntry Scanner(string value = Print) => new(FingerprintKind.TcpSyn, value, "a scanner", FingerprintCategory.Scanner, 0.5, "test", null);

    [Fact]
    public void The_syn_of_a_known_scanner_is_evidence_that_anybody_could_have_sent()
    {
        Prints prints = new(known: Scanner());
        prints.Syn(s_syn);
        prints.Syn(s_syn);
        Assert.Equal([Print], prints.Of());
        Evidence evidence = Assert.Single(prints.Evidence);
        Assert.Equal(("fingerprint", EvidenceClass.Spoofable, 0.2), (evidence.Kind, evidence.Class, evidence.Weight));
        Assert.Equal($"its client looks like a scanner (scanner, confidence 0.5): tcp-syn {Print}", evidence.Detail);
    }

    [Fact]
    public void A_finished_handshake_makes_no_proof_of_a_syn()
    {
        Prints prints = new(known: Scanner());
        prints.Establish();
        prints.Syn(s_syn);
        prints.Establish();
        Assert.Equal(EvidenceClass.Spoofable, Assert.Single(prints.Evidence).Class);
    }

    [Fact]
    public void A_flood_with_invented_sources_takes_no_place_of_a_source_that_has_proved_itself()
    {
        Prints prints = new(maxSources: 1024);
        prints.Syn(s_syn, "198.51.100.1");
        prints.Establish("198.51.100.1");
        prints.Tls(Hellos.Records(Hellos.Browser()), client: "198.51.100.2");
        prints.Syn(s_syn, "198.51.100.3");
        for (int i = 0; i < 20_000; i++)
        {
            prints.Syn(s_syn, $"10.0.{i >> 8}.{i & 255}");
        }

        Assert.Equal([Print], prints.Of("198.51.100.1"));
        Assert.Equal([Hellos.BrowserJa4], prints.Of("198.51.100.2"));
        Assert.Empty(prints.Of("198.51.100.3"));
        Assert.Equal((256, 256 + 2, 20_001 - 256), (prints.Book.Unproven, prints.Book.Sources, (int)prints.Book.Evicted));
    }

    [Fact]
    public void A_proof_counts_also_when_it_is_heard_of_before_the_syn()
    {
        Prints prints = new(maxSources: 1024);
        prints.Establish();
        prints.Syn(s_syn);
        Assert.Equal((0, 1), (prints.Book.Unproven, prints.Book.Sources));
        prints.Now += 20_000_000_000;
        prints.Syn(s_syn, "198.51.100.1");
        Assert.Equal((1, 2), (prints.Book.Unproven, prints.Book.Sources));
    }

    [Fact]
    public void The_syn_of_a_known_scanner_is_a_sign_for_the_other_stages_as_weak_as_its_evidence()
    {
        Prints prints = new(known: Scanner());
        prints.Syn(s_syn);
        Sign sign = Assert.Single(prints.Signs);
        Assert.Equal((SignKind.Client, EvidenceClass.Spoofable, 0.2), (sign.Kind, sign.Class, sign.Weight));
    }

    [Fact]
    public void Proven_sources_stay_within_their_number_when_others_prove_themselves()
    {
        Prints prints = new(maxSources: 1024);
        for (int i = 0; i < 3000; i++)
        {
            string client = $"10.0.{i >> 8}.{i & 255}";
            prints.Syn(s_syn, client);
            prints.Establish(client);
        }

        Assert.Equal((0, 1024, 3000 - 1024), (prints.Book.Unproven, prints.Book.Sources, (int)prints.Book.Evicted));
        Assert.Equal([Print], prints.Of("10.0.11.183"));
        Assert.Empty(prints.Of("10.0.0.0"));
    }

    [Fact]
    public void Syns_in_the_name_of_a_source_displace_nothing_that_its_programs_showed()
    {
        Prints prints = new();
        prints.Tls(Hellos.Records(Hellos.Browser()));
        for (ushort i = 1; i <= 50; i++)
        {
            prints.Now += 1_000_000;
            prints.Syn(s_syn with { Window = i });
        }

        Assert.Contains(Hellos.BrowserJa4, prints.Of());
        Assert.Equal(FingerprintBook.SynsPerSource + 1, prints.Of().Count());
        Assert.Equal(50 - FingerprintBook.SynsPerSource, prints.Book.Displaced);
    }

    [Fact]
    public void A_flood_of_scanners_syns_turns_neither_journal_nor_stream_over_and_what_is_held_back_is_counted()
    {
        Prints prints = new(maxSources: 100_000, known: Scanner());
        for (int i = 0; i < 10_000; i++)
        {
            prints.Now += 1_000_000;
            prints.Syn(s_syn, $"10.0.{i >> 8}.{i & 255}");
        }

        // 200 at once, then 20 a second, ten seconds long.
        Assert.InRange(prints.Evidence.Count, 390, 410);
        Assert.Equal(10_000 - prints.Evidence.Count, prints.Stage.Counters["evidenceHeldBack"]);
        Assert.Equal(10_000, prints.Stage.Counters["tcpSyn"]);
    }

    [Fact]
    public void Broken_samples_are_nothing()
    {
        Prints prints = new();
        prints.Syn(s_syn with { Flags = 0x12 });
        Assert.Empty(prints.Of());
        Assert.Equal(0, prints.Stage.Counters["tcpSyn"]);
    }

    [Fact]
    public void A_known_syn_of_a_known_source_costs_no_allocation()
    {
        Prints prints = new();
        byte[] sample = s_syn.Sample();
        Blackwall.Kernel.Abi.SampleHeader header = new() { TimeNanoseconds = prints.Now, Remote = Blackwall.Kernel.Abi.RawAddress.From(Address.Parse(Prints.Client)), Kind = Blackwall.Kernel.Abi.SampleKind.Syn };

        // The runtime may allocate on this thread while it replaces code; what the stage itself allocates comes in every round.
        long least = long.MaxValue;
        for (int round = 0; round < 6; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 200; i++)
            {
                prints.Stage.Observe(in header, sample, prints);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}
