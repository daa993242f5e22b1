using System.Buffers.Binary;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Tests.Packets;

/// <summary>Reads a frame that a program gave back, and recomputes every checksum in it.</summary>
public sealed class View
{
    private readonly byte[] _frame;
    private readonly int _l3;

    public View(byte[] frame)
    {
        _frame = frame;
        _l3 = 14;
        int type = 12;
        while (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(type)) is 0x8100 or 0x88a8 or 0x9100)
        {
            type += 4;
            _l3 += 4;
        }

        IsV6 = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(type)) == 0x86dd;
        Protocol = IsV6 ? frame[_l3 + 6] : frame[_l3 + 9];
        L4 = IsV6 ? _l3 + 40 : _l3 + ((frame[_l3] & 15) * 4);
        End = _l3 + (IsV6 ? 40 + BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(_l3 + 4)) : BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(_l3 + 2)));
    }

    public bool IsV6 { get; }

    public byte Protocol { get; }

    public int L4 { get; }

    public int End { get; }

    public Address Source => Address.FromBytes(IsV6 ? _frame.AsSpan(_l3 + 8, 16) : _frame.AsSpan(_l3 + 12, 4));

    public Address Destination => Address.FromBytes(IsV6 ? _frame.AsSpan(_l3 + 24, 16) : _frame.AsSpan(_l3 + 16, 4));

    public ushort SourcePort => Word(L4);

    public ushort DestinationPort => Word(L4 + 2);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_frame.AsSpan(L4 + 4));

    public uint Acknowledgement => BinaryPrimitives.ReadUInt32BigEndian(_frame.AsSpan(L4 + 8));

    public byte TcpFlags => _frame[L4 + 13];

    public ReadOnlySpan<byte> Transport => _frame.AsSpan(L4, End - L4);

    public ushort TransportChecksum => Word(L4 + (Protocol switch { Frame.Tcp => 16, Frame.Udp => 6, _ => 2 }));

    public bool HeaderChecksumIsRight => IsV6 || Checksum.Fold(Checksum.Sum(_frame.AsSpan(_l3, L4 - _l3))) == 0xffff;

    public bool TransportChecksumIsRight =>
        Checksum.Fold(Checksum.Sum(Transport, Protocol == Frame.Icmp ? 0 : Checksum.Pseudo(Source, Destination, IsV6, Protocol, End - L4))) == 0xffff;

    private ushort Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(_frame.AsSpan(at));
}
