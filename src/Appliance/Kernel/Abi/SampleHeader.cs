using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Head of a record of the TLS_EVENTS, DPI_EVENTS and SYN_EVENTS rings; DataLength payload bytes follow it. Mirrors <c>struct bw_sample_event</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_sample_event")]
public struct SampleHeader
{
    /// <summary>BW_SYN_TCP of bpf/abi.h: where in a <see cref="SampleKind.Syn"/> the TCP header begins; the fixed IP header is before it.</summary>
    public const int SynTcp = 40;

    public ulong TimeNanoseconds;
    public RawAddress Remote;
    public RawAddress Local;
    public ushort RemotePortNetwork;
    public ushort LocalPortNetwork;
    public byte Protocol;
    public SampleKind Kind;
    public FlowDirection Direction;
    public byte Method;
    public uint Sequence;
    public ushort PayloadLength;
    public ushort DataLength;
    public ushort UriLength;
    public ushort NameLength;
    public ushort Labels;
    public ushort LongestLabel;
    public ushort QueryType;
    public ushort Flags;
    public uint Suppressed;

    /// <summary>Of a client's stream, the sequence number of its first byte; 0: its beginning was not seen.</summary>
    public uint StreamFirst;

    /// <summary>Index of the interface that it came in or went out by.</summary>
    public uint Interface;

    public readonly ushort RemotePort => BinaryPrimitives.ReverseEndianness(RemotePortNetwork);

    public readonly ushort LocalPort => BinaryPrimitives.ReverseEndianness(LocalPortNetwork);
}
