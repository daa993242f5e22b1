using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>One record of the EVENTS and EGRESS_EVENTS rings. Read in place from the mapped ring. Mirrors <c>struct bw_packet_event</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_packet_event")]
public struct PacketEvent
{
    /// <summary>BW_STATUS_STALE of bpf/abi.h: in <see cref="Length"/> of <see cref="EventKind.HttpError"/>, a nonce has run out.</summary>
    public const uint StaleStatus = 0x10000;

    /// <summary>BW_QUOTED_ANSWER of bpf/abi.h: in <see cref="TcpFlags"/> of <see cref="EventKind.FlowRefused"/> about a datagram, an answer of a name server.</summary>
    public const byte QuotedAnswer = 0x80;

    public ulong TimeNanoseconds;
    public RawAddress Remote;
    public RawAddress Local;
    public ushort RemotePortNetwork;
    public ushort LocalPortNetwork;
    public byte Protocol;
    public EventKind Kind;
    public Reason Reason;
    public byte Enforced;
    public byte TcpFlags;
    public FlowDirection Direction;
    public ushort Entropy;
    public uint Length;
    public uint Suppressed;
    public uint Interface;
    public ulong DecisionId;
    public ulong PacketsIn;
    public ulong PacketsOut;
    public ulong BytesIn;
    public ulong BytesOut;

    /// <summary>Time of the flow's first packet; 0: no flow is known.</summary>
    public ulong FirstNanoseconds;

    /// <summary>What the flow that this is about has shown by itself.</summary>
    public Facts Facts;

    /// <summary>Of the flow; <see cref="Ssh"/>.</summary>
    public uint SshState;

    /// <summary>How far a login at SSH has come on the flow.</summary>
    public readonly SshState Ssh => (SshState)SshState;

    public readonly ushort RemotePort => BinaryPrimitives.ReverseEndianness(RemotePortNetwork);

    public readonly ushort LocalPort => BinaryPrimitives.ReverseEndianness(LocalPortNetwork);
}
