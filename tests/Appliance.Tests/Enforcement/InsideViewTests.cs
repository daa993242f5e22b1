using System.Buffers.Binary;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Events;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Enforcement;

/// <summary>What an inner interface tells of our own hosts, seen from our side's end.</summary>
public sealed class InsideViewTests
{
    private static readonly Address Host = Address.Parse("10.1.2.3");
    private static readonly Address Service = Address.Parse("198.51.100.7");

    [Theory]
    [InlineData(EventKind.FlowOpen, true)]
    [InlineData(EventKind.FlowEstablished, true)]
    [InlineData(EventKind.FlowClosed, true)]
    [InlineData(EventKind.FlowRefused, true)]
    [InlineData(EventKind.FlowProgress, true)]
    [InlineData(EventKind.Limited, false)]
    [InlineData(EventKind.HttpError, false)]
    [InlineData(EventKind.LoginRefused, false)]
    [InlineData(EventKind.Dropped, false)]
    public void A_flow_of_an_inside_host_is_an_outbound_one_and_what_accuses_strangers_is_left_out(EventKind kind, bool told)
    {
        PacketEvent packet = new()
        {
            Kind = kind,
            Remote = RawAddress.From(Host),
            Local = RawAddress.From(Service),
            RemotePortNetwork = BinaryPrimitives.ReverseEndianness((ushort)50123),
            LocalPortNetwork = BinaryPrimitives.ReverseEndianness((ushort)443),
            Direction = FlowDirection.Inbound,
            PacketsIn = 3,
            PacketsOut = 5,
            BytesIn = 300,
            BytesOut = 5000,
        };

        Assert.Equal(told, InsideView.TryTurn(in packet, out PacketEvent turned));
        Assert.Equal((Service, (ushort)443), (turned.Remote.ToAddress(), turned.RemotePort));
        Assert.Equal((Host, (ushort)50123), (turned.Local.ToAddress(), turned.LocalPort));
        Assert.Equal((5ul, 3ul, 5000ul, 300ul), (turned.PacketsIn, turned.PacketsOut, turned.BytesIn, turned.BytesOut));
        Assert.Equal(FlowDirection.Outbound, turned.Direction);
    }

    [Fact]
    public void A_flow_that_this_side_opened_towards_an_inside_host_is_not_turned()
    {
        PacketEvent packet = new() { Kind = EventKind.FlowOpen, Direction = FlowDirection.Outbound };
        Assert.False(InsideView.TryTurn(in packet, out _));
    }

    [Theory]
    [InlineData(SampleKind.Dns, true)]
    [InlineData(SampleKind.Tls, true)]
    [InlineData(SampleKind.Http, false)]
    [InlineData(SampleKind.Syn, false)]
    public void Samples_are_turned_where_they_say_something_of_our_side(SampleKind kind, bool told)
    {
        SampleHeader header = new() { Kind = kind, Remote = RawAddress.From(Host), Local = RawAddress.From(Service), Direction = FlowDirection.Inbound };

        Assert.Equal(told, InsideView.TryTurn(in header, out SampleHeader turned));
        Assert.Equal((Service, Host, FlowDirection.Outbound), (turned.Remote.ToAddress(), turned.Local.ToAddress(), turned.Direction));
    }
}
