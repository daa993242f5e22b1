using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>No limit that a forger fills shuts out the one in whose name he forges, nor his neighbours, and nobody is flooded with challenges.</summary>
[Collection(KernelCollection.Name)]
public sealed class ChallengeTests(KernelHarness kernel)
{
    private const string User4 = "203.0.113.7", Server4 = "198.51.100.1";
    private const string User6 = "2001:db8:1::7", Server6 = "2001:db8:2::1";

    private readonly KernelHarness _kernel = kernel.Reset();
    private ushort _port = 20_000;

    public static TheoryData<string, string, bool, bool> Forged
    {
        get
        {
            TheoryData<string, string, bool, bool> data = [];
            foreach (bool isLimited in (bool[])[false, true])
            {
                foreach (bool isAlive in (bool[])[false, true])
                {
                    data.Add(User4, Server4, isLimited, isAlive);
                    data.Add(User6, Server6, isLimited, isAlive);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Forged))]
    public void Each_request_of_a_user_is_answered_while_400_syns_a_second_are_forged_in_his_name(string user, string server, bool isLimited, bool isAlive)
    {
        Flooded(user, isLimited);
        for (int request = 0; request < 10; request++)
        {
            for (int i = 0; i < 400; i++)
            {
                _kernel.Advance(TimeSpan.FromMilliseconds(2.5));
                Forge(user, server, isAlive);
            }

            Assert.True(Connects(user, server), $"request {request}");
        }
    }

    [Theory]
    [InlineData(User4, Server4)]
    [InlineData(User6, Server6)]
    public void One_pair_of_ports_forged_again_and_again_leaves_the_others_alone(string user, string server)
    {
        Flooded(user, isLimited: true);
        for (int i = 0; i < 800; i++)
        {
            _kernel.Advance(TimeSpan.FromMilliseconds(2.5));
            Outcome outcome = _kernel.Ingress(Frame.From(user, server).TcpSegment(9, 80, Frame.Syn, 7));
            Answer(user, server, 9, outcome);
        }

        Assert.True(Connects(user, server));
    }

    [Theory]
    [InlineData(User4, Server4)]
    [InlineData(User6, Server6)]
    public void Who_never_answers_a_challenge_connects_by_sending_his_syn_again(string user, string server)
    {
        Flooded(user, isLimited: true);
        Frame syn;
        ushort port = 4000;
        TimeSpan taken;
        do
        {
            // The kernel's own clock goes on: only what was sent again at once is sent again too soon.
            long began = TimeProvider.System.GetTimestamp();
            syn = Frame.From(user, server).TcpSegment(++port, 80, Frame.Syn, 1000);
            Reason? first = _kernel.Ingress(syn).Reason;
            _kernel.Advance(TimeSpan.FromMilliseconds(300));
            Reason? second = _kernel.Ingress(syn).Reason;
            taken = TimeProvider.System.GetElapsedTime(began);
            Assert.True(taken > TimeSpan.FromMilliseconds(400) || (first == Reason.TxChallenge && second == Reason.TxChallenge), $"{first}, {second}");
        }
        while (taken > TimeSpan.FromMilliseconds(400));
        for (int i = 0; i < 400; i++)
        {
            _kernel.Advance(TimeSpan.FromMilliseconds(2));
            Forge(user, server, isAlive: false);
        }

        // Another SYN on the same ports is not this one.
        Assert.Equal(Reason.TxChallenge, _kernel.Ingress(Frame.From(user, server).TcpSegment(port, 80, Frame.Syn, 1001)).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(syn).Reason);

        // Long after, it begins anew.
        _kernel.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(Reason.TxChallenge, _kernel.Ingress(syn).Reason);
        _kernel.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(syn).Reason);
    }

    [Fact]
    public void A_forger_who_sends_each_syn_twice_gets_no_more_than_the_budget_past_the_question()
    {
        _kernel.Configure(s => s with { ChallengePerSecond = 1, ChallengeBurst = 1, Limits = [] });
        byte[] syn = Frame.From("20.0.0.0", Server4).TcpSegment(9, 80, Frame.Syn).Build();
        int Round() => Enumerable.Range(0, 20_000).Count(i =>
        {
            (syn[28], syn[29]) = ((byte)(i >> 8), (byte)i);
            return BpfProgram.Run(_kernel.Programs.Ingress, syn, []).Code == KernelHarness.Pass;
        });
        Assert.InRange(Round(), 1, Environment.ProcessorCount);
        _kernel.Advance(TimeSpan.FromSeconds(1));

        // AGAIN_TOTAL_BURST_NS of bpf/challenge.h, a CPU; and one SYN a second and CPU that is not challenged at all.
        Assert.InRange(Round(), 1_900, (2_000 * Environment.ProcessorCount) + (2 * Environment.ProcessorCount));
    }

    [Theory]
    [InlineData(User4, Server4)]
    [InlineData(User6, Server6)]
    public void A_source_under_a_limit_pays_for_the_handshakes_that_it_completed_and_nobody_else_can_use_them_up(string user, string server)
    {
        Limit(user, Origin.Operator);
        Assert.Equal(10, Enumerable.Range(0, 30).Count(_ => Connects(user, server)));
        Assert.Equal(Reason.DropLimitSyn, _kernel.Ingress(Frame.From(user, server).TcpSegment(30_000, 80, Frame.Syn)).Reason);
        _kernel.Advance(TimeSpan.FromSeconds(2));
        Assert.True(Connects(user, server));
    }

    [Theory]
    [InlineData(User4, Server4)]
    [InlineData(User6, Server6)]
    public void Who_is_limited_by_detection_for_what_others_sent_before_he_came_is_served_as_if_he_were_not(string user, string server)
    {
        Limit(user, Origin.Local);
        for (int i = 0; i < 1_500; i++)
        {
            _kernel.Advance(TimeSpan.FromMilliseconds(1));
            Forge(user, server, isAlive: false);
        }

        // As many as an ordinary source may open, where the strict limit would allow ten.
        Assert.Equal(60, Enumerable.Range(0, 60).Count(_ => Connects(user, server)));
        Assert.False(Connects(user, server));
        _kernel.Advance(TimeSpan.FromSeconds(2));
        Assert.True(Connects(user, server));

        // What is forged meanwhile is held to the strict limit, and asked.
        Assert.Equal(Reason.TxChallenge, _kernel.Ingress(Frame.From(user, server).TcpSegment(40_000, 80, Frame.Syn)).Reason);
        Assert.InRange(Enumerable.Range(0, 50).Count(i => _kernel.Ingress(Frame.From(user, server).TcpSegment((ushort)(41_000 + i), 80, Frame.Ack, 1, 1)).Code == KernelHarness.Pass), 0, 2);
    }

    [Theory]
    [InlineData(User4, Server4)]
    [InlineData(User6, Server6)]
    public void Segments_and_datagrams_that_are_forged_in_a_proven_name_use_up_nothing_that_its_handshakes_need(string user, string server)
    {
        Flooded(user, isLimited: true);
        Assert.True(Connects(user, server));
        for (int request = 0; request < 5; request++)
        {
            for (ushort i = 0; i < 1_000; i++)
            {
                _kernel.Advance(TimeSpan.FromMilliseconds(0.5));
                Frame forged = Frame.From(user, server);
                byte[] bytes = ((i % 3) switch
                {
                    0 => forged.TcpSegment((ushort)(30_000 + i), 80, Frame.Ack, i, 1),
                    1 => forged.TcpSegment((ushort)(30_000 + i), 80, Frame.Fin | Frame.Ack, i, 1),
                    _ => forged.UdpDatagram((ushort)(30_000 + i), 53),
                }).Build();
                BpfProgram.Run(_kernel.Programs.Ingress, bytes, []);
            }

            Assert.True(Connects(user, server), $"request {request}");
        }
    }

    [Theory]
    [InlineData("203.0.113.", "", "203.0.113.200")]
    [InlineData("2001:db8:1::", ":1", "2001:db8:1::200")]
    public void Neighbours_do_not_pay_for_what_is_forged_beside_them(string start, string end, string neighbour)
    {
        string server = end.Length == 0 ? Server4 : Server6;
        _kernel.Configure(s => s with { Limits = [new RateRule(RateClass.Syn, RateScope.Host, 1, 20), new RateRule(RateClass.Syn, RateScope.Net, 1, 40)] });
        for (int i = 0; i < 400; i++)
        {
            _kernel.Advance(TimeSpan.FromMilliseconds(2.5));
            Forge($"{start}{1 + (i % 100)}{end}", server, isAlive: false);
        }

        Assert.True(Connects(neighbour, server));
    }

    [Fact]
    public void A_proven_neighbour_has_datagrams_of_his_own()
    {
        _kernel.Handshake(User6, Server6, 4000, 80);
        _kernel.Configure(s => s with { Limits = [new RateRule(RateClass.Udp, RateScope.Host, 1, 10)] });
        Assert.Equal(10, Enumerable.Range(1, 100).Count(i => _kernel.Ingress(Frame.From($"2001:db8:1::{i:x}:1", Server6).UdpDatagram(1, 2)).Code == KernelHarness.Pass));
        Assert.Equal(Reason.DropLimitUdp, _kernel.Ingress(Frame.From("2001:db8:1::8", Server6).UdpDatagram(1, 2)).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(User6, Server6).UdpDatagram(1, 2)).Reason);
    }

    [Theory]
    [InlineData(User4, Server4)]
    [InlineData(User6, Server6)]
    public void Datagrams_forged_in_a_resolvers_name_do_not_cut_what_we_asked_it(string resolver, string own)
    {
        _kernel.Policy((resolver, Verdict.RateLimit));
        _kernel.Configure(s => s with { Limits = [new RateRule(RateClass.Udp, RateScope.Host, 1, 10), new RateRule(RateClass.Strict, RateScope.Host, 1, 10)] });
        _kernel.Egress(Frame.From(own, resolver).UdpDatagram(5353, 53, new byte[30]));

        // Ten times as many flows as the table of unproven ones has room for.
        byte[] forged = Frame.From("20.0.0.0", Server4).UdpDatagram(53, 1, new byte[30]).Build();
        for (int i = 0; i < 40_960; i++)
        {
            (forged[27], forged[28], forged[29]) = ((byte)(i >> 16), (byte)(i >> 8), (byte)i);
            BpfProgram.Run(_kernel.Programs.Ingress, forged, []);
        }

        int passed = Enumerable.Range(0, 100).Count(i => _kernel.Ingress(Frame.From(resolver, own).UdpDatagram(53, (ushort)(6000 + i), new byte[30])).Code == KernelHarness.Pass);
        Assert.Equal(10, passed);
        Assert.Equal(100, Enumerable.Range(0, 100).Count(_ => _kernel.Ingress(Frame.From(resolver, own).UdpDatagram(53, 5353, new byte[30])).Code == KernelHarness.Pass));
    }

    [Theory]
    [InlineData(User4, Server4)]
    [InlineData(User6, Server6)]
    public void A_dialogue_outlives_a_flood_that_is_forged_beside_it(string user, string server)
    {
        _kernel.Configure(s => s with { Limits = [new RateRule(RateClass.Udp, RateScope.Host, 1_000, 1_000)] });
        for (int i = 0; i < 3; i++)
        {
            _kernel.Ingress(Frame.From(user, server).UdpDatagram(4000, 443, new byte[30]));
            _kernel.Egress(Frame.From(server, user).UdpDatagram(443, 4000, new byte[30]));
        }

        byte[] forged = Frame.From(user, server).UdpDatagram(5, 6).Build();
        Assert.InRange(Enumerable.Range(0, 3_000).Count(_ => BpfProgram.Run(_kernel.Programs.Ingress, forged, []).Code == KernelHarness.Pass), 990, 1_000);
        Assert.Equal(50, Enumerable.Range(0, 50).Count(_ => _kernel.Ingress(Frame.From(user, server).UdpDatagram(4000, 443, new byte[30])).Code == KernelHarness.Pass));
    }

    public static TheoryData<string, string, string> Syns => new()
    {
        { User4, Server4, "bare" }, { User4, Server4, "options" }, { User4, Server4, "padded" }, { User4, Server4, "ip options" }, { User4, Server4, "tagged" },
        { User4, Server4, "data" }, { User6, Server6, "bare" }, { User6, Server6, "options" }, { User6, Server6, "extension" }, { User6, Server6, "tagged" },
    };

    [Theory]
    [MemberData(nameof(Syns))]
    public void A_challenge_is_never_larger_than_its_syn_and_whole(string user, string server, string what)
    {
        _kernel.Policy((user, Verdict.RateLimit));
        Frame frame = Frame.From(user, server);
        frame = what switch
        {
            "ip options" => frame.IpOptions(10),
            "extension" => frame.Extension(60, 3),
            "tagged" => frame.Tag(0x88a8).Tag(),
            _ => frame,
        };
        byte[]? data = what is "data" ? new byte[900] : null;
        byte[] syn = frame.TcpSegment(4000, 80, Frame.Syn, 1000, payload: data, optionWords: what is "options" ? 10 : 0).Build(what is "padded" ? 60 : 0);
        Outcome challenge = _kernel.Ingress(syn);
        Assert.Equal(KernelHarness.Tx, challenge.Code);
        Assert.InRange(challenge.Bytes.Length, 54, syn.Length);
        View view = challenge.View;
        Assert.Equal((true, true, Frame.Syn | Frame.Ack), (view.HeaderChecksumIsRight, view.TransportChecksumIsRight, (int)view.TcpFlags));
        Assert.Equal((Address.Parse(server), Address.Parse(user), (ushort)80, (ushort)4000), (view.Source, view.Destination, view.SourcePort, view.DestinationPort));
        Answer(user, server, 4000, challenge);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(syn).Reason);
    }

    [Theory]
    [InlineData(User4, Server4)]
    [InlineData(User6, Server6)]
    public void Nobody_gets_more_challenges_for_what_is_forged_in_his_name_than_a_thousand_a_second(string user, string server)
    {
        Flooded(user, isLimited: true);
        int challenges = 0;
        for (int i = 0; i < 6_000; i++)
        {
            _kernel.Advance(TimeSpan.FromMilliseconds(0.1));
            byte[] syn = Frame.From(user, server).TcpSegment((ushort)(1024 + i), 80, Frame.Syn, (uint)i).Build();
            challenges += BpfProgram.Run(_kernel.Programs.Ingress, syn, []).Code == KernelHarness.Tx ? 1 : 0;
        }

        // A burst, and 0.6 s.
        Assert.InRange(challenges, 1_590, 1_610);
    }

    private void Limit(string user, Origin by)
    {
        _kernel.Install(new PolicyEntry(Prefix.Parse(user), 1, long.MaxValue, Verdict.RateLimit, Precedence.Rank(by, Verdict.RateLimit)));
        _kernel.Configure(s => s with
        {
            Limits =
            [
                new RateRule(RateClass.Syn, RateScope.Host, 1, 60), new RateRule(RateClass.Strict, RateScope.Host, 0.01, 1), new RateRule(RateClass.Strict, RateScope.Net, 1, 10),
            ],
        });
    }

    private void Flooded(string user, bool isLimited)
    {
        if (isLimited)
        {
            _kernel.Policy((user, Verdict.RateLimit));
        }

        _kernel.Configure(s => s with
        {
            Limits =
            [
                new RateRule(RateClass.Syn, RateScope.Host, 200, 400), new RateRule(RateClass.Syn, RateScope.Net, 2_000, 4_000),
                new RateRule(RateClass.New, RateScope.Host, 500, 1_000), new RateRule(RateClass.Strict, RateScope.Host, 5, 10),
            ],
        });
    }

    // A SYN on ports of its own; the live host in whose name it is sent answers a challenge, as its stack must.
    private void Forge(string user, string server, bool isAlive)
    {
        ushort port = _port++;
        Outcome outcome = _kernel.Ingress(Frame.From(user, server).TcpSegment(port, 80, Frame.Syn, port));
        if (isAlive)
        {
            Answer(user, server, port, outcome);

            // And its stack denies what got through.
            if (outcome.Code == KernelHarness.Pass)
            {
                _kernel.Egress(Frame.From(server, user).TcpSegment(80, port, Frame.Syn | Frame.Ack, 5000, port + 1u));
                _kernel.Ingress(Frame.From(user, server).TcpSegment(port, 80, Frame.Rst, port + 1u));
            }
        }
    }

    private void Answer(string user, string server, ushort port, Outcome outcome)
    {
        if (outcome.Code == KernelHarness.Tx)
        {
            Assert.Equal(Reason.DropProof, _kernel.Ingress(Frame.From(user, server).TcpSegment(port, 80, Frame.Rst, outcome.View.Acknowledgement)).Reason);
        }
    }

    // As a Linux client does: SYN, reset to the challenge, SYN again, handshake.
    private bool Connects(string user, string server)
    {
        ushort port = (ushort)(_port++ % 9_000 + 1_024);
        Frame syn = Frame.From(user, server).TcpSegment(port, 80, Frame.Syn, 1000);
        Outcome outcome = _kernel.Ingress(syn);
        Answer(user, server, port, outcome);
        if (outcome.Code == KernelHarness.Tx)
        {
            outcome = _kernel.Ingress(syn);
        }

        if (outcome.Code != KernelHarness.Pass)
        {
            return false;
        }

        _kernel.Egress(Frame.From(server, user).TcpSegment(80, port, Frame.Syn | Frame.Ack, 5000, 1001));
        return _kernel.Ingress(Frame.From(user, server).TcpSegment(port, 80, Frame.Ack, 1001, 5001)).Reason == Reason.PassEstablished;
    }
}
