using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Lines of multistream-select and the varints before them.</summary>
internal sealed class MultistreamTarget : IFuzzTarget
{
    public string Name => "mesh-multistream";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        MultistreamLine.Encode(MultistreamLine.Hello),
        MultistreamLine.Encode("/noise"),
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        [0x80, 0x00],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (Varint.Read(input, out ulong length, out int taken) != VarintStatus.Whole)
        {
            return null;
        }

        Span<byte> again = stackalloc byte[Varint.MaxLength + 1];
        if (!again[..Varint.Write(again, length)].SequenceEqual(input[..taken]))
        {
            return "two encodings of one number";
        }

        ReadOnlySpan<byte> rest = input[taken..];
        if (length > (ulong)rest.Length || MultistreamLine.Decode(rest[..(int)length]) is not { } line)
        {
            return null;
        }

        return MultistreamLine.Encode(line).AsSpan().SequenceEqual(input[..(taken + (int)length)]) ? null : "the line is written otherwise";
    }
}
