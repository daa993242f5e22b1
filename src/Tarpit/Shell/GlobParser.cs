namespace Blackwall.Tarpit.Shell;

/// <summary>Reads a pattern into its elements.</summary>
internal sealed class GlobParser
{
    private const int Deepest = 30;
    /// <summary>Characters of a pattern.</summary>
    public const int Longest = 32 * 1024;

    // Characters that are looked at for the ends of sets.
    private const int MostScanned = 1 << 20;

    private readonly string _pattern;
    private readonly HashSet<int> _lists = [];
    private int _at;
    private int _depth;
    private int _scanned;

    public GlobParser(string pattern)
    {
        _pattern = pattern;
        if (pattern.Contains('(', StringComparison.Ordinal))
        {
            FindLists();
        }
    }

    public GlobNode[] Parse()
    {
        List<GlobNode> nodes = [];
        while (_at < _pattern.Length && !(_depth > 0 && _pattern[_at] is '|' or ')'))
        {
            char c = _pattern[_at];
            if (_lists.Contains(_at) && _depth < Deepest)
            {
                nodes.Add(ReadList(c));
                continue;
            }

            _at++;
            switch (c)
            {
                case '*':
                    if (nodes.Count == 0 || nodes[^1].Kind != GlobKind.Star)
                    {
                        nodes.Add(new GlobNode(GlobKind.Star));
                    }

                    break;
                case '?':
                    nodes.Add(new GlobNode(GlobKind.One));
                    break;
                case '[' when ReadSet(_at) is var (set, end) && set is not null:
                    nodes.Add(new GlobNode(GlobKind.Set, Set: set));
                    _at = end;
                    break;
                case '\\' when _at < _pattern.Length:
                    nodes.Add(new GlobNode(GlobKind.Character, _pattern[_at++]));
                    break;
                default:
                    nodes.Add(new GlobNode(GlobKind.Character, c));
                    break;
            }
        }

        return [.. nodes];
    }

    // Where lists begin that have an end, found in one pass: text full of beginnings takes no longer.
    private void FindLists()
    {
        Stack<int> open = new();
        for (int at = 0; at < _pattern.Length; at++)
        {
            switch (_pattern[at])
            {
                case '\\':
                    at++;
                    break;
                case '[' when ReadSet(at + 1) is var (set, end) && set is not null:
                    at = end - 1;
                    break;
                case '?' or '*' or '+' or '@' or '!' when at + 1 < _pattern.Length && _pattern[at + 1] == '(' && open.Count < Deepest:
                    open.Push(at++);
                    break;
                case ')' when open.TryPop(out int begin):
                    _lists.Add(begin);
                    break;
            }
        }
    }

    private (CharacterSet? Set, int End) ReadSet(int at)
    {
        if (_scanned > MostScanned)
        {
            return (null, at);
        }

        (CharacterSet? set, int end) = CharacterSet.Parse(_pattern, at);
        _scanned += end - at;
        return (set, end);
    }

    private GlobNode ReadList(char kind)
    {
        _at += 2;
        _depth++;
        List<GlobNode[]> alternatives = [];
        do
        {
            alternatives.Add(Parse());
        }
        while (_at < _pattern.Length && _pattern[_at++] == '|');

        _depth--;
        GlobKind what = kind switch { '?' => GlobKind.Optional, '*' => GlobKind.Any, '+' => GlobKind.Many, '@' => GlobKind.OneOf, _ => GlobKind.Not };
        return new GlobNode(what) { Alternatives = [.. alternatives] };
    }
}
