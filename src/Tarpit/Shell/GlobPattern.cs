namespace Blackwall.Tarpit.Shell;

/// <summary>
/// A pattern of the shell: *, ?, [...] and lists of patterns (extglob). It is matched by sets of places, in time that grows with the
/// length of the pattern times that of the text; only "!(...)" takes longer. Depth and work are bounded.
/// </summary>
internal sealed class GlobPattern
{
    private const long MostWork = 60_000_000;

    private readonly GlobNode[] _nodes;
    private readonly bool _ignoresCase;
    private long _work;

    public GlobPattern(string pattern, bool ignoresCase = false)
    {
        _nodes = new GlobParser(pattern).Parse();
        _ignoresCase = ignoresCase;
    }

    private GlobPattern(GlobNode[] nodes, bool ignoresCase) => (_nodes, _ignoresCase) = (nodes, ignoresCase);

    /// <summary>Whether it is a text and no pattern; then the text.</summary>
    public string? Literal => Array.TrueForAll(_nodes, node => node.Kind == GlobKind.Character) ? string.Concat(_nodes.Select(node => node.Character)) : null;

    public bool IsMatch(string text) => Ends(text, 0)[text.Length];

    /// <summary>The pattern for the text read backwards.</summary>
    public GlobPattern Reversed() => new(Reverse(_nodes), _ignoresCase);

    /// <summary>The longest or shortest match that begins at a place; -1: none.</summary>
    public int Match(string text, int start, bool longest)
    {
        if (_nodes.Length > 0 && _nodes[0].Kind == GlobKind.Character && (start >= text.Length || !Same(text[start], _nodes[0].Character)))
        {
            return -1;
        }

        bool[] ends = Ends(text, start);
        return longest ? Array.LastIndexOf(ends, true) : Array.IndexOf(ends, true);
    }

    private bool[] Ends(string text, int start)
    {
        bool[] places = new bool[text.Length + 1];
        places[start] = true;
        return Run(_nodes, text, places);
    }

    private bool[] Run(GlobNode[] nodes, string text, bool[] places)
    {
        foreach (GlobNode node in nodes)
        {
            int first = Array.IndexOf(places, true);
            if (first < 0)
            {
                return places;
            }

            _work += places.Length - first;
            places = _work > MostWork ? new bool[places.Length] : Step(node, text, places, first);
        }

        return places;
    }

    private bool[] Step(GlobNode node, string text, bool[] places, int first)
    {
        bool[] next = new bool[places.Length];
        switch (node.Kind)
        {
            case GlobKind.Star:
                Array.Fill(next, true, first, next.Length - first);
                return next;
            case GlobKind.OneOf or GlobKind.Optional:
                foreach (GlobNode[] alternative in node.Alternatives)
                {
                    Union(next, Run(alternative, text, places));
                }

                return node.Kind == GlobKind.Optional ? Union(next, places) : next;
            case GlobKind.Any or GlobKind.Many:
                bool[] reached = places;
                for (bool grows = true; grows && _work <= MostWork;)
                {
                    bool[] more = new bool[places.Length];
                    foreach (GlobNode[] alternative in node.Alternatives)
                    {
                        Union(more, Run(alternative, text, reached));
                    }

                    grows = Grows(next, more);
                    reached = more;
                }

                return node.Kind == GlobKind.Any ? Union(next, places) : next;
            case GlobKind.Not:
                for (int i = first; i < places.Length && _work <= MostWork; i++)
                {
                    if (places[i])
                    {
                        Exclude(node, text, i, next);
                    }
                }

                return next;
            default:
                for (int i = first; i < text.Length; i++)
                {
                    next[i + 1] = places[i] && Fits(node, text[i]);
                }

                return next;
        }
    }

    private void Exclude(GlobNode node, string text, int start, bool[] next)
    {
        bool[] from = new bool[next.Length], reached = new bool[next.Length];
        from[start] = true;
        foreach (GlobNode[] alternative in node.Alternatives)
        {
            Union(reached, Run(alternative, text, from));
        }

        for (int end = start; end < next.Length; end++)
        {
            next[end] |= !reached[end];
        }
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
        for (int i = 0; i < into.Length; i++)
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
}
