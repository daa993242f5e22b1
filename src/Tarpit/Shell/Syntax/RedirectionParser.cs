using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Redirections (bash(1), REDIRECTION).</summary>
internal sealed class RedirectionParser(Lexer lexer)
{
    private const int BothOutputs = -1;
    private static readonly string[] Operators = ["<<<", "<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">"];

    /// <summary>Parses the redirection at the position and appends it; false: there is none.</summary>
    public bool TryParse(List<Redirection> redirections)
    {
        SourceText source = lexer.Source;
        source.SkipBlanks();
        if (source.TryRead("&>>"))
        {
            redirections.Add(new Redirection(BothOutputs, null, ">>", lexer.RequireWord()));
            return true;
        }

        if (source.TryRead("&>"))
        {
            redirections.Add(new Redirection(BothOutputs, null, ">", lexer.RequireWord()));
            return true;
        }

        (int length, int? descriptor, string? variable) = Before(source);
        if (source.Peek(length) is not ('<' or '>') || source.Peek(length + 1) == '(')
        {
            return false;
        }

        source.Position += length;
        string operation = Array.Find(Operators, source.IsAt)!;
        source.Position += operation.Length;
        Redirection redirection = new(descriptor ?? (operation[0] == '<' ? 0 : 1), variable, operation is "<<-" ? "<<" : operation, Word.Empty);
        if (operation is "<<" or "<<-")
        {
            AnnounceDocument(redirections, redirection, stripsTabs: operation is "<<-");
            return true;
        }

        if (operation is "<<<" && source.IsDash)
        {
            throw new SyntaxException("syntax error near unexpected token `redirection'", source.Line);
        }

        redirection = redirection with { Target = lexer.RequireWord() };
        if (operation is ">&" && descriptor is null && variable is null && !IsDescriptor(redirection.Target.Text))
        {
            // >&file is &>file.
            redirection = redirection with { Descriptor = BothOutputs, Operator = ">" };
        }

        redirections.Add(redirection);
        return true;
    }

    private static bool IsDescriptor(string text) => text.Length == 0 || text.Contains('$', StringComparison.Ordinal) || text.TrimEnd('-').All(char.IsAsciiDigit);

    // Digits or {name} right before the operator.
    private static (int Length, int? Descriptor, string? Variable) Before(SourceText source)
    {
        int length = 0;
        while (length < 4 && char.IsAsciiDigit(source.Peek(length)))
        {
            length++;
        }

        if (length > 0)
        {
            return source.Peek(length) is '<' or '>' ? (length, int.Parse(source.Text.AsSpan(source.Position, length), CultureInfo.InvariantCulture), null) : (0, null, null);
        }

        if (source.Peek() == '{')
        {
            int end = ParameterReader.NameEnd(source.Text, source.Position + 1);
            if (end > source.Position + 1 && end + 1 < source.Text.Length && source.Text[end] == '}' && source.Text[end + 1] is '<' or '>')
            {
                return (end + 1 - source.Position, null, source.Text[(source.Position + 1)..end]);
            }
        }

        return (0, null, null);
    }

    // Quotes are removed from the word, and nothing in it is expanded.
    private static string Unquoted(string word)
    {
        StringBuilder text = new();
        char quote = '\0';
        for (int i = 0; i < word.Length; i++)
        {
            char c = word[i];
            if (c == quote || (quote == '\0' && c is '\'' or '"'))
            {
                quote = quote == '\0' ? c : '\0';
            }
            else if (c == '\\' && i + 1 < word.Length && (quote == '\0' || (quote == '"' && word[i + 1] is '$' or '`' or '"' or '\\' or '\n')))
            {
                i++;
                text.Append(word[i] == '\n' ? "" : word[i].ToString());
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    private void AnnounceDocument(List<Redirection> redirections, Redirection redirection, bool stripsTabs)
    {
        string word = lexer.RequireWord().Text;
        string delimiter = Unquoted(word);
        bool isLiteral = !string.Equals(delimiter, word, StringComparison.Ordinal);
        redirection = redirection with { Delimiter = (stripsTabs ? "-" : "") + (isLiteral ? Quoting.Single(delimiter) : delimiter) };
        lexer.HereDocuments.Announce(redirections, redirection, delimiter, stripsTabs, isLiteral);
    }
}
