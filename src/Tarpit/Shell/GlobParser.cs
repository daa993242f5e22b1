namespace Blackwall.Tarpit.Shell;

/// <summary>Reads a pattern into its elements.</summary>
internal sealed class GlobParser(string pattern)
{
    private const int Deepest = 30;

    private int _at;
    private int _depth;

    public GlobNode[] Parse()
    {
        List<GlobNode> nodes = [];
        while (_at < pattern.Length && !(_depth > 0 && pattern[_at] is '|' or ')'))
        {
            char c = pattern[_at];
            if (c is '?' or '*' or '+' or '@' or '!' && _at + 1 < pattern.Length && pattern[_at + 1] == '(' && _depth < Deepest && TryList(c) is { } list)
            {
                nodes.Add(list);
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
                case '[' when CharacterSet.Parse(pattern, _at) is var (set, end) && set is not null:
                    nodes.Add(new GlobNode(GlobKind.Set, Set: set));
                    _at = end;
                    break;
                case '\\' when _at < pattern.Length:
                    nodes.Add(new GlobNode(GlobKind.Character, pattern[_at++]));
                    break;
                default:
                    nodes.Add(new GlobNode(GlobKind.Character, c));
                    break;
            }
        }

        return [.. nodes];
    }

    private GlobNode? TryList(char kind)
    {
        int start = _at;
        _at += 2;
        _depth++;
        List<GlobNode[]> alternatives = [];
        do
        {
            alternatives.Add(Parse());
        }
        while (_at < pattern.Length && pattern[_at++] == '|');

        _depth--;
        if (_at > pattern.Length || pattern[_at - 1] != ')')
        {
            _at = start;
            return null;
        }

        GlobKind what = kind switch { '?' => GlobKind.Optional, '*' => GlobKind.Any, '+' => GlobKind.Many, '@' => GlobKind.OneOf, _ => GlobKind.Not };
        return new GlobNode(what) { Alternatives = [.. alternatives] };
    }
}
