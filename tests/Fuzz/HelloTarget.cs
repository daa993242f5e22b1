using System.Text;
using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;
using Blackwall.Pipeline.Model;

namespace Blackwall.Fuzz;

/// <summary>ClientHellos in TLS records: the parser, all four forms of JA4, and the assembler that gets the same bytes in pieces.</summary>
internal sealed class HelloTarget : IFuzzTarget
{
    private static readonly byte[] s_body =
    [
        3, 3, .. new byte[32], 0, 0, 6, 0x1a, 0x1a, 0x13, 0x01, 0xc0, 0x2b, 1, 0,
        0, 53, 0, 0, 0, 6, 0, 4, 0, 0, 1, 0x61, 0, 0x10, 0, 5, 0, 3, 2, 0x68, 0x32, 0, 0x0d, 0, 6, 0, 4, 4, 3, 8, 4, 0, 0x2b, 0, 5, 4, 0x3a, 0x3a, 3, 4, 0x2a, 0x2a, 0, 0, 0, 0x33, 0, 3, 0, 1, 2,
    ];

    private readonly byte[] _body = new byte[TlsRecords.MaxHello];
    private readonly HelloAssembler _assembler = new(64);
    private ushort _port;
    private ulong _time = 1;

    public string Name => "tls-hello";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [22, 3, 1, 0, 104, 1, 0, 0, 100, .. s_body],
        [22, 3, 1, 0, 4, 1, 0, 0, 100, 22, 3, 3, 0, 50, .. s_body[..50], 22, 3, 3, 0, 50, .. s_body[50..]],
        [20, 3, 3, 0, 1, 1, 22, 3, 1, 0, 104, 1, 0, 0, 100, .. s_body],
        [22, 3, 0, 0, 45, 1, 0, 0, 41, 3, 0, .. new byte[32], 0, 0, 2, 0, 5, 1, 0],
        [22, 3],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (TlsRecords.Read(input, _body, out int length) == HelloStatus.Whole)
        {
            if (length > input.Length)
            {
                return "the hello is longer than what it was read from";
            }

            if (ClientHello.TryRead(_body.AsSpan(0, length), datagram: false, out ClientHello hello) && Wrong(in hello) is { } fault)
            {
                return fault;
            }
        }

        // In two pieces, the later one first, on one of a few flows: old pieces of other inputs are still there.
        HelloFlow flow = new(Address.FromV4(1), (ushort)(_port++ % 97), Address.FromV4(2), 443, 6);
        _time += 1_000_000;
        int half = input.Length / 2;
        _assembler.TryTcp(in flow, _time, (uint)(1000 + half), input[half..], overtaken: true, out _);
        if (_assembler.TryTcp(in flow, _time, 1000, input[..half], overtaken: true, out ClientHello whole) && Wrong(in whole) is { } wrong)
        {
            return wrong;
        }

        return _assembler.Waiting > 64 ? "more flows wait than may" : null;
    }

    internal static string? Wrong(in ClientHello hello)
    {
        Ja4Forms forms = Ja4.Forms(in hello, 't');
        return forms.Sorted.Length != Ja4.Length || forms.Original.Length != Ja4.Length ? "a fingerprint of another length"
            : !forms.SortedRaw.StartsWith(forms.Sorted[..10], StringComparison.Ordinal) ? "the head differs between the forms"
            : forms.Sorted.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_') ? "a fingerprint with other characters"
            : FingerprintReader.WrongValue(FingerprintKind.Ja4, forms.Sorted) is { } wrong ? $"the database would not take {forms.Sorted}: {wrong}"
            : Encoding.ASCII.GetByteCount(forms.SortedRaw) > 500_000 ? "a raw form without bound"
            : null;
    }
}
