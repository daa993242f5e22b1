using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Blackwall.Lab.Network;

/// <summary>An interface and a kind of frame, as packet sockets are bound to (packet(7)).</summary>
/// <param name="index">Of the interface.</param>
/// <param name="etherType">In host byte order.</param>
internal sealed class LinkEndPoint(int index, ushort etherType) : EndPoint
{
    private const int Size = 20; // struct sockaddr_ll

    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        SocketAddress address = new(AddressFamily.Packet, Size);
        BinaryPrimitives.WriteUInt16BigEndian(address.Buffer.Span[2..], etherType);
        BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
        return address;
    }
}
