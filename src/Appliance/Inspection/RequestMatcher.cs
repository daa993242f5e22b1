using System.Buffers;
using Blackwall.Inspection.Wire;

namespace Blackwall.Inspection;

/// <summary>Finds the rules that a request meets. Allocates nothing; thread-safe.</summary>
public sealed class RequestMatcher
{
    /// <summary>Hits of one request that are told.</summary>
    public const int MaxHits = 8;

    /// <summary>Characters of each part that are looked at.</summary>
    private const int Longest = 1536;

    private const int MaxLines = 64;

    private readonly Group[] _groups;

    public RequestMatcher(IReadOnlyList<RequestRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Rules = rules;
        _groups = [.. Enum.GetValues<RulePlace>().Select(place => new Group(rules, place))];
    }

    public IReadOnlyList<RequestRule> Rules { get; }

    /// <summary>Indexes of the rules that are met, each once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="hits">Room for <see cref="MaxHits"/>.</param>
    /// <returns>How many.</returns>
    public int Match(in HttpHead request, Span<int> hits)
    {
        Span<char> text = stackalloc char[Longest];
        int count = 0;
        _groups[(int)RulePlace.Method].Match(text[..RequestDecoder.Lower(request.Method, text)], hits, ref count);
        int length = RequestDecoder.Lower(request.Target, text);
        _groups[(int)RulePlace.RawTarget].Match(text[..length], hits, ref count);
        Plain(_groups[(int)RulePlace.Target], text, length, hits, ref count);
        Headers(request.Headers, text, hits, ref count);
        Plain(_groups[(int)RulePlace.Body], text, RequestDecoder.Lower(request.Body, text), hits, ref count);
        return count;
    }

    /// <summary>The same for a body that came later than its head.</summary>
    public int MatchBody(ReadOnlySpan<byte> body, Span<int> hits)
    {
        Span<char> text = stackalloc char[Longest];
        int count = 0;
        Plain(_groups[(int)RulePlace.Body], text, RequestDecoder.Lower(body, text), hits, ref count);
        return count;
    }

    // Escapes are undone twice, for double encoding is how filters are passed.
    private static void Plain(Group group, Span<char> text, int length, Span<int> hits, ref int count)
    {
        if (group.IsEmpty || length == 0)
        {
            return;
        }

        Span<char> plain = stackalloc char[Longest];
        int once = RequestDecoder.Unescape(text[..length], plain);
        int twice = RequestDecoder.Unescape(plain[..once], text);
        group.Match(plain[..RequestDecoder.Normalize(plain[..once])], hits, ref count);
        if (twice != once)
        {
            group.Match(text[..RequestDecoder.Normalize(text[..twice])], hits, ref count);
        }
    }

    private void Headers(ReadOnlySpan<byte> headers, Span<char> text, Span<int> hits, ref int count)
    {
        const string agent = "user-agent:";
        for (int lines = 0; lines < MaxLines && HttpHead.TryLine(ref headers, out ReadOnlySpan<byte> line); lines++)
        {
            ReadOnlySpan<char> plain = text[..RequestDecoder.Lower(line, text)];
            _groups[(int)RulePlace.Header].Match(plain, hits, ref count);
            if (plain.StartsWith(agent, StringComparison.Ordinal))
            {
                _groups[(int)RulePlace.Agent].Match(plain[agent.Length..].Trim(' '), hits, ref count);
            }
        }
    }

    /// <summary>The rules of one place.</summary>
    private sealed class Group
    {
        private readonly (int Index, RequestRule Rule)[] _substrings;
        private readonly (int Index, RequestRule Rule)[] _others;
        private readonly SearchValues<string> _any;

        public Group(IReadOnlyList<RequestRule> rules, RulePlace place)
        {
            (int, RequestRule Rule)[] mine = [.. rules.Select((rule, index) => (index, rule)).Where(pair => pair.rule.Place == place)];
            _substrings = [.. mine.Where(pair => pair.Rule.Match == RuleMatch.Contains)];
            _others = [.. mine.Where(pair => pair.Rule.Match != RuleMatch.Contains)];
            _any = SearchValues.Create([.. _substrings.Select(pair => pair.Rule.Pattern)], StringComparison.Ordinal);
        }

        public bool IsEmpty => _substrings.Length + _others.Length == 0;

        public void Match(ReadOnlySpan<char> text, Span<int> hits, ref int count)
        {
            // One pass over the text says of nearly every request that it holds none of them.
            if (_substrings.Length > 0 && text.ContainsAny(_any))
            {
                Try(_substrings, text, hits, ref count);
            }

            Try(_others, text, hits, ref count);
        }

        private static void Try((int Index, RequestRule Rule)[] rules, ReadOnlySpan<char> text, Span<int> hits, ref int count)
        {
            foreach ((int index, RequestRule rule) in rules)
            {
                if (count == hits.Length)
                {
                    return;
                }

                if (!hits[..count].Contains(index) && rule.Matches(text))
                {
                    hits[count++] = index;
                }
            }
        }
    }
}
