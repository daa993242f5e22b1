using System.Text;
using Blackwall.Behavior.Wire;

namespace Blackwall.Fuzz;

/// <summary>Request bytes as they come out of the DPI ring.</summary>
internal sealed class HttpRequestTarget : IFuzzTarget
{
    public string Name => "http-request";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "GET / HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Mozilla/5.0\r\n\r\n", "\r\nPOST /wp-login.php HTTP/1.0\nX: y\n\n", "GET /a%2e%2e%2f%252e b HTTP/1.1\r\n",
            "OPTIONS * HTTP/1.1\r\n", "GET http://h:80/p?q=%41+%zz%4 HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /cut", "GET", " ", "",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (!HttpRequestLine.TryParse(input, out HttpRequestLine line))
        {
            return null;
        }

        if (line.Method.IsEmpty || line.Method.Contains((byte)' ') || line.Target.IsEmpty)
        {
            return "accepted without a method or a target";
        }

        if (!input.Overlaps(line.Method, out int method) || !input.Overlaps(line.Target, out int target) || target <= method || target + line.Target.Length > input.Length)
        {
            return "the parts do not lie in the input in their order";
        }

        Span<byte> buffer = stackalloc byte[300];
        buffer.Fill(0xee);
        int room = Math.Min(256, line.Target.Length / 2 * 2);
        int length = RequestTarget.Normalise(line.Target, buffer[..room]);
        if (length > room || buffer[room..].ContainsAnyExcept((byte)0xee))
        {
            return "the normal form was written beyond its room";
        }

        return buffer[..length].ContainsAnyInRange((byte)'A', (byte)'Z') ? "the normal form has capitals" : null;
    }
}
