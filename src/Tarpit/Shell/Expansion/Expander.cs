using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Expansion of words (bash(1), EXPANSION): braces, tilde, parameters, substitution, arithmetic, splitting, file names, quotes. Bounded.</summary>
internal sealed class Expander
{
    private const int MostWords = 65_536;
    private const int LongestWord = 512 * 1024;
    private const string Blanks = " \t\n";

    private readonly ShellState _state;
    private readonly ISubstitutions _substitutions;
    private readonly ParameterExpansion _parameters;

    public Expander(ShellState state, ISubstitutions substitutions)
    {
        (_state, _substitutions) = (state, substitutions);
        _parameters = new ParameterExpansion(state, this);
    }

    private string Separators => _state.Find("IFS") ?? Blanks;

    /// <summary>All words that these words become.</summary>
    public async ValueTask<List<string>> WordsAsync(IEnumerable<Word> words, CancellationToken cancellation)
    {
        List<string> expanded = [];
        foreach (Word word in words)
        {
            foreach (Word braced in _state.Has("braceexpand") ? word.Braced : [word])
            {
                await AddFieldsAsync(braced, expanded, cancellation);
                if (expanded.Count >= MostWords)
                {
                    return expanded;
                }
            }
        }

        return expanded;
    }

    /// <summary>Tells an error that ends nothing.</summary>
    public ValueTask WarnAsync(string message, CancellationToken cancellation) => _substitutions.WarnAsync(message, cancellation);

    /// <summary>A subscript in text that a builtin was given; commands in it are not run.</summary>
    public string Subscript(string text)
    {
        try
        {
            Word word = WordReader.ReadWhole(text, WordReader.Place.Subscript);
            return word.Parts.Any(HasCommand) ? text : TextAsync(word, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (SyntaxException)
        {
            return text;
        }
    }

    /// <summary>Whether a command runs when a part is expanded.</summary>
    public static bool HasCommand(WordPart part) => part is CommandPart or BackquotePart or ProcessPart
        || (part is QuotedPart quoted && quoted.Parts.Any(HasCommand))
        || (part is ArithmeticPart arithmetic && arithmetic.Expression.Parts.Any(HasCommand))
        || (part is ParameterPart parameter && (parameter.Argument.Parts.Any(HasCommand) || parameter.Subscript?.Parts.Any(HasCommand) == true || parameter.Second?.Parts.Any(HasCommand) == true));

    public Pipe? Attach(ProcessPart process) => _substitutions.Attach(process);

    /// <summary>A word as one text.</summary>
    public async ValueTask<string> TextAsync(Word word, CancellationToken cancellation) => MarkedText.ToPlain(await MarkAsync(word, isAssigned: false, cancellation));

    /// <summary>A word that is assigned: a tilde is special behind colons too.</summary>
    public async ValueTask<string> AssignedAsync(Word word, CancellationToken cancellation) => MarkedText.ToPlain(await MarkAsync(word, isAssigned: true, cancellation));

    public async ValueTask<string> PatternAsync(Word word, CancellationToken cancellation) => MarkedText.ToPattern(await MarkAsync(word, isAssigned: false, cancellation));

    public async ValueTask<string> RegexAsync(Word word, CancellationToken cancellation) => MarkedText.ToRegex(await MarkAsync(word, isAssigned: false, cancellation));

    /// <summary>The text of a here-document, or an expression.</summary>
    public async ValueTask<string> DocumentAsync(Word word, CancellationToken cancellation)
    {
        if (word.Parts is [LiteralPart only])
        {
            return only.Text;
        }

        StringBuilder text = new();
        await AppendAsync(word.Parts, text, isQuoted: true, splits: false, cancellation);
        return MarkedText.ToPlain(text.ToString());
    }

    /// <summary>Appends parts with their marks.</summary>
    /// <param name="splits">Text that is not quoted is split later: it belongs to an expansion.</param>
    public async ValueTask AppendAsync(IReadOnlyList<WordPart> parts, StringBuilder text, bool isQuoted, bool splits, CancellationToken cancellation, bool splitsResults = false)
    {
        foreach (WordPart part in parts)
        {
            if (text.Length > LongestWord)
            {
                return;
            }

            switch (part)
            {
                case LiteralPart literal:
                    MarkedText.Append(text, literal.Text, literal.IsQuoted || isQuoted, splits);
                    if (literal is { IsQuoted: true, Text.Length: 0 })
                    {
                        text.Append(MarkedText.Empty);
                    }

                    break;
                case QuotedPart quoted:
                    int before = text.Length;
                    await AppendAsync(quoted.Parts, text, isQuoted: true, splits: false, cancellation);
                    if (text.Length == before && !quoted.Parts.Any(ParameterExpansion.IsList))
                    {
                        text.Append(MarkedText.Empty);
                    }

                    break;
                case ParameterPart parameter:
                    await _parameters.AppendAsync(parameter, text, isQuoted, splits || splitsResults, cancellation);
                    break;
                case ArithmeticPart arithmetic:
                    string expression = await DocumentAsync(arithmetic.Expression, cancellation);
                    MarkedText.Append(text, Calculator.Evaluate(expression, _state).ToString(CultureInfo.InvariantCulture), isQuoted, splits || splitsResults);
                    break;
                case CommandPart command:
                    MarkedText.Append(text, await _substitutions.RunAsync(command.Body, cancellation), isQuoted, splits || splitsResults);
                    break;
                case BackquotePart backquote:
                    MarkedText.Append(text, await _substitutions.RunTextAsync(backquote.Text, cancellation), isQuoted, splits || splitsResults);
                    break;
                case ProcessPart process:
                    MarkedText.Append(text, await _substitutions.OpenAsync(process, cancellation), isQuoted: true, splits: false);
                    break;
                case AssignmentPart assignment:
                    await AppendAsync(assignment.Assignment.Source.Parts, text, isQuoted, splits, cancellation, splitsResults);
                    break;
            }
        }
    }

    private async ValueTask<string> MarkAsync(Word word, bool isAssigned, CancellationToken cancellation)
    {
        if (word.Parts.Count == 0)
        {
            return "";
        }

        StringBuilder text = new();
        await AppendAsync(WithHome(word.Parts, isAssigned), text, isQuoted: false, splits: false, cancellation);
        return text.ToString();
    }

    private async ValueTask AddFieldsAsync(Word word, List<string> expanded, CancellationToken cancellation)
    {
        if (word.Parts is [LiteralPart { IsQuoted: false } only] && only.Text.AsSpan().IndexOfAny("*?[(~") < 0)
        {
            expanded.Add(only.Text);
            return;
        }

        StringBuilder text = new();
        await AppendAsync(WithHome(word.Parts, isAssigned: false), text, isQuoted: false, splits: false, cancellation, splitsResults: true);
        foreach (string field in MarkedText.Split(text.ToString(), Separators, MostWords))
        {
            if (!_state.Has("noglob") && MarkedText.MayBePattern(field))
            {
                AddPaths(field, expanded);
            }
            else
            {
                expanded.Add(MarkedText.ToPlain(field));
            }
        }
    }

    private void AddPaths(string field, List<string> expanded)
    {
        string pattern = MarkedText.ToPattern(field);
        if (Globs.IsPattern(pattern, _state.Has("extglob")))
        {
            List<string> found = Globs.Expand(pattern, _state);
            expanded.AddRange(found);
            if (found.Count > 0 || _state.Has("nullglob"))
            {
                return;
            }

            if (_state.Has("failglob"))
            {
                throw new ShellErrorException($"no match: {MarkedText.ToPlain(field)}");
            }
        }

        expanded.Add(MarkedText.ToPlain(field));
    }

    // ~ and ~user at the beginning, and behind ":" and "=" of an assignment.
    private IReadOnlyList<WordPart> WithHome(IReadOnlyList<WordPart> parts, bool isAssigned)
    {
        if (!parts.Any(static part => part is LiteralPart { IsQuoted: false } literal && literal.Text.Contains('~', StringComparison.Ordinal)))
        {
            return parts;
        }

        int equals = !isAssigned && parts[0] is LiteralPart { IsQuoted: false } named && ParameterReader.NameEnd(named.Text, 0) is > 0 and var end && end < named.Text.Length && named.Text[end] == '=' && !_state.Has("posix") ? end + 1 : 0;
        bool splits = isAssigned || equals > 0;
        List<WordPart> made = [];
        for (int i = 0; i < parts.Count; i++)
        {
            if (parts[i] is LiteralPart { IsQuoted: false } literal && literal.Text.Contains('~', StringComparison.Ordinal) && (i == 0 || splits))
            {
                string before = i == 0 ? literal.Text[..equals] : "";
                AddHomes(literal.Text[before.Length..], before, splits, isFirst: i == 0, isLast: i == parts.Count - 1, made);
            }
            else
            {
                made.Add(parts[i]);
            }
        }

        return made;
    }

    private void AddHomes(string text, string before, bool splits, bool isFirst, bool isLast, List<WordPart> made)
    {
        string[] pieces = splits ? text.Split(':') : [text];
        for (int i = 0; i < pieces.Length; i++)
        {
            string piece = pieces[i];
            int slash = piece.IndexOf('/', StringComparison.Ordinal);
            string user = slash < 0 ? piece : piece[..slash];
            bool mayBe = (i > 0 || isFirst) && user.StartsWith('~') && (slash >= 0 || isLast || i < pieces.Length - 1);
            before = i > 0 ? ":" : before;
            if ((mayBe ? Home(user[1..]) : null) is not { } home)
            {
                made.Add(new LiteralPart(before + piece, IsQuoted: false));
                continue;
            }

            made.Add(new LiteralPart(before, IsQuoted: false));
            made.Add(new LiteralPart(home, IsQuoted: true));
            made.Add(new LiteralPart(slash < 0 ? "" : piece[slash..], IsQuoted: false));
        }
    }

    // ~2, ~+2 and ~-2: what dirs shows at this place.
    private string? Pushed(string user, string number)
    {
        IReadOnlyList<string> stack = [_state.Folder, .. _state.Folders];
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < stack.Count ? stack[user[0] == '-' ? stack.Count - 1 - at : at] : null;
    }

    private string? Home(string user) => user switch
    {
        "" => _state.Find("HOME") ?? _state.Visit.HomeFolder,
        "+" => _state.Folder,
        "-" => _state.Find("OLDPWD"),
        _ when user.TrimStart('+', '-') is { Length: > 0 } number && number.Length >= user.Length - 1 && number.All(char.IsAsciiDigit) => Pushed(user, number),
        _ => user.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? _state.Visit.FindHome(user) : null,
    };
}
