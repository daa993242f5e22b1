using System.Text;
using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;

namespace Blackwall.Fuzz;

/// <summary>Identification line and KEXINIT of SSH clients.</summary>
internal sealed class SshTarget : IFuzzTarget
{
    public string Name => "ssh-hello";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. Encoding.ASCII.GetBytes("SSH-2.0-libssh_0.10.6\r\n"), 0, 0, 0, 80, 6, 20, .. new byte[16], 0, 0, 0, 1, 0x61, 0, 0, 0, 1, 0x62, 0, 0, 0, 3, 0x63, 0x2c, 0x64, 0, 0, 0, 0, 0, 0, 0, 1, 0x65, 0, 0, 0, 0, 0, 0, 0, 4, .. "none"u8, .. new byte[30]],
        [.. "SSH-2.0-x\n"u8],
        [.. "SSH-1.5-x\r\n\0\0\0\x10\0\x14"u8],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (SshClientHello.Read(input, out SshClientHello hello) != HelloStatus.Whole)
        {
            return null;
        }

        if (!input.Overlaps(hello.Software) || hello.Software.Length > SshClientHello.MaxLine || hello.Software.Contains((byte)'\n'))
        {
            return "the line is not one of the input";
        }

        Span<char> text = stackalloc char[Hassh.Length];
        Hassh.Write(in hello, text);
        return FingerprintReader.WrongValue(FingerprintKind.Hassh, text.ToString());
    }
}
