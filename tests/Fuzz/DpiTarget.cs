using System.Text;
using Blackwall.Inspection;
using Blackwall.Inspection.Wire;

namespace Blackwall.Fuzz;

/// <summary>Requests against the shipped rules.</summary>
internal sealed class DpiTarget : IFuzzTarget
{
    private readonly RequestMatcher _matcher = new(new InspectionOptions().Rules);

    public string Name => "dpi";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "GET / HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Mozilla/5.0\r\n\r\n", "POST /a?b=%27%20or%201=1 HTTP/1.1\r\nA: b\r\n\r\nx=%252e%252e%252f",
            "GET /%c0%ae%c0%ae/%u002e\\..//./x HTTP/1.1\n\nbody", "GET / HTTP/1.1\r\nAuthorization: Basic YTpi\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /?q=${${lower:j}ndi:x}/**/union/**/select", "\r\nGET /", "",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        Span<char> text = stackalloc char[300];
        text.Fill('\uffff');
        int length = RequestDecoder.Unescape(text[..RequestDecoder.Lower(input[..Math.Min(input.Length, 256)], text[..256])], text[..256]);
        int settled = RequestDecoder.Normalize(text[..length]);
        if (settled > length || length > 256 || text[256..].ContainsAnyExcept('\uffff'))
        {
            return "the plain form was written beyond its room";
        }

        if (text[..settled].ContainsAnyInRange('A', 'Z'))
        {
            return "the plain form has capitals";
        }

        if (!HttpHead.TryRead(input, out HttpHead head))
        {
            return null;
        }

        if (head.Method.IsEmpty || head.Target.IsEmpty || head.Method.Length + head.Target.Length + head.Headers.Length + head.Body.Length > input.Length)
        {
            return "the parts are not of the input";
        }

        if (head.Credentials is { IsEmpty: false } credentials && !input.Overlaps(credentials))
        {
            return "the credentials are not of the input";
        }

        Span<int> hits = stackalloc int[RequestMatcher.MaxHits];
        int count = _matcher.Match(in head, hits);
        for (int i = 0; i < count; i++)
        {
            if (hits[i] < 0 || hits[i] >= _matcher.Rules.Count || hits[..i].Contains(hits[i]))
            {
                return "a rule is met twice, or is none";
            }
        }

        return null;
    }
}
