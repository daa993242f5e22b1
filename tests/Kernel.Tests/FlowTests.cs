using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

[Collection(KernelCollection.Name)]
public sealed class FlowTests(KernelHarness kernel)
{
    private const string Client4 = "203.0.113.7", Server4 = "198.51.100.1";
    private const string Client6 = "2001:db8:1::7", Server6 = "2001:db8:2::1";

    private readonly KernelHarness _kernel = kernel.Reset();

    public static TheoryData<string, string> Families => new() { { Client4, Server4 }, { Client6, Server6 } };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_handshake_that_echoes_the_servers_number_is_verified(string client, string server)
    {
        _kernel.Handshake(client, server, 4000, 80);
        Assert.Equal([EventKind.FlowOpen, EventKind.FlowEstablished], _kernel.Events.Select(e => e.Kind));
        Assert.Empty(_kernel.Programs.HalfOpen.ReadAll());
        Assert.Equal(Address.Parse(client), Assert.Single(_kernel.Programs.Verified.ReadAll()).Key.Remote.ToAddress());
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(client, server).TcpSegment(4000, 80, Frame.Ack, 1001, 5001)).Reason);
    }

    [Theory]
    [InlineData(5000u)]
    [InlineData(5002u)]
    [InlineData(0u)]
    public void An_ack_that_guesses_the_number_proves_nothing(uint guess)
    {
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Syn, 1000));
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(80, 4000, Frame.Syn | Frame.Ack, 5000, 1001));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack, 1001, guess));
        Assert.Empty(_kernel.Programs.Verified.ReadAll());
        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.FlowEstablished);
    }

    [Fact]
    public void A_connection_that_we_open_is_verified_by_its_syn_ack()
    {
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(4000, 443, Frame.Syn, 5000));
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(443, 4000, Frame.Syn | Frame.Ack, 1000, 5001)).Reason);
        PacketEvent established = Assert.Single(_kernel.Events, e => e.Kind == EventKind.FlowEstablished);
        Assert.Equal(FlowDirection.Outbound, established.Direction);
    }

    [Fact]
    public void The_end_of_a_flow_tells_when_it_began()
    {
        ulong began = _kernel.Now;
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Advance(TimeSpan.FromSeconds(90));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack | Frame.Rst, 1001, 5001));
        PacketEvent closed = Assert.Single(_kernel.Events, e => e.Kind == EventKind.FlowClosed);
        Assert.InRange(closed.FirstNanoseconds, began, began + 1_000_000_000);
        Assert.InRange(closed.TimeNanoseconds - closed.FirstNanoseconds, 89_000_000_000UL, 91_000_000_000UL);
    }

    [Fact]
    public void A_forged_syn_ack_does_not_verify_a_connection_that_we_open()
    {
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(4000, 443, Frame.Syn, 5000));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(443, 4000, Frame.Syn | Frame.Ack, 1000, 1));
        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.FlowEstablished);
    }

    [Fact]
    public void A_flow_that_was_there_before_us_is_taken_up_once_it_echoes()
    {
        Frame data = Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack | Frame.Psh, 100, 200, new byte[10]);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(data).Reason);
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(80, 4000, Frame.Ack | Frame.Psh, 200, 110, new byte[50]));
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack, 110, 250)).Reason);
    }

    [Fact]
    public void An_asymmetric_path_is_never_cut()
    {
        for (uint i = 0; i < 100; i++)
        {
            Assert.Equal(KernelHarness.Pass, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack, i, 1)).Code);
        }
    }

    [Fact]
    public void A_closed_flow_is_told_once_with_its_totals()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack | Frame.Psh, 1001, 5001, new byte[100]));
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(80, 4000, Frame.Ack | Frame.Psh, 5001, 1101, new byte[300]));
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(80, 4000, Frame.Ack | Frame.Fin, 5301, 1101));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack | Frame.Fin, 1101, 5302));
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(80, 4000, Frame.Ack, 5302, 1102));
        PacketEvent closed = Assert.Single(_kernel.Events, e => e.Kind == EventKind.FlowClosed);
        Assert.Equal((100ul, 300ul), (closed.BytesIn, closed.BytesOut));
    }

    [Fact]
    public void A_reset_out_of_window_closes_nothing()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, 0x80000000));
        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.FlowClosed);
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, 1001));
        Assert.Single(_kernel.Events, e => e.Kind == EventKind.FlowClosed);
    }

    [Fact]
    public void Ports_used_again_are_a_new_flow()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, 1001));
        _kernel.Forget();
        _kernel.Handshake(Client4, Server4, 4000, 80, 90000, 70000);
        Assert.Equal([EventKind.FlowOpen, EventKind.FlowEstablished], _kernel.Events.Select(e => e.Kind));
    }

    [Fact]
    public void A_closed_port_is_told_as_refused()
    {
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 81, Frame.Syn, 1000));
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(81, 4000, Frame.Rst | Frame.Ack, 0, 1001));
        PacketEvent refused = _kernel.Events[^1];
        Assert.Equal((EventKind.FlowRefused, (ushort)81, Address.Parse(Client4)), (refused.Kind, refused.LocalPort, refused.Remote.ToAddress()));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_closed_udp_port_is_told_as_refused(string client, string server)
    {
        Frame probe = Frame.From(client, server).UdpDatagram(4000, 161, new byte[8]);
        _kernel.Ingress(probe);
        bool v6 = client.Contains(':', StringComparison.Ordinal);
        _kernel.Egress(Frame.From(server, client).IcmpMessage(v6 ? (byte)1 : (byte)3, v6 ? (byte)4 : (byte)3, [0, 0, 0, 0, .. probe.Datagram()]));
        PacketEvent refused = _kernel.Events[^1];
        Assert.Equal((EventKind.FlowRefused, (ushort)161, Address.Parse(client), (byte)17), (refused.Kind, refused.LocalPort, refused.Remote.ToAddress(), refused.Protocol));
    }

    [Fact]
    public void Trap11_two_packet_floods_of_100_table_sizes_leave_established_flows_alone()
    {
        const int Established = 1_000;
        for (int i = 0; i < Established; i++)
        {
            _kernel.Handshake($"10.1.{i / 250}.{1 + (i % 250)}", Server4, 4000, 80);
        }

        _kernel.Configure(s => s with { Limits = [], Features = Features.Conntrack });
        byte[] syn = Frame.From("20.0.0.0", Server4).TcpSegment(5000, 80, Frame.Syn).Build();
        byte[] ack = Frame.From("20.0.0.0", Server4).TcpSegment(5000, 80, Frame.Ack, 1001, 77).Build();
        byte[] nothing = [];
        for (uint i = 0; i < 409_600; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(syn.AsSpan(26), 0x14000000 + i);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(ack.AsSpan(26), 0x14000000 + i);
            Interop.BpfProgram.Run(_kernel.Programs.Ingress, syn, nothing);
            Interop.BpfProgram.Run(_kernel.Programs.Ingress, ack, nothing);
        }

        Assert.Equal(Established, _kernel.Programs.Verified.ReadAll().Count);
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From("10.1.0.1", Server4).TcpSegment(4000, 80, Frame.Ack, 1001, 5001)).Reason);
    }

    [Theory]
    [InlineData("20.0.0.7", "198.51.100.1", "20.0.0.8")]
    [InlineData("2001:db8:9::7", "2001:db8:2::1", "2001:db8:a::7")]
    public void A_flood_of_datagrams_is_told_with_all_that_was_held_back_and_takes_nothing_from_others(string source, string server, string other)
    {
        _kernel.Configure(s => s with { Limits = [new RateRule(RateClass.Udp, RateScope.Host, 1_000, 1_000), new RateRule(RateClass.Event, RateScope.Host, 200, 400)] });
        byte[] frame = Frame.From(source, server).UdpDatagram(5000, 53, new byte[40]).Build();
        const int Flood = 100_000;
        OnOneCpu(() =>
        {
            for (int i = 0; i < Flood; i++)
            {
                _kernel.Now += 9_700;
                Interop.BpfProgram.Run(_kernel.Programs.Ingress, frame, []);
            }

            _kernel.Drain();
            int told = _kernel.Events.Count(e => e.Kind == EventKind.Limited);
            long limited = told + _kernel.Events.Where(e => e.Kind == EventKind.Limited).Sum(e => e.Suppressed);

            // 1,000 at once, 1,000 in the second; and what was held back since the last event waits for the next one.
            Assert.InRange(limited, Flood - 2_000 - 1_000, Flood - 1_000);
            _kernel.Forget();
            _kernel.Ingress(Frame.From(other, server).UdpDatagram(5000, 53, new byte[40]));
            Assert.Equal(EventKind.FlowOpen, Assert.Single(_kernel.Events).Kind);
        });
    }

    // Shares of events are per CPU: on one CPU there is one.
    private static void OnOneCpu(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            Interop.CpuAffinity.StayHere();
            failure = Record.Exception(action);
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    [Fact]
    public void Trap14_a_full_event_ring_counts_and_never_blocks()
    {
        _kernel.Configure(s => s with { Limits = [] });
        ulong before = _kernel.Lost(LossKind.Events);
        byte[] frame = Frame.From("20.0.0.0", Server4).TcpSegment(5000, 80, 0).Build();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(KernelHarness.Drop, Interop.BpfProgram.Run(_kernel.Programs.Ingress, frame, [], repeat: 50_000).Code);
        }

        Assert.True(_kernel.Lost(LossKind.Events) > before);
        while (_kernel.Drain() > 0)
        {
        }

        _kernel.Forget();
        _kernel.Ingress(frame);
        Assert.Single(_kernel.Events);
    }
}
