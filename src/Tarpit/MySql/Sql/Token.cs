namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>One token of a statement.</summary>
/// <param name="Text">Its value: of a string without quotes, of a name without back-quotes.</param>
/// <param name="Start">Where it begins in the statement.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start)
{
    /// <summary>Whether it is this word; letters in either case.</summary>
    public bool IsWord(string word) => Kind is TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(string symbol) => Kind is TokenKind.Symbol && string.Equals(Text, symbol, StringComparison.Ordinal);
}
