using System.Buffers.Binary;
using System.Net;

namespace Blackwall.Tarpit.HostChannel.Wire;

/// <summary>
/// A UDP datagram on its way between host and tarpit: a number by which the host knows whom the answer is for (4 bytes), sender and receiver as in
/// <see cref="FlowQuestion"/>, then the payload. In an answer both ends are what the question had; the host does not read them.
/// </summary>
public readonly ref struct Datagram
{
    public const int LargestPayload = 4096;

    private const int EndLength = 18;
    private const int HeadLength = sizeof(uint) + (2 * EndLength);

    public Datagram(uint number, IPEndPoint remote, IPEndPoint local, ReadOnlySpan<byte> payload)
    {
        (Number, Remote, Local) = (number, remote, local);
        Payload = payload;
    }

    public uint Number { get; }

    public IPEndPoint Remote { get; }

    public IPEndPoint Local { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public static bool TryRead(ReadOnlySpan<byte> payload, out Datagram datagram)
    {
        datagram = default;
        if (payload.Length is < HeadLength or > HeadLength + LargestPayload)
        {
            return false;
        }

        datagram = new Datagram(
            BinaryPrimitives.ReadUInt32BigEndian(payload), FlowQuestion.ReadEnd(payload[sizeof(uint)..]), FlowQuestion.ReadEnd(payload[(sizeof(uint) + EndLength)..]), payload[HeadLength..]);
        return true;
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[HeadLength + Payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Number);
        FlowQuestion.WriteEnd(bytes.AsSpan(sizeof(uint)), Remote);
        FlowQuestion.WriteEnd(bytes.AsSpan(sizeof(uint) + EndLength), Local);
        Payload.CopyTo(bytes.AsSpan(HeadLength));
        return bytes;
    }
}
