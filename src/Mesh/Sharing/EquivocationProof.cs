using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Indicators.Wire;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Sharing;

/// <summary>Two different messages that one author signed with one counter: it said one thing to some and another to others.</summary>
/// <param name="Author">Who signed both.</param>
/// <param name="First">One message.</param>
/// <param name="Second">The other.</param>
public sealed record EquivocationProof(PeerId Author, SignedIndicator First, SignedIndicator Second)
{
    /// <summary>Bytes of the longest one.</summary>
    public const int MaxLength = (2 * SignedIndicator.MaxLength) + 16;

    /// <summary>When its author can have signed both.</summary>
    public DateTimeOffset Time => First.Message.Created > Second.Message.Created ? First.Message.Created : Second.Message.Created;

    public byte[] Encode()
    {
        CborWriter writer = new();
        writer.Array(2);
        writer.Bytes(First.Bytes.Span);
        writer.Bytes(Second.Bytes.Span);
        return writer.ToArray();
    }

    /// <summary>Null: it proves nothing. Signatures are not looked at before all else holds.</summary>
    public static EquivocationProof? TryDecode(ReadOnlySpan<byte> bytes, string mesh)
    {
        var reader = new CborReader(bytes);
        if (bytes.Length > MaxLength || !reader.TryArray(2)
            || !reader.TryBytes(SignedIndicator.MaxLength, out ReadOnlySpan<byte> one) || !reader.TryBytes(SignedIndicator.MaxLength, out ReadOnlySpan<byte> other) || !reader.AtEnd
            || IndicatorCodec.TryDecode(one.ToArray(), out _) is not { } first || IndicatorCodec.TryDecode(other.ToArray(), out _) is not { } second)
        {
            return null;
        }

        IndicatorMessage before = first.Message;
        IndicatorMessage after = second.Message;
        return before.Author == after.Author && before.Epoch == after.Epoch && before.Counter == after.Counter && !first.Body.Span.SequenceEqual(second.Body.Span)
            && first.Verify(mesh) && second.Verify(mesh)
            ? new EquivocationProof(before.Author, first, second)
            : null;
    }
}
