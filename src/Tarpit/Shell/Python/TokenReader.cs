using System.Collections.Frozen;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>The words of a program, one after the other, and the errors for one that does not fit.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private const int MostNested = 120;

    private static readonly FrozenSet<string> s_keywords = FrozenSet.ToFrozenSet(
        "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".Split(' '), StringComparer.Ordinal);

    private int _at, _nested;

    public Token Now => tokens[_at];

    public Token Before => tokens[Math.Max(0, _at - 1)];

    public Token After(int words = 1) => tokens[Math.Min(tokens.Count - 1, _at + words)];

    public static bool IsKeyword(string name) => s_keywords.Contains(name);

    /// <summary>Whether an operator or a keyword stands here.</summary>
    public bool Is(string word) => Now.Kind is TokenKind.Operator or TokenKind.Name && string.Equals(Now.Text, word, StringComparison.Ordinal);

    public bool Take(string word)
    {
        if (!Is(word))
        {
            return false;
        }

        _at++;
        return true;
    }

    public Token Next() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    public void Expect(string word, string? message = null)
    {
        if (!Take(word))
        {
            throw message is null ? Invalid() : new PythonSyntaxException(message, Now.Place);
        }
    }

    public Token Name()
    {
        return Now.Kind is TokenKind.Name && !IsKeyword(Now.Text) ? Next() : throw Invalid();
    }

    public PythonSyntaxException Invalid() => Now.Kind is TokenKind.Indent ? new PythonSyntaxException("unexpected indent", Now.Place with { Start = -1 }, "IndentationError") : new PythonSyntaxException("invalid syntax", Now.Place);

    /// <summary>From where a node begins to the word before this one.</summary>
    public Place Since(Place start) => Before.Place.Line == start.Line ? start with { End = Before.Place.End } : start with { End = int.MaxValue };

    /// <summary>One level deeper; <see cref="Leave"/> ends it.</summary>
    public void Enter()
    {
        if (++_nested > MostNested)
        {
            throw new PythonSyntaxException("too many nested parentheses", Now.Place);
        }
    }

    public void Leave() => _nested--;
}
