using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;

namespace Blackwall.Fuzz;

/// <summary>Headers of SYNs, in the layout of the kernel's samples.</summary>
internal sealed class SynTarget : IFuzzTarget
{
    private const int Tcp = 40;

    private static readonly byte[] s_v4 = [0x45, 0, 0, 60, 0, 9, 0x40, 0, 64, 6, .. new byte[30]];
    private static readonly byte[] s_v6 = [0x60, 0, 0, 9, 0, 40, 6, 64, .. new byte[32]];
    private static readonly byte[] s_tcp = [0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0, 0, 0xa0, 2, 0xfa, 0xf0, 0, 0, 0, 0];

    public string Name => "tcp-syn";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. s_v4, .. s_tcp, 2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7],
        [.. s_v6, .. s_tcp, 2, 4, 5, 0xa0, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7],
        [.. s_v4, .. s_tcp[..12], 0xf0, .. s_tcp[13..], 254, 2, 253, 2, 252, 2, 251, 2, 250, 2, 249, 2, 248, 2, 247, 2, 246, 2, 245, 2, 244, 2, 243, 2, 242, 2, 241, 2, 240, 2, 239, 2, 238, 2, 237, 2, 236, 2, 235, 2],
        [.. s_v4, .. s_tcp[..12], 0x50, .. s_tcp[13..]],
        [.. s_v6, .. s_tcp[..12], 0x70, .. s_tcp[13..], 34, 2, 0, 1, 254, 4, 0xf9, 0x89],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (input.Length <= Tcp || !TcpSyn.TryRead(input[..Tcp], input[Tcp..], input.Length & 1, out TcpSyn syn))
        {
            return null;
        }

        Span<char> text = stackalloc char[SynPrint.MaxLength];
        string print = text[..SynPrint.Write(in syn, text)].ToString();
        return SynPrint.Distance(in syn) is < 0 or > 254 ? "a distance that cannot be"
            : FingerprintReader.WrongValue(FingerprintKind.TcpSyn, print) is { } wrong ? $"the database would not take {print}: {wrong}"
            : print.Count(c => c == '_') != 6 ? $"not seven fields: {print}"
            : null;
    }
}
