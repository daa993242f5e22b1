using System.Net;
using Blackwall.Tarpit.Dns;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>Queries for names, over both transports; a datagram is never answered with more than it had.</summary>
internal sealed class TarpitDnsTarget : IFuzzTarget
{
    private static readonly IPEndPoint s_asker = new(0x01020304, 4711);
    private static readonly IPEndPoint s_asked = new(0x05060708, 53);

    private readonly DnsService _service = new(new DnsServer("example.test", "web-prod-01", "9.18", 1, new byte[32], TimeProvider.System), TimeProvider.System);

    public string Name => "tarpit-dns";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "12340100000100000000000003777777076578616d706c6504746573740000010001", "123401000001000000000000076578616d706c6504746573740000ff0001", "1234010000010000000000000776657273696f6e0462696e640000100003",
            "12340100000100000000000103777777076578616d706c650474657374000001000100002904d000000000000c000a00080102030405060708", "123401000001000000000000c00c00010001", "123428000001000000000000076578616d706c6504746573740000060001",
            "12340100000100010000000003777777076578616d706c65047465737400000100010178047465737400000100010000003c000401020304",
        }.Select(Convert.FromHexString),
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (_service.AnswerDatagram(input, s_asker, s_asked) is { } answer && (answer.Length > input.Length || (answer[2] & 0x80) == 0))
        {
            return "an answer that is longer, or none";
        }

        return DnsTruncation.Create(input) is { } cut && cut.Length != input.Length ? "a cut answer of another length" : null;
    }
}
