using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Sed;

/// <summary>Reads a sed script.</summary>
/// <exception cref="FormatException">It is none; the message says why.</exception>
internal sealed class SedParser(string script, bool isExtended) : SedScanner(script)
{
    private const int MostCommands = 10_000;

    private readonly List<SedCommand> _commands = [];
    private readonly Stack<int> _blocks = new();

    public IReadOnlyList<SedCommand> Parse()
    {
        while (true)
        {
            while (Place < Script.Length && (char.IsWhiteSpace(Script[Place]) || Script[Place] == ';'))
            {
                Place++;
            }

            if (Place >= Script.Length)
            {
                break;
            }

            if (Script[Place] == '#')
            {
                SkipLine();
                continue;
            }

            if (_commands.Count >= MostCommands)
            {
                throw Wrong("too many commands");
            }

            ParseCommand();
        }

        if (_blocks.Count > 0)
        {
            throw new FormatException("-e expression #1, char 0: unmatched `{'");
        }

        Resolve();
        return _commands;
    }

    private void ParseCommand()
    {
        SedAddress? first = ParseAddress(), second = null;
        SkipBlanks();
        if (first is not null && Peek() == ',')
        {
            Place++;
            SkipBlanks();
            second = ParseAddress() ?? throw Wrong("unexpected `,'");
        }

        SkipBlanks();
        bool isNegated = false;
        while (Peek() == '!')
        {
            isNegated = true;
            Place++;
            SkipBlanks();
        }

        if (Place >= Script.Length)
        {
            throw Wrong("missing command");
        }

        SedCommand command = new() { First = first, Second = second, IsNegated = isNegated, Name = Script[Place++] };
        ParseArguments(command);
        _commands.Add(command);
    }

    private void ParseArguments(SedCommand command)
    {
        switch (command.Name)
        {
            case '{':
                _blocks.Push(_commands.Count);
                break;
            case '}':
                if (!_blocks.TryPop(out int open))
                {
                    throw Wrong("unexpected `}'");
                }

                _commands[open].Target = _commands.Count;
                RequireEnd();
                break;
            case 'a' or 'i' or 'c':
                command.Text = ParseText();
                break;
            case ':':
                SkipBlanks();
                command.Text = ReadUntil("\n;").Trim();
                break;
            case 'b' or 't' or 'T':
                SkipBlanks();
                command.Text = ReadUntil("\n;}").Trim();
                break;
            case 'r' or 'R' or 'w' or 'W':
                SkipBlanks();
                command.Text = ReadUntil("\n");
                break;
            case 's':
                command.Substitution = ParseSubstitution();
                break;
            case 'y':
                command.Map = ParseMap();
                RequireEnd();
                break;
            case 'q' or 'Q' or 'l' or 'L':
                SkipBlanks();
                command.Text = ReadDigits();
                RequireEnd();
                break;
            case '=' or 'd' or 'D' or 'g' or 'G' or 'h' or 'H' or 'n' or 'N' or 'p' or 'P' or 'x' or 'z' or 'F' or 'e':
                RequireEnd();
                break;
            case 'v':
                ReadUntil("\n;");
                break;
            default:
                throw Wrong($"unknown command: `{command.Name}'");
        }
    }

    private void Resolve()
    {
        Dictionary<string, int> labels = new(StringComparer.Ordinal);
        for (int i = 0; i < _commands.Count; i++)
        {
            if (_commands[i].Name == ':')
            {
                labels[_commands[i].Text] = i;
            }
        }

        foreach (SedCommand command in _commands.Where(command => command.Name is 'b' or 't' or 'T'))
        {
            command.Target = command.Text.Length == 0 ? _commands.Count : labels.TryGetValue(command.Text, out int at) ? at : throw new FormatException($"-e expression #1, char {Script.Length}: can't find label for jump to `{command.Text}'");
        }
    }

    private SedAddress? ParseAddress()
    {
        char c = Peek();
        if (char.IsAsciiDigit(c))
        {
            long line = Number();
            if (Peek() != '~')
            {
                return new SedAddress('n', line, 0, null);
            }

            Place++;
            return new SedAddress('~', line, Number(), null);
        }

        switch (c)
        {
            case '$':
                Place++;
                return new SedAddress('$', 0, 0, null);
            case '+' or '~':
                Place++;
                return new SedAddress(c == '+' ? '+' : 'm', Number(), 0, null);
            case '/':
                Place++;
                return ParseExpression('/');
            case '\\' when Place + 1 < Script.Length:
                char delimiter = Script[Place + 1];
                Place += 2;
                return ParseExpression(delimiter);
            default:
                return null;
        }
    }

    private SedAddress ParseExpression(char delimiter)
    {
        string pattern = ReadDelimited(delimiter, isPattern: true) ?? throw Wrong("unterminated address regex");
        bool ignoresCase = false, isMultiline = false;
        while (Peek() is 'I' or 'M')
        {
            ignoresCase |= Peek() == 'I';
            isMultiline |= Peek() == 'M';
            Place++;
        }

        return new SedAddress('/', 0, 0, pattern.Length == 0 ? null : Compile(pattern, ignoresCase, isMultiline));
    }

    private SedSubstitution ParseSubstitution()
    {
        if (Place >= Script.Length)
        {
            throw Wrong("unterminated `s' command");
        }

        char delimiter = Script[Place++];
        string pattern = ReadDelimited(delimiter, isPattern: true) ?? throw Wrong("unterminated `s' command");
        string replacement = ReadDelimited(delimiter, isPattern: false) ?? throw Wrong("unterminated `s' command");
        bool isGlobal = false, prints = false, ignoresCase = false, isMultiline = false, executes = false;
        int number = 0;
        string? file = null;
        while (Place < Script.Length && Script[Place] is not ('\n' or ';' or '}' or '#'))
        {
            char flag = Script[Place];
            if (char.IsAsciiDigit(flag))
            {
                number = (int)Math.Min(Number(), int.MaxValue);
                if (number == 0)
                {
                    throw Wrong("number option to `s' command may not be zero");
                }

                continue;
            }

            Place++;
            switch (flag)
            {
                case 'g':
                    isGlobal = true;
                    break;
                case 'p':
                    prints = true;
                    break;
                case 'i' or 'I':
                    ignoresCase = true;
                    break;
                case 'm' or 'M':
                    isMultiline = true;
                    break;
                case 'e':
                    executes = true;
                    break;
                case 'w':
                    SkipBlanks();
                    file = ReadUntil("\n");
                    break;
                case ' ' or '\t' or '\r':
                    break;
                default:
                    throw Wrong("unknown option to `s'");
            }
        }

        Regex? expression = pattern.Length == 0 ? null : Compile(pattern, ignoresCase, isMultiline);
        List<SedPiece> pieces = SedReplacement.Parse(replacement);
        int groups = expression?.GetGroupNumbers().Length - 1 ?? 9;
        if (pieces.Find(piece => piece.Group > groups) is { } wrong)
        {
            throw Wrong($"invalid reference \\{wrong.Group} on `s' command's RHS");
        }

        return new SedSubstitution(expression, pieces, isGlobal, number, prints, file, executes);
    }

    private Dictionary<char, char> ParseMap()
    {
        char delimiter = Place < Script.Length ? Script[Place++] : throw Wrong("unterminated `y' command");
        string from = ReadDelimited(delimiter, isPattern: false) ?? throw Wrong("unterminated `y' command");
        string to = ReadDelimited(delimiter, isPattern: false) ?? throw Wrong("unterminated `y' command");
        from = Characters.Of(SedReplacement.Unescaped(from));
        to = Characters.Of(SedReplacement.Unescaped(to));
        if (from.Length != to.Length)
        {
            throw Wrong("strings for `y' command are different lengths");
        }

        Dictionary<char, char> map = [];
        for (int i = 0; i < from.Length; i++)
        {
            map.TryAdd(from[i], to[i]);
        }

        return map;
    }

    // Text of a, i and c: on the same line, or behind a backslash on those that follow.
    private string ParseText()
    {
        SkipBlanks();
        if (Peek() == '\\')
        {
            // Blanks behind it belong to the text, unless the line ends.
            Place++;
            int begin = Place;
            SkipBlanks();
            Place = Peek() == '\n' ? Place + 1 : begin;
        }
        else if (Place >= Script.Length || Peek() == '\n')
        {
            throw Wrong("expected \\ after `a', `c' or `i'");
        }

        StringBuilder text = new();
        while (Place < Script.Length && Script[Place] != '\n')
        {
            if (Script[Place] == '\\' && Place + 1 < Script.Length)
            {
                Place++;
                text.Append(Script[Place] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', 'v' => '\v', 'a' => '\a', var c => c });
            }
            else
            {
                text.Append(Script[Place]);
            }

            Place++;
        }

        return text.Append('\n').ToString();
    }

    // Up to the delimiter; null: there is none. In a pattern brackets protect it, and \n is a line end.
    private string? ReadDelimited(char delimiter, bool isPattern)
    {
        StringBuilder text = new();
        bool isSet = false;
        int opened = 0;
        for (; Place < Script.Length; Place++)
        {
            char c = Script[Place];
            if (c == delimiter && !isSet)
            {
                Place++;
                return text.ToString();
            }

            if (c == '\\' && Place + 1 < Script.Length && !isSet)
            {
                char next = Script[++Place];
                if (next == delimiter)
                {
                    _ = isPattern && next is '|' or '+' or '?' or '(' or ')' or '{' or '}' && isPattern ? text.Append(isExtended ? "\\" : "").Append(next) : text.Append(next is '&' && !isPattern ? "\\&" : next.ToString());
                }
                else
                {
                    text.Append('\\').Append(next);
                }

                continue;
            }

            if (c == '\\' && isSet && Place + 1 < Script.Length && Script[Place + 1] is 'n' or 't' or ']' && isSet)
            {
                // \n in a set is a line end; \] ends nothing here but is a backslash in the set.
                if (Script[Place + 1] != ']')
                {
                    text.Append(Script[++Place] == 'n' ? '\n' : '\t');
                    continue;
                }
            }

            if (c == '\n' && isPattern && !isSet)
            {
                return null;
            }

            if (isPattern)
            {
                // A bracket ends no set that it is the first of.
                opened = isSet ? opened : text.Length;
                isSet = isSet ? c != ']' || text.Length == opened + 1 || (text.Length == opened + 2 && text[^1] == '^') : c == '[' && Script.IndexOf(']', Place) > 0;
            }

            text.Append(c);
        }

        return null;
    }

    private Regex Compile(string pattern, bool ignoresCase, bool isMultiline) =>
        Patterns.Compile(Characters.Of(pattern), isExtended, ignoresCase, isMultiline) ?? throw Wrong(pattern.Contains('(', StringComparison.Ordinal) ? "Unmatched ( or \\(" : pattern.Contains('[', StringComparison.Ordinal) ? "unterminated address regex" : "Invalid preceding regular expression");

    private void RequireEnd()
    {
        SkipBlanks();
        if (Place < Script.Length && Script[Place] is not ('\n' or ';' or '}' or '#'))
        {
            throw Wrong("extra characters after command");
        }
    }
}
