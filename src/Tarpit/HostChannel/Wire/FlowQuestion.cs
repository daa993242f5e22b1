using System.Buffers.Binary;
using System.Net;

namespace Blackwall.Tarpit.HostChannel.Wire;

/// <summary>
/// A flow as the tarpit sees it, with a number to know the answer by: number (4 bytes), then two ends of 16 bytes of address (IPv4 mapped) and 2
/// of port, all in network order.
/// </summary>
public sealed record FlowQuestion(uint Number, IPEndPoint Remote, IPEndPoint Local)
{
    private const int EndLength = 18;
    private const int Length = sizeof(uint) + (2 * EndLength);

    public static FlowQuestion? TryRead(ReadOnlySpan<byte> payload) => payload.Length != Length ? null
        : new FlowQuestion(BinaryPrimitives.ReadUInt32BigEndian(payload), ReadEnd(payload[sizeof(uint)..]), ReadEnd(payload[(sizeof(uint) + EndLength)..]));

    public byte[] ToArray()
    {
        byte[] payload = new byte[Length];
        BinaryPrimitives.WriteUInt32BigEndian(payload, Number);
        WriteEnd(payload.AsSpan(sizeof(uint)), Remote);
        WriteEnd(payload.AsSpan(sizeof(uint) + EndLength), Local);
        return payload;
    }

    internal static IPEndPoint ReadEnd(ReadOnlySpan<byte> bytes)
    {
        IPAddress address = new(bytes[..16]);
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]));
    }

    internal static void WriteEnd(Span<byte> bytes, IPEndPoint end)
    {
        end.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[16..], (ushort)end.Port);
    }
}
