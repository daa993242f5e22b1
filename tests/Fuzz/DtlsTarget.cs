using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;
using Blackwall.Pipeline.Model;

namespace Blackwall.Fuzz;

/// <summary>DTLS datagrams: fragments of hellos, through the assembler.</summary>
internal sealed class DtlsTarget : IFuzzTarget
{
    private static readonly byte[] s_body = [0xfe, 0xfd, .. new byte[32], 0, 0, 0, 4, 0xc0, 0x2b, 0x0a, 0x0a, 1, 0, 0, 10, 0, 0x0d, 0, 6, 0, 4, 4, 3, 8, 4];

    private readonly HelloAssembler _assembler = new(64);
    private ushort _port;
    private ulong _time = 1;

    public string Name => "dtls";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 68, 1, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0, 56, .. s_body],
        [22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 1, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0, 20, .. s_body[..20], 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 48, 1, 0, 0, 56, 0, 0, 0, 0, 20, 0, 0, 36, .. s_body[20..]],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> rest = input;
        while (DtlsRecords.TryNext(ref rest, out ReadOnlySpan<byte> fragment, out int offset, out int length, out _))
        {
            if (!fragment.IsEmpty && !input.Overlaps(fragment))
            {
                return "a fragment that is not of the datagram";
            }

            if (offset < 0 || offset + fragment.Length > length)
            {
                return "a fragment beyond its message";
            }
        }

        HelloFlow flow = new(Address.FromV4(1), (ushort)(_port++ % 97), Address.FromV4(2), 443, 17);
        _time += 1_000_000;
        return _assembler.TryDtls(in flow, _time, input, out ClientHello hello) ? HelloTarget.Wrong(in hello) : _assembler.Waiting > 64 ? "more flows wait than may" : null;
    }
}
