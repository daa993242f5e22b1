using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Events;

/// <summary>
/// What a gateway's host does by an interface that looks inside is told by the programs as of a stranger who comes in. Towards others it is our side
/// that goes out, so both ends are exchanged; towards this machine it stays as it is. Used by the thread that reads the rings.
/// </summary>
internal sealed class InsideView(IReadOnlyList<string> interfaces, VerdictBoard board, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private uint[] _indexes = [];
    private long _read;
    private bool _known;

    /// <summary>Whether an event of this interface is to be turned round.</summary>
    /// <param name="index">Interface index of the event.</param>
    /// <param name="local">The end that the programs took for ours.</param>
    public bool Sees(uint index, in RawAddress local) =>
        Indexes().AsSpan().Contains(index) && board.Guarding(Prefix.Host(local.ToAddress())) is not { Pass: false };

    /// <summary>From our side's end. False: it says something only of a stranger.</summary>
    public static bool TryTurn(in PacketEvent packet, out PacketEvent turned)
    {
        turned = packet;
        (turned.Remote, turned.Local) = (packet.Local, packet.Remote);
        (turned.RemotePortNetwork, turned.LocalPortNetwork) = (packet.LocalPortNetwork, packet.RemotePortNetwork);
        (turned.PacketsIn, turned.PacketsOut) = (packet.PacketsOut, packet.PacketsIn);
        (turned.BytesIn, turned.BytesOut) = (packet.BytesOut, packet.BytesIn);
        turned.Direction = FlowDirection.Outbound;
        return packet.Direction == FlowDirection.Inbound
            && packet.Kind is EventKind.FlowOpen or EventKind.FlowEstablished or EventKind.FlowClosed or EventKind.FlowRefused or EventKind.FlowProgress or EventKind.FlowWakes;
    }

    /// <inheritdoc cref="TryTurn(in PacketEvent, out PacketEvent)"/>
    public static bool TryTurn(in SampleHeader header, out SampleHeader turned)
    {
        turned = header;
        (turned.Remote, turned.Local) = (header.Local, header.Remote);
        (turned.RemotePortNetwork, turned.LocalPortNetwork) = (header.LocalPortNetwork, header.RemotePortNetwork);
        turned.Direction = FlowDirection.Outbound;
        return header.Direction == FlowDirection.Inbound && header.Kind is SampleKind.Tls or SampleKind.Quic or SampleKind.Dtls or SampleKind.Dns;
    }

    // An interface that was made anew has another index.
    private uint[] Indexes()
    {
        if (!_known || time.GetElapsedTime(_read) >= Fresh)
        {
            (_indexes, _read, _known) = ([.. interfaces.Select(name => (uint)BpfSyscall.InterfaceIndex(name)).Where(index => index != 0)], time.GetTimestamp(), true);
        }

        return _indexes;
    }
}
