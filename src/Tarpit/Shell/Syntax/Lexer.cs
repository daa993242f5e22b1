namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Reads shell text token by token: words, reserved words, operators and the ends of lines.</summary>
internal sealed class Lexer
{
    public Lexer(string text, int firstLine, ICommandParser commands)
    {
        Source = new SourceText(text, firstLine);
        HereDocuments = new HereDocuments(Source);
        Words = new WordReader(Source, commands);
    }

    public SourceText Source { get; }

    public HereDocuments HereDocuments { get; }

    public WordReader Words { get; }

    /// <summary>Whether ";;", ";&amp;" or ";;&amp;" is next.</summary>
    public bool IsAtCaseEnd => Source.Peek() == ';' && Source.Peek(1) is ';' or '&';

    /// <summary>The word at the position; null: there is none.</summary>
    public Word? ReadWord() => Words.Read();

    /// <summary>The word behind blanks, where the grammar demands one.</summary>
    public Word RequireWord()
    {
        Source.SkipBlanks();
        return ReadWord() ?? throw Source.Unexpected();
    }

    /// <summary>Skips blanks and ends of lines, with the here-documents that begin behind them.</summary>
    public void SkipLines()
    {
        Source.SkipBlanks();
        while (Source.TryRead('\n'))
        {
            HereDocuments.ReadPending();
            Source.SkipBlanks();
        }
    }

    /// <summary>Reads a reserved word that must be next.</summary>
    public void RequireKeyword(string word)
    {
        SkipLines();
        if (!string.Equals(Source.PeekWord(), word, StringComparison.Ordinal))
        {
            throw Source.Unexpected();
        }

        Source.Position += word.Length;
    }

    /// <summary>Reads an operator that must be next.</summary>
    public void Require(char expected)
    {
        SkipLines();
        if (!Source.TryRead(expected))
        {
            throw Source.Unexpected();
        }
    }
}
