using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Blackwall.Kernel.Tests;

[Collection(KernelCollection.Name)]
public sealed class SynSampleTests(KernelHarness kernel)
{
    private const string Client = "203.0.113.7", Server = "198.51.100.1", Client6 = "2001:db8:bad::7", Server6 = "2001:db8:1::1";
    private const string Linux = "4_64_mstnw_0_mm_e_7", Linux6 = "6_64_mstnw_0_mm_e_7";

    /// <summary>Bursts of SYN_SOURCE_BURST_NS and SYN_UNPROVEN_BURST_NS of bpf/syn.h.</summary>
    private const int SourceBurst = 5, UnprovenBurst = 500;

    private static readonly byte[] s_options4 = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7];
    private static readonly byte[] s_options6 = [2, 4, 5, 0xa0, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7];

    private readonly KernelHarness _kernel = kernel.Reset();

    private static Frame Syn4(string client = Client, ushort from = 4000, ushort to = 80) => Frame.From(client, Server).SynSegment(from, to, s_options4, 64_240);

    private static Frame Syn6(string client = Client6, ushort from = 4000) => Frame.From(client, Server6).SynSegment(from, 80, s_options6, 64_800);

    private static string PrintOf((SampleHeader Header, byte[] Data) sample)
    {
        Assert.True(TcpSyn.TryRead(sample.Data.AsSpan(0, SampleHeader.SynTcp), sample.Data.AsSpan(SampleHeader.SynTcp), sample.Header.PayloadLength, out TcpSyn syn));
        return SynPrint.Compute(in syn);
    }

    [Fact]
    public void The_syn_that_opens_a_flow_is_sampled_with_its_headers()
    {
        Assert.Equal(KernelHarness.Pass, _kernel.Ingress(Syn4()).Code);
        (SampleHeader header, byte[] data) = Assert.Single(_kernel.Syns);
        Assert.Equal((SampleKind.Syn, Address.Parse(Client), Address.Parse(Server)), (header.Kind, header.Remote.ToAddress(), header.Local.ToAddress()));
        Assert.Equal((4000, 80, 1000u, 0, _kernel.Now), (header.RemotePort, header.LocalPort, header.Sequence, header.PayloadLength, header.TimeNanoseconds));
        byte[] datagram = Syn4().Datagram();
        Assert.Equal([.. datagram[..20], .. new byte[20], .. datagram[20..]], data);
        Assert.Equal(Linux, PrintOf((header, data)));
    }

    [Fact]
    public void The_same_over_ipv6()
    {
        _kernel.Ingress(Syn6());
        (SampleHeader header, byte[] data) = Assert.Single(_kernel.Syns);
        Assert.Equal(Syn6().Datagram(), data);
        Assert.Equal(Linux6, PrintOf((header, data)));
    }

    public static TheoryData<string, string> Wrapped => new()
    {
        { "one tag", Linux }, { "two tags", Linux }, { "ip options", "4_64_mstnw_o_mm_e_7" }, { "all options", "4_64_nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn_o_64240_0_x" },
        { "payload", "4_64_mstnw_p_mm_e_7" }, { "padded", Linux }, { "extension", "6_64_mstnw_o_mm_e_7" }, { "tag and extensions", "6_64_mstnw_o_mm_e_7" }, { "no options", "4_64_0_0_64240_0_x" },
    };

    [Theory]
    [MemberData(nameof(Wrapped))]
    public void Whatever_is_around_it_the_right_bytes_are_sampled(string what, string print)
    {
        byte[] frame = what switch
        {
            "one tag" => Syn4().Tag().Build(),
            "two tags" => Syn4().Tag(0x88a8).Tag().Build(),
            "ip options" => Syn4().IpOptions(3).Build(),
            "all options" => Frame.From(Client, Server).IpOptions(10).TcpSegment(4000, 80, Frame.Syn, optionWords: 10).Build(),
            "payload" => Frame.From(Client, Server).SynSegment(4000, 80, s_options4, 64_240, [1, 2, 3]).Build(),
            "padded" => Syn4().Build(padTo: 120),
            "extension" => Syn6().Extension(60).Build(),
            "tag and extensions" => Syn6().Extension(0).Extension(60, 3).Tag().Build(),
            _ => Frame.From(Client, Server).TcpSegment(4000, 80, Frame.Syn).Build(),
        };
        Assert.Equal(KernelHarness.Pass, _kernel.Ingress(frame).Code);
        Assert.Equal(print, PrintOf(Assert.Single(_kernel.Syns)));
    }

    [Fact]
    public void A_frame_that_ends_within_the_headers_is_dropped_and_not_sampled()
    {
        byte[] frame = Syn4().Build();
        for (int length = 14; length < frame.Length; length++)
        {
            _kernel.Ingress(frame[..length]);
        }

        Assert.Empty(_kernel.Syns);
    }

    [Fact]
    public void Neither_a_repeated_syn_nor_anything_else_of_a_flow_is_sampled()
    {
        _kernel.Ingress(Syn4());
        _kernel.Ingress(Syn4());
        _kernel.Egress(Frame.From(Server, Client).TcpSegment(80, 4000, Frame.Syn | Frame.Ack, 5000, 1001));
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(4000, 80, Frame.Ack, 1001, 5001));
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(4001, 80, Frame.Syn | Frame.Ack, 1001, 5001));
        Assert.Single(_kernel.Syns);
    }

    [Fact]
    public void A_source_that_is_blocked_is_not_sampled_and_one_that_is_redirected_is()
    {
        _kernel.Configure(s => s with { Target4 = Address.Parse("198.51.100.2"), TargetPort4 = 2222 });
        _kernel.Policy((Client, Verdict.Drop), ("203.0.113.8", Verdict.RedirectToTarpit));
        _kernel.Ingress(Syn4());
        Assert.Empty(_kernel.Syns);
        Assert.Equal(Reason.RedirectNew, _kernel.Ingress(Syn4("203.0.113.8")).Reason);
        (SampleHeader header, byte[] data) = Assert.Single(_kernel.Syns);
        Assert.Equal((Linux, 80), (PrintOf((header, data)), header.LocalPort));
    }

    [Fact]
    public void Without_the_feature_nothing_is_sampled()
    {
        _kernel.Configure(s => s with { Features = Features.All & ~Features.Syn });
        _kernel.Ingress(Syn4());
        Assert.Empty(_kernel.Syns);
        Assert.Single(_kernel.Events);
    }

    [Fact]
    public void A_source_has_a_share_and_the_next_sample_tells_what_it_did_not_get()
    {
        _kernel.Configure(s => s with { Limits = [] });
        ulong lost = _kernel.Lost(LossKind.SynSamples);
        PinnedRun(() =>
        {
            for (ushort port = 1; port <= 50; port++)
            {
                _kernel.Ingress(Syn4(to: port));
            }

            Assert.Equal(SourceBurst, _kernel.Syns.Count);
            Assert.Equal(lost + 50 - SourceBurst, _kernel.Lost(LossKind.SynSamples));
            _kernel.Advance(TimeSpan.FromSeconds(1));
            _kernel.Ingress(Syn4(to: 60));
        });
        Assert.Equal((SourceBurst + 1, 50u - SourceBurst), (_kernel.Syns.Count, _kernel.Syns[^1].Header.Suppressed));
    }

    [Fact]
    public void A_flood_of_a_hundred_thousand_new_sources_is_sampled_within_a_budget_counted_and_silences_no_proven_source()
    {
        _kernel.Configure(s => s with { Limits = [] });
        ulong lost = _kernel.Lost(LossKind.SynSamples);
        PinnedRun(() =>
        {
            _kernel.Handshake(Client, Server, 5000, 80);
            _kernel.Advance(TimeSpan.FromSeconds(10));
            _kernel.Forget();
            byte[] frame = Syn4("10.0.0.1").Build();
            const int source = 14 + 12, flood = 100_000;
            for (int i = 0; i < flood; i++)
            {
                (frame[source + 1], frame[source + 2], frame[source + 3]) = ((byte)(i >> 16), (byte)(i >> 8), (byte)i);
                BpfProgram.Run(_kernel.Programs.Ingress, frame, []);
                if (i % 1000 == 0)
                {
                    _kernel.Drain();
                }
            }

            while (_kernel.Drain() > 0)
            {
            }

            Assert.Equal(UnprovenBurst, _kernel.Syns.Count);
            Assert.Equal((ulong)(flood - UnprovenBurst), _kernel.Lost(LossKind.SynSamples) - lost);
            _kernel.Forget();
            _kernel.Ingress(Syn4("192.0.2.77"));
            Assert.Empty(_kernel.Syns);
            _kernel.Ingress(Syn4(from: 5001));
        });
        Assert.Equal(Address.Parse(Client), Assert.Single(_kernel.Syns).Header.Remote.ToAddress());
    }

    [Fact]
    public void A_ring_that_nobody_reads_fills_counts_and_lets_packets_pass()
    {
        _kernel.Configure(s => s with { Limits = [] });
        PinnedRun(() =>
        {
            ulong lost = _kernel.Lost(LossKind.SynSamples);
            byte[] frame = Syn4("10.0.0.1").Build();
            int sent = 0;
            while (_kernel.Lost(LossKind.SynSamples) == lost && sent < 10_000)
            {
                (frame[27], frame[28]) = ((byte)(sent >> 8), (byte)sent);
                sent++;
                _kernel.Advance(TimeSpan.FromMilliseconds(1));
                Assert.Equal(KernelHarness.Pass, BpfProgram.Run(_kernel.Programs.Ingress, frame, []).Code);
            }

            Assert.InRange(sent, 2000, 9999);
        });
        while (_kernel.Drain() > 0)
        {
        }
    }

    [Fact]
    public void Programs_that_take_over_the_maps_of_a_version_without_samples_keep_its_flows_and_begin_to_sample()
    {
        _kernel.Handshake(Client, Server, 4000, 80);
        Dictionary<string, SafeFileHandle> pinned = _kernel.Programs.MapNames.Where(name => !name.StartsWith("SYN_", StringComparison.Ordinal)).ToDictionary(name => name, _kernel.Programs.Map, StringComparer.Ordinal);
        using KernelPrograms next = KernelPrograms.Load(new LoadOptions
        {
            VirtualClock = true,
            Existing = name => pinned.TryGetValue(name, out SafeFileHandle? map) ? new SafeFileHandle(map.DangerousGetHandle(), ownsHandle: false) : null,
        });
        Assert.Equal(pinned.Keys.Order(StringComparer.Ordinal), next.Reused.Order(StringComparer.Ordinal));
        Assert.Equal(["SYN_EVENTS", "SYN_SHARE"], next.MapNames.Except(next.Reused, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Single(next.Verified.ReadAll());
        BpfProgram.Run(next.Ingress, Syn4(from: 4001).Build(), []);
        using MappedRing ring = next.Ring("SYN_EVENTS");
        Counting counting = default;
        Assert.Equal(1, ring.Drain(ref counting, 10));
    }

    // Shares are per CPU: on one CPU there is one.
    private static void PinnedRun(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            CpuAffinity.StayHere();
            failure = Record.Exception(action);
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new Xunit.Sdk.XunitException(failure.ToString());
        }
    }

    private struct Counting : MappedRing.ISink
    {
        public int Records;

        public void OnRecord(ReadOnlySpan<byte> record) => Records++;
    }
}
