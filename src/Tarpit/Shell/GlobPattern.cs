using System.Runtime.InteropServices;

namespace Blackwall.Tarpit.Shell;

/// <summary>
/// A pattern of the shell: *, ?, [...] and lists of patterns (extglob). It is matched by sets of places, in time that grows with the
/// length of the pattern times that of the text; only "!(...)" takes longer. Depth and work are bounded: beyond that nothing fits.
/// </summary>
internal sealed class GlobPattern
{
    // Places that are looked at in all matches of one pattern.
    private const long MostWork = 6_000_000;

    // A set of places is made and joined this many at a time.
    private const int PlacesAtOnce = sizeof(ulong);

    // What a pattern that is too long fits.
    private static readonly GlobNode s_nothing = new(GlobKind.OneOf) { Alternatives = [[new GlobNode(GlobKind.Character, char.MaxValue)]] };

    private readonly Stack<bool[]> _free = new();
    private readonly GlobNode[] _nodes;
    private readonly bool _ignoresCase;
    private readonly int _longest;
    private long _work;

    public GlobPattern(string pattern, bool ignoresCase = false)
        : this(pattern.Length <= GlobParser.Longest ? new GlobParser(pattern).Parse() : [s_nothing], ignoresCase)
    {
    }

    private GlobPattern(GlobNode[] nodes, bool ignoresCase) => (_nodes, _ignoresCase, _longest) = (nodes, ignoresCase, GlobNode.LongestOf(nodes));

    /// <summary>Whether it is a text and no pattern; then the text.</summary>
    public string? Literal => Array.TrueForAll(_nodes, node => node.Kind == GlobKind.Character) ? string.Concat(_nodes.Select(node => node.Character)) : null;

    public bool IsMatch(string text) => text.Length <= _longest && Ends(text)[text.Length];

    /// <summary>The pattern for the text read backwards.</summary>
    public GlobPattern Reversed() => new(Reverse(_nodes), _ignoresCase);

    /// <summary>The longest or shortest match that begins at a place; -1: none.</summary>
    public int Match(string text, int start, bool longest)
    {
        if (_nodes.Length > 0 && _nodes[0].Kind == GlobKind.Character && (start >= text.Length || !Same(text[start], _nodes[0].Character)))
        {
            return -1;
        }

        bool[] ends = Ends(text.AsSpan(start, Math.Min(_longest, text.Length - start)));
        int end = longest ? Array.LastIndexOf(ends, true) : Array.IndexOf(ends, true);
        _free.Push(ends);
        return end < 0 ? -1 : start + end;
    }

    /// <summary>The first place from one on where a match may begin; the length of the text: there is none.</summary>
    public int Next(string text, int start)
    {
        if (_ignoresCase || _nodes.Length == 0 || _nodes[0].Kind != GlobKind.Character)
        {
            return start;
        }

        int next = start < text.Length ? text.IndexOf(_nodes[0].Character, start) : -1;
        return next < 0 ? text.Length : next;
    }

    private bool[] Ends(ReadOnlySpan<char> text)
    {
        bool[] places = Places(text.Length + 1);
        places[0] = true;
        return Run(_nodes, text, places);
    }

    // The sets are large for long texts: those that are done with are used again.
    private bool[] Places(int length)
    {
        if (_free.TryPop(out bool[]? places) && places.Length == length)
        {
            Array.Clear(places);
            return places;
        }

        _free.Clear();
        return new bool[length];
    }

    private bool[] Run(GlobNode[] nodes, ReadOnlySpan<char> text, bool[] places)
    {
        bool[] reached = places;
        foreach (GlobNode node in nodes)
        {
            int first = Array.IndexOf(reached, true);
            if (first < 0)
            {
                return reached;
            }

            int last = Array.LastIndexOf(reached, true);
            _work += last - first + 1 + (reached.Length / PlacesAtOnce);
            bool[] next = _work > MostWork ? Places(reached.Length) : Step(node, text, reached, first, last);
            if (!ReferenceEquals(reached, places))
            {
                _free.Push(reached);
            }

            reached = next;
        }

        return reached;
    }

    private bool[] Step(GlobNode node, ReadOnlySpan<char> text, bool[] places, int first, int last)
    {
        bool[] next = Places(places.Length);
        switch (node.Kind)
        {
            case GlobKind.Star:
                Array.Fill(next, true, first, next.Length - first);
                return next;
            case GlobKind.OneOf or GlobKind.Optional:
                UniteAlternatives(node, text, places, next);

                return node.Kind == GlobKind.Optional ? Union(next, places) : next;
            case GlobKind.Any or GlobKind.Many:
                bool[] reached = places;
                for (bool grows = true; grows && _work <= MostWork;)
                {
                    bool[] more = Places(places.Length);
                    UniteAlternatives(node, text, reached, more);
                    grows = Grows(next, more);
                    if (!ReferenceEquals(reached, places))
                    {
                        _free.Push(reached);
                    }

                    reached = more;
                }

                return node.Kind == GlobKind.Any ? Union(next, places) : next;
            case GlobKind.Not:
                for (int i = first; i <= last && _work <= MostWork; i++)
                {
                    if (places[i])
                    {
                        Exclude(node, text, i, next);
                    }
                }

                return next;
            default:
                for (int i = first; i < Math.Min(last + 1, text.Length); i++)
                {
                    next[i + 1] = places[i] && Fits(node, text[i]);
                }

                return next;
        }
    }

    private void UniteAlternatives(GlobNode node, ReadOnlySpan<char> text, bool[] places, bool[] reached)
    {
        foreach (GlobNode[] alternative in node.Alternatives)
        {
            _work += 1 + (places.Length / PlacesAtOnce);
            if (_work > MostWork)
            {
                return;
            }

            bool[] ends = Run(alternative, text, places);
            Union(reached, ends);
            if (!ReferenceEquals(ends, places))
            {
                _free.Push(ends);
            }
        }
    }

    private void Exclude(GlobNode node, ReadOnlySpan<char> text, int start, bool[] next)
    {
        bool[] from = Places(next.Length), reached = Places(next.Length);
        from[start] = true;
        UniteAlternatives(node, text, from, reached);
        _work += next.Length - start;

        for (int end = start; end < next.Length; end++)
        {
            next[end] |= !reached[end];
        }

        _free.Push(from);
        _free.Push(reached);
    }

    private bool Fits(GlobNode node, char c) => node.Kind switch
    {
        GlobKind.Character => Same(node.Character, c),
        GlobKind.One => true,
        _ => node.Set!.Contains(c) || (_ignoresCase && (node.Set.Contains(char.ToLowerInvariant(c)) || node.Set.Contains(char.ToUpperInvariant(c)))),
    };

    private bool Same(char a, char b) => a == b || (_ignoresCase && char.ToLowerInvariant(a) == char.ToLowerInvariant(b));

    private static bool[] Union(bool[] into, bool[] more)
    {
        Span<ulong> wide = MemoryMarshal.Cast<bool, ulong>(into.AsSpan());
        Span<ulong> wideMore = MemoryMarshal.Cast<bool, ulong>(more.AsSpan());
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] |= wideMore[i];
        }

        for (int i = wide.Length * PlacesAtOnce; i < into.Length; i++)
        {
            into[i] |= more[i];
        }

        return into;
    }

    private static bool Grows(bool[] into, bool[] more)
    {
        bool grows = false;
        for (int i = 0; i < into.Length; i++)
        {
            grows |= more[i] && !into[i];
            into[i] |= more[i];
        }

        return grows;
    }

    private static GlobNode[] Reverse(GlobNode[] nodes) => [.. nodes.Reverse().Select(node => node.Alternatives.Length == 0 ? node : node with { Alternatives = [.. node.Alternatives.Select(Reverse)] })];
}

/// <summary>What an element of a pattern stands for.</summary>
internal enum GlobKind
{
    Character,
    One,
    Set,
    Star,

    /// <summary>@(a|b).</summary>
    OneOf,

    /// <summary>?(a|b).</summary>
    Optional,

    /// <summary>*(a|b).</summary>
    Any,

    /// <summary>+(a|b).</summary>
    Many,

    /// <summary>!(a|b).</summary>
    Not,
}

/// <summary>An element of a pattern.</summary>
internal sealed record GlobNode(GlobKind Kind, char Character = '\0', CharacterSet? Set = null)
{
    public GlobNode[][] Alternatives { get; init; } = [];

    /// <summary>Characters that nodes fit at most.</summary>
    public static int LongestOf(GlobNode[] nodes)
    {
        long longest = 0;
        foreach (GlobNode node in nodes)
        {
            longest += node.Kind switch
            {
                GlobKind.Character or GlobKind.One or GlobKind.Set => 1,
                GlobKind.OneOf or GlobKind.Optional => node.Alternatives.Max(LongestOf),
                _ => int.MaxValue,
            };
        }

        return (int)Math.Min(longest, int.MaxValue);
    }
}
