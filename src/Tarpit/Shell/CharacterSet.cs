namespace Blackwall.Tarpit.Shell;

/// <summary>[...] of a pattern: characters, ranges and classes, all of them or all others.</summary>
internal sealed class CharacterSet
{
    private readonly List<(char First, char Last)> _ranges = [];
    private readonly List<Func<char, bool>> _classes = [];
    private bool _isNegated;

    public bool Contains(char c) => (_ranges.Exists(range => c >= range.First && c <= range.Last) || _classes.Exists(fits => fits(c))) != _isNegated;

    /// <summary>The set whose text begins behind its bracket, and the place behind it; null: it has no end, so it is no set.</summary>
    public static (CharacterSet? Set, int End) Parse(string pattern, int at)
    {
        CharacterSet set = new();
        if (at < pattern.Length && pattern[at] is '!' or '^')
        {
            set._isNegated = true;
            at++;
        }

        for (bool isFirst = true; at < pattern.Length && (pattern[at] != ']' || isFirst); isFirst = false)
        {
            if (pattern[at] == '[' && at + 1 < pattern.Length && pattern[at + 1] is ':' or '.' or '=' && pattern.IndexOf($"{pattern[at + 1]}]", at + 2, StringComparison.Ordinal) is > 0 and var close)
            {
                string name = pattern[(at + 2)..close];
                if (pattern[at + 1] == ':')
                {
                    set._classes.Add(Class(name));
                }
                else if (name.Length == 1)
                {
                    set._ranges.Add((name[0], name[0]));
                }

                at = close + 2;
                continue;
            }

            char first = Read(pattern, ref at);
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                set._ranges.Add((first, Read(pattern, ref at)));
            }
            else
            {
                set._ranges.Add((first, first));
            }
        }

        return at < pattern.Length ? (set, at + 1) : (null, at);
    }

    private static char Read(string pattern, ref int at)
    {
        if (pattern[at] == '\\' && at + 1 < pattern.Length)
        {
            at++;
        }

        return pattern[at++];
    }

    private static Func<char, bool> Class(string name) => name switch
    {
        "alpha" => char.IsLetter,
        "digit" => char.IsAsciiDigit,
        "alnum" => static c => char.IsLetter(c) || char.IsAsciiDigit(c),
        "upper" => char.IsUpper,
        "lower" => char.IsLower,
        "space" => static c => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v',
        "blank" => static c => c is ' ' or '\t',
        "punct" => static c => c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c),
        "cntrl" => char.IsControl,
        "print" => static c => !char.IsControl(c),
        "graph" => static c => !char.IsControl(c) && c != ' ',
        "xdigit" => char.IsAsciiHexDigit,
        "word" => static c => char.IsLetter(c) || char.IsAsciiDigit(c) || c == '_',
        _ => static _ => false,
    };
}
