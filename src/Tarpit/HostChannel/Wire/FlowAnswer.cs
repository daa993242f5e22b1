using System.Buffers.Binary;
using System.Net;

namespace Blackwall.Tarpit.HostChannel.Wire;

/// <summary>What a flow asked for: number of the question (4 bytes), 1 if it was diverted (1 byte), address and port as in <see cref="FlowQuestion"/>.</summary>
public sealed record FlowAnswer(uint Number, IPEndPoint? Destination)
{
    private const int Length = sizeof(uint) + 1 + 18;

    public static FlowAnswer? TryRead(ReadOnlySpan<byte> payload) => payload.Length != Length ? null
        : new FlowAnswer(BinaryPrimitives.ReadUInt32BigEndian(payload), payload[4] == 0 ? null : FlowQuestion.ReadEnd(payload[5..]));

    public byte[] ToArray()
    {
        byte[] payload = new byte[Length];
        BinaryPrimitives.WriteUInt32BigEndian(payload, Number);
        if (Destination is { } destination)
        {
            payload[4] = 1;
            FlowQuestion.WriteEnd(payload.AsSpan(5), destination);
        }

        return payload;
    }
}
