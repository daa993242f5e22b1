using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

[Collection(KernelCollection.Name)]
public sealed class PolicyTests(KernelHarness kernel)
{
    private readonly KernelHarness _kernel = kernel.Reset();

    public static TheoryData<string, string, int> Families => new()
    {
        { "203.0.113.7", "198.51.100.1", 0 },
        { "203.0.113.7", "198.51.100.1", 1 },
        { "203.0.113.7", "198.51.100.1", 2 },
        { "2001:db8:1::7", "2001:db8:2::1", 0 },
        { "2001:db8:1::7", "2001:db8:2::1", 1 },
        { "2001:db8:1::7", "2001:db8:2::1", 2 },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_blocked_host_is_dropped_whatever_tags_it_wears(string source, string server, int tags)
    {
        _kernel.Policy((source, Verdict.Drop));
        Outcome outcome = _kernel.Ingress(Tagged(Frame.From(source, server).TcpSegment(40000, 80, Frame.Syn), tags));
        Assert.Equal((KernelHarness.Drop, Reason.DropHost), (outcome.Code, outcome.Reason));
        outcome = _kernel.Ingress(Tagged(Frame.From(server, source).UdpDatagram(40000, 80), tags));
        Assert.Equal((KernelHarness.Pass, Reason.PassDefault), (outcome.Code, outcome.Reason));
    }

    [Theory]
    [InlineData("203.0.112.0/23", "203.0.113.255", "203.0.114.0")]
    [InlineData("10.0.0.0/8", "10.255.255.255", "11.0.0.0")]
    [InlineData("203.0.113.128/25", "203.0.113.200", "203.0.113.5")]
    [InlineData("2001:db8:7::/48", "2001:db8:7:ffff::1", "2001:db8:8::1")]
    [InlineData("2001:db8::/29", "2001:dbf:ffff::1", "2001:dc0::1")]
    public void A_prefix_blocks_all_of_itself_and_nothing_else(string prefix, string inside, string outside)
    {
        _kernel.Policy((prefix, Verdict.Drop));
        string server = inside.Contains(':', StringComparison.Ordinal) ? "2001:db8:ff::1" : "198.51.100.1";
        Assert.Equal(Reason.DropPrefix, _kernel.Ingress(Frame.From(inside, server).UdpDatagram(1, 2)).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(outside, server).UdpDatagram(1, 2)).Reason);
    }

    [Fact]
    public void Trap10_an_allow_entry_beats_a_block_of_any_length_and_cures_it_at_once()
    {
        _kernel.Policy(("203.0.113.0/24", Verdict.Drop), ("203.0.113.9", Verdict.Drop));
        Frame frame = Frame.From("203.0.113.9", "198.51.100.1").UdpDatagram(1, 2);
        Assert.Equal(Reason.DropHost, _kernel.Ingress(frame).Reason);
        Assert.True(_kernel.Apply("203.0.113.9", Verdict.Pass));
        Assert.Equal((KernelHarness.Pass, Reason.PassAllow), (_kernel.Ingress(frame).Code, _kernel.Ingress(frame).Reason));
        Assert.Equal(Reason.DropPrefix, _kernel.Ingress(Frame.From("203.0.113.8", "198.51.100.1").UdpDatagram(1, 2)).Reason);
    }

    [Fact]
    public void Trap10_an_allowed_source_passes_before_any_parse_that_can_fail()
    {
        _kernel.Policy(("203.0.113.9", Verdict.Pass));
        byte[] frame = Frame.From("203.0.113.9", "198.51.100.1").UdpDatagram(1, 2).Build();
        frame[14] = 0x41; // ihl 1
        Assert.Equal(Reason.PassAllow, _kernel.Ingress(frame).Reason);
    }

    [Theory]
    [InlineData("203.0.113.7", "198.51.100.1")]
    [InlineData("2001:db8:1::7", "2001:db8:2::1")]
    public void A_block_ends_in_the_kernel_when_its_time_is_over(string source, string server)
    {
        _kernel.Policy([(source, Verdict.Drop, _kernel.Date(TimeSpan.FromSeconds(60)))]);
        Frame frame = Frame.From(source, server).UdpDatagram(1, 2);
        Assert.Equal(Reason.DropHost, _kernel.Ingress(frame).Reason);
        _kernel.Advance(TimeSpan.FromSeconds(62));
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(frame).Reason);
    }

    [Theory]
    [InlineData("::ffff:0:0/96 form", "0000:0000:0000:0000:0000:ffff:cb00:7107")]
    [InlineData("6to4", "2002:cb00:7107::1")]
    [InlineData("NAT64", "64:ff9b::cb00:7107")]
    public void A_blocked_ipv4_address_does_not_come_back_in_an_ipv6_coat(string form, string source)
    {
        Assert.NotEmpty(form);
        _kernel.Policy(("203.0.113.7", Verdict.Drop));
        byte[] frame = Frame.From("2001:db8::5", "2001:db8:2::1").UdpDatagram(1, 2).Build();
        System.Net.IPAddress.Parse(source).TryWriteBytes(frame.AsSpan(22, 16), out _);
        Assert.Equal((KernelHarness.Drop, Reason.DropEmbedded), (_kernel.Ingress(frame).Code, _kernel.Ingress(frame).Reason));
    }

    [Theory]
    [InlineData("::ffff:0:0/96 form", "0000:0000:0000:0000:0000:ffff:cb00:7107")]
    [InlineData("6to4", "2002:cb00:7107::1")]
    [InlineData("NAT64", "64:ff9b::cb00:7107")]
    public void An_allowed_ipv4_address_passes_in_its_ipv6_forms_too(string form, string source)
    {
        Assert.NotEmpty(form);
        byte[] frame = Frame.From("2001:db8::5", "2001:db8:2::1").UdpDatagram(1, 2).Build();
        System.Net.IPAddress.Parse(source).TryWriteBytes(frame.AsSpan(22, 16), out _);
        _kernel.Install(Entry("203.0.113.0/24", Verdict.Drop, 3), Entry("203.0.113.7", Verdict.Pass, 1));
        Assert.Equal((KernelHarness.Pass, Reason.PassAllow), (_kernel.Ingress(frame).Code, _kernel.Ingress(frame).Reason));

        // The stronger decision wins, whichever form it names.
        _kernel.Install(Entry("203.0.113.0/24", Verdict.Pass, 1), Entry("64:ff9b::/96", Verdict.Drop, 2), Entry("2002::/16", Verdict.Drop, 2));
        Assert.Equal(Reason.PassAllow, _kernel.Ingress(frame).Reason);
        _kernel.Install(Entry("203.0.113.7", Verdict.Drop, 3), Entry("64:ff9b::/96", Verdict.Pass, 1), Entry("2002::/16", Verdict.Pass, 1));
        Assert.Equal(source.StartsWith("0000", StringComparison.Ordinal) ? Reason.DropEmbedded : Reason.PassAllow, _kernel.Ingress(frame).Reason);
    }

    [Fact]
    public void Hits_are_counted_one_by_one_at_first_and_by_samples_afterwards()
    {
        _kernel.Policy(("203.0.113.7", Verdict.Drop));
        Frame frame = Frame.From("203.0.113.7", "198.51.100.1").UdpDatagram(1, 2);

        // Each CPU counts to 64 by itself.
        ulong slack = 64 * (ulong)Environment.ProcessorCount;
        for (ulong sent = 1; sent <= 1_000; sent++)
        {
            _kernel.Ingress(frame);
            Assert.True(_kernel.Writer.TryRead(Prefix.Parse("203.0.113.7"), out PolicyValue value));
            Assert.InRange(value.Hits, sent <= 16 ? sent : sent - Math.Min(sent - 16, slack), sent <= 16 ? sent : sent + slack);
        }

        _kernel.Drain();
        Assert.InRange(_kernel.Events.Count(e => e.Kind == EventKind.Dropped), 8, 24);
    }

    [Fact]
    public void A_guarded_source_is_tracked_and_told_and_never_dropped()
    {
        const string owner = "203.0.113.9", server = "198.51.100.1";
        _kernel.Configure(s => s with { Limits = [new RateRule(RateClass.Udp, RateScope.Host, 1, 1)] });
        _kernel.Install(Entry(owner, Verdict.Pass, 0));
        _kernel.Handshake(owner, server, 40000, 22);
        _kernel.Drain();
        Assert.Contains(_kernel.Events, e => e.Kind == EventKind.FlowEstablished);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(KernelHarness.Pass, _kernel.Ingress(Frame.From(owner, server).UdpDatagram((ushort)(1000 + i), 2)).Code);
        }

        Assert.Equal(KernelHarness.Pass, _kernel.Ingress(Frame.From(owner, server).TcpSegment(40001, 80, 0)).Code);
        _kernel.Drain();
        Assert.Contains(_kernel.Events, e => e.Kind == EventKind.Stealth);

        // The same from a stranger is dropped.
        Assert.Equal(KernelHarness.Drop, _kernel.Ingress(Frame.From("203.0.113.10", server).TcpSegment(40001, 80, 0)).Code);
    }

    private static PolicyEntry Entry(string scope, Verdict verdict, byte rank) => new(Prefix.Parse(scope), 7, long.MaxValue, verdict, rank);

    [Fact]
    public void Observing_passes_and_counts_what_would_have_been_dropped()
    {
        _kernel.Configure(s => s with { Mode = EnforcementMode.Observe });
        _kernel.Policy(("203.0.113.7", Verdict.Drop));
        Outcome outcome = _kernel.Ingress(Frame.From("203.0.113.7", "198.51.100.1").UdpDatagram(1, 2));
        Assert.Equal((KernelHarness.Pass, Reason.DropHost, true), (outcome.Code, outcome.Reason, outcome.Would));
    }

    [Fact]
    public void Mode_off_passes_everything()
    {
        _kernel.Configure(s => s with { Mode = EnforcementMode.Off });
        _kernel.Policy(("203.0.113.7", Verdict.Drop));
        Assert.Equal((KernelHarness.Pass, Reason.PassOff), (_kernel.Ingress(Frame.From("203.0.113.7", "198.51.100.1").UdpDatagram(1, 2)).Code, _kernel.Ingress(new byte[60]).Reason));
    }

    [Theory]
    [InlineData((byte)133)]
    [InlineData((byte)135)]
    [InlineData((byte)136)]
    public void Neighbour_discovery_of_a_blocked_router_passes(byte type)
    {
        _kernel.Policy(("fe80::1", Verdict.Drop));
        Assert.Equal(Reason.PassNeighbour, _kernel.Ingress(Frame.From("fe80::1", "ff02::1").Ttl(255).IcmpMessage(type, 0, new byte[20])).Reason);
        Assert.Equal(Reason.DropHost, _kernel.Ingress(Frame.From("fe80::1", "ff02::1").Ttl(64).IcmpMessage(type, 0, new byte[20])).Reason);
    }

    [Fact]
    public void Multicast_listener_reports_pass_behind_their_router_alert()
    {
        _kernel.Policy(("fe80::1", Verdict.Drop));
        Assert.Equal(Reason.PassNeighbour, _kernel.Ingress(Frame.From("fe80::1", "ff02::16").Ttl(1).Extension(0).IcmpMessage(143, 0, new byte[20])).Reason);
    }

    [Theory]
    [InlineData((ushort)0x0806)]
    [InlineData((ushort)0x888e)]
    [InlineData((ushort)0x8809)]
    [InlineData((ushort)0x0026)]
    public void Arp_eapol_lacp_and_llc_always_pass(ushort type)
    {
        byte[] frame = new byte[60];
        frame[12] = (byte)(type >> 8);
        frame[13] = (byte)type;
        Assert.Equal((KernelHarness.Pass, Reason.PassNotIp), (_kernel.Ingress(frame).Code, _kernel.Ingress(frame).Reason));
    }

    [Fact]
    public void A_policy_is_swapped_as_one_and_never_seen_mixed()
    {
        _kernel.Policy(("203.0.113.1", Verdict.Drop));
        ulong generation = _kernel.Writer.Generation;
        _kernel.Policy(("203.0.113.2", Verdict.Drop));
        Assert.Equal(generation + 1, _kernel.Writer.Generation);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From("203.0.113.1", "198.51.100.1").UdpDatagram(1, 2)).Reason);
        Assert.Equal(Reason.DropHost, _kernel.Ingress(Frame.From("203.0.113.2", "198.51.100.1").UdpDatagram(1, 2)).Reason);
    }

    [Fact]
    public void The_kernel_counts_the_hits_of_each_entry()
    {
        _kernel.Policy(("203.0.113.1", Verdict.Drop));
        for (int i = 0; i < 5; i++)
        {
            _kernel.Ingress(Frame.From("203.0.113.1", "198.51.100.1").UdpDatagram(1, 2));
        }

        Assert.True(_kernel.Writer.TryRead(Prefix.Parse("203.0.113.1"), out PolicyValue value));
        Assert.Equal((5ul, _kernel.Now), (value.Hits, value.LastHitNanoseconds));
    }

    [Fact]
    public async Task What_the_kernel_holds_can_be_asked_from_other_threads_while_policies_are_replaced()
    {
        _kernel.Policy(("203.0.113.1", Verdict.Drop), ("198.51.100.0/24", Verdict.RateLimit));
        using CancellationTokenSource over = new();
        Task<int>[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            int reads = 0;
            while (!over.IsCancellationRequested || reads == 0)
            {
                Assert.True(_kernel.Writer.TryRead(Prefix.Parse("203.0.113.1"), out PolicyValue host));
                Assert.True(_kernel.Writer.TryRead(Prefix.Parse("198.51.100.0/24"), out PolicyValue prefix));
                Assert.Equal((PolicyAction.Drop, PolicyAction.Challenge), (host.Action, prefix.Action));
                Assert.False(_kernel.Writer.TryRead(Prefix.Parse("203.0.113.2"), out PolicyValue _));
                reads++;
            }

            return reads;
        }))];
        for (int i = 0; i < 50; i++)
        {
            // The harness disposes the generation before at once.
            _kernel.Policy(("203.0.113.1", Verdict.Drop), ("198.51.100.0/24", Verdict.RateLimit));
        }

        await over.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));
    }

    [Theory]
    [InlineData("203.0.0.0/8", "203.0.113.0/24", "203.0.113.128/25", "203.0.113.200")]
    [InlineData("2001:d00::/24", "2001:db8::/32", "2001:db8:1::/48", "2001:db8:1::7")]
    public void Trap10_the_most_specific_prefix_decides(string wide, string middle, string narrow, string source)
    {
        string server = source.Contains(':', StringComparison.Ordinal) ? "2001:db8:ff::1" : "198.51.100.1";
        Frame frame = Frame.From(source, server).UdpDatagram(1, 2);
        _kernel.Policy((wide, Verdict.Drop), (middle, Verdict.Pass), (narrow, Verdict.Drop));
        Assert.Equal(Reason.DropPrefix, _kernel.Ingress(frame).Reason);
        _kernel.Apply(narrow, null);
        Assert.Equal(Reason.PassAllow, _kernel.Ingress(frame).Reason);
        _kernel.Apply(middle, null);
        Assert.Equal(Reason.DropPrefix, _kernel.Ingress(frame).Reason);
        _kernel.Apply(wide, null);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(frame).Reason);
    }

    [Fact]
    public async Task Trap13_counters_are_summed_over_every_possible_cpu()
    {
        byte[] frame = Frame.From("203.0.113.9", "198.51.100.1").Raw(47, new byte[40]).Build();
        ulong before = _kernel.Count(Reason.PassOpaque);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Interop.BpfProgram.Run(_kernel.Programs.Ingress, frame, [], repeat: 1_000))));
        Assert.Equal(before + 8_000, _kernel.Count(Reason.PassOpaque));
    }

    [Fact]
    public void A_byte_reversed_address_is_another_address()
    {
        _kernel.Policy(("1.2.3.4", Verdict.Drop));
        Assert.Equal(Reason.DropHost, _kernel.Ingress(Frame.From("1.2.3.4", "198.51.100.1").UdpDatagram(1, 2)).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From("4.3.2.1", "198.51.100.1").UdpDatagram(1, 2)).Reason);
    }

    private static Frame Tagged(Frame frame, int tags)
    {
        for (int i = 0; i < tags; i++)
        {
            frame.Tag(i == 0 && tags == 2 ? (ushort)0x88a8 : (ushort)0x8100);
        }

        return frame;
    }
}
