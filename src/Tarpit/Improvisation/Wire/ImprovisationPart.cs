using System.Buffers.Binary;

namespace Blackwall.Tarpit.Improvisation.Wire;

/// <summary>A piece of what a model says: number of the question (4 bytes, network order), how it goes on (1 byte), text in UTF-8, which may end within a character.</summary>
public readonly ref struct ImprovisationPart
{
    public const int LargestText = 4 * 1024;

    private const int HeadLength = sizeof(uint) + 1;

    public ImprovisationPart(uint number, ImprovisationState state, ReadOnlySpan<byte> text)
    {
        Number = number;
        State = state;
        Text = text;
    }

    public uint Number { get; }

    public ImprovisationState State { get; }

    public ReadOnlySpan<byte> Text { get; }

    /// <summary>False: it is too short, too long or in no known state.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ImprovisationPart part)
    {
        part = default;
        if (payload.Length is < HeadLength or > HeadLength + LargestText || payload[sizeof(uint)] > (byte)ImprovisationState.Failed)
        {
            return false;
        }

        part = new ImprovisationPart(BinaryPrimitives.ReadUInt32BigEndian(payload), (ImprovisationState)payload[sizeof(uint)], payload[HeadLength..]);
        return true;
    }

    public byte[] ToArray()
    {
        byte[] payload = new byte[HeadLength + Text.Length];
        BinaryPrimitives.WriteUInt32BigEndian(payload, Number);
        payload[sizeof(uint)] = (byte)State;
        Text.CopyTo(payload.AsSpan(HeadLength));
        return payload;
    }
}
