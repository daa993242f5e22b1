namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Redirections (bash(1), REDIRECTION).</summary>
internal sealed class RedirectionParser(Lexer lexer)
{
    private const int BothOutputs = -1;

    /// <summary>Parses the redirection at the position and appends it; false: there is none.</summary>
    public bool TryParse(List<Redirection> redirections)
    {
        SourceText source = lexer.Source;
        source.SkipBlanks();
        int digits = char.IsAsciiDigit(source.Peek()) && source.Peek(1) is '<' or '>' ? 1 : 0;
        int? descriptor = digits == 1 ? source.Peek() - '0' : null;
        char first = source.Peek(digits), second = source.Peek(digits + 1), third = source.Peek(digits + 2);
        if (first == '&' && second == '>')
        {
            source.Position += third == '>' ? 3 : 2;
            Add(redirections, BothOutputs, third == '>' ? ">>" : ">");
            return true;
        }

        if (first == '>')
        {
            source.Position += digits + (second is '>' or '&' or '|' ? 2 : 1);
            Add(redirections, descriptor ?? 1, second is '>' ? ">>" : second is '&' ? ">&" : ">");
            return true;
        }

        if (first != '<' || second == '(')
        {
            return false;
        }

        if (second == '<' && third != '<')
        {
            source.Position += digits + 2;
            AnnounceDocument(redirections);
            return true;
        }

        // <> opens for reading here.
        string kind = second == '<' ? "<<<" : second == '&' ? "<&" : "<";
        source.Position += digits + kind.Length + (second == '>' ? 1 : 0);
        Add(redirections, descriptor ?? 0, kind);
        return true;
    }

    private void Add(List<Redirection> redirections, int descriptor, string kind) => redirections.Add(new Redirection(descriptor, kind, lexer.RequireWord()));

    private void AnnounceDocument(List<Redirection> redirections)
    {
        bool stripsTabs = lexer.Source.TryRead('-');
        string word = lexer.RequireWord();
        string delimiter = word.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
        lexer.HereDocuments.Announce(redirections, delimiter, stripsTabs, isLiteral: !string.Equals(delimiter, word, StringComparison.Ordinal));
    }
}
