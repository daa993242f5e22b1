using System.Buffers.Binary;

namespace Blackwall.Tarpit.Improvisation.Wire;

/// <summary>A question on the channel: number (4 bytes, network order, chosen by the tarpit), then <see cref="ImprovisationQuestion"/> as JSON; nothing: no more of its answer is wanted.</summary>
public readonly ref struct ImprovisationAsk
{
    public const int LargestQuestion = 8 * 1024;

    public ImprovisationAsk(uint number, ReadOnlySpan<byte> question)
    {
        Number = number;
        Question = question;
    }

    public uint Number { get; }

    public ReadOnlySpan<byte> Question { get; }

    /// <summary>False: it is too short or too long.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ImprovisationAsk ask)
    {
        bool isRead = payload.Length is >= sizeof(uint) and <= sizeof(uint) + LargestQuestion;
        ask = isRead ? new ImprovisationAsk(BinaryPrimitives.ReadUInt32BigEndian(payload), payload[sizeof(uint)..]) : default;
        return isRead;
    }

    public byte[] ToArray()
    {
        byte[] payload = new byte[sizeof(uint) + Question.Length];
        BinaryPrimitives.WriteUInt32BigEndian(payload, Number);
        Question.CopyTo(payload.AsSpan(sizeof(uint)));
        return payload;
    }
}
