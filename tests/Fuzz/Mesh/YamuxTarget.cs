using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Yamux frames, however they are cut.</summary>
internal sealed class YamuxTarget : IFuzzTarget
{
    public string Name => "mesh-yamux";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 1, 2, 3, 4, 0, 1, 0, 2, 0, 0, 0, 1, 0, 4, 0, 0],
        [0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        [0, 0, 0, 4, 0, 0, 0, 3, 0, 4, 0, 0],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        int cut = input.Length == 0 ? 0 : input[0] % (input.Length + 1);
        var whole = new YamuxReader();
        var parts = new YamuxReader();
        int once = Read(whole, input);
        int twice = Read(parts, input[..cut]) + Read(parts, input[cut..]);
        return once != twice || !string.Equals(whole.Error, parts.Error, StringComparison.Ordinal) || whole.AtFrameEnd != parts.AtFrameEnd ? $"cut at {cut} it reads otherwise: {once}, {twice}" : null;
    }

    // Headers count a million, bytes of bodies one.
    private static int Read(YamuxReader reader, ReadOnlySpan<byte> input)
    {
        int sum = 0;
        while (true)
        {
            switch (reader.Next(ref input, out ReadOnlySpan<byte> body))
            {
                case YamuxPiece.Header:
                    sum += 1_000_000;
                    break;
                case YamuxPiece.Body:
                    sum += body.Length;
                    break;
                default:
                    return sum;
            }
        }
    }
}
