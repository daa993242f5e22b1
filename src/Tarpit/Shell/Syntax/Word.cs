namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>A word: its text as it was written, and the parts that quoting and expansions make of it.</summary>
internal sealed record Word(string Text, IReadOnlyList<WordPart> Parts)
{
    private IReadOnlyList<Word>? _braced;

    public static Word Empty { get; } = new("", []);

    /// <summary>The words that brace expansion makes of this one. It comes before all other expansions, so it works on the text.</summary>
    public IReadOnlyList<Word> Braced => _braced ??= Expand();

    private IReadOnlyList<Word> Expand()
    {
        if (!Parts.Any(part => part is LiteralPart { IsQuoted: false } literal && literal.Text.Contains('{', StringComparison.Ordinal)))
        {
            return [this];
        }

        List<string> made = [.. Expansion.BraceExpansion.Expand(Text)];
        return made is [var only] && string.Equals(only, Text, StringComparison.Ordinal) ? [this] : [.. made.Select(text => WordReader.ReadWhole(text)).Where(word => word.Parts.Count > 0)];
    }
}

/// <summary>A piece of a word.</summary>
internal abstract record WordPart;

/// <summary>Text that stands for itself; quoted: nothing in it is special.</summary>
internal sealed record LiteralPart(string Text, bool IsQuoted) : WordPart;

/// <summary>What stands in double quotes.</summary>
internal sealed record QuotedPart(IReadOnlyList<WordPart> Parts) : WordPart;

/// <summary>${name[subscript]operator argument}.</summary>
/// <param name="Name">Of a variable or a special parameter.</param>
/// <param name="Subscript">Null: none.</param>
/// <param name="Kind">What stands before the name: '#', '!' or NUL.</param>
/// <param name="Operator">Empty: the value alone.</param>
/// <param name="Argument">Behind the operator.</param>
/// <param name="Second">The replacement of "/", the length of ":"; null: not given.</param>
/// <param name="Source">As it was written, for errors.</param>
internal sealed record ParameterPart(string Name, Word? Subscript, char Kind, string Operator, Word Argument, Word? Second, string Source) : WordPart;

/// <summary>$(command).</summary>
internal sealed record CommandPart(Command Body) : WordPart;

/// <summary>`command`: parsed when it is run.</summary>
internal sealed record BackquotePart(string Text) : WordPart;

/// <summary>$((expression)).</summary>
internal sealed record ArithmeticPart(Word Expression) : WordPart;

/// <summary>&lt;(command) and &gt;(command).</summary>
internal sealed record ProcessPart(bool IsInput, Command Body) : WordPart;
