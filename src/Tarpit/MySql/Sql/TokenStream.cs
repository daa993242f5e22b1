namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>The tokens of a statement, read from the front.</summary>
internal sealed class TokenStream
{
    private const int Deepest = 200;

    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTO", "FOR", "LOCK", "ON", "USING", "JOIN", "INNER", "LEFT", "RIGHT", "CROSS", "NATURAL", "STRAIGHT_JOIN", "AS",
        "AND", "OR", "XOR", "NOT", "LIKE", "RLIKE", "REGEXP", "IN", "BETWEEN", "IS", "DIV", "MOD", "THEN", "ELSE", "WHEN", "END", "ASC", "DESC", "SET", "VALUES", "PROCEDURE", "SEPARATOR", "COLLATE",
        "INTERVAL", "DISTINCT", "ALL", "EXISTS", "NULL", "CASE", "WITH", "WINDOW", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "USE", "IGNORE", "FORCE", "BY", "TABLE", "EXCEPT", "INTERSECT",
    };

    private readonly string _text;
    private readonly List<Token> _tokens;
    private readonly Lexer _lexer;
    private int _at;
    private int _depth;

    public TokenStream(string text)
    {
        _text = text;
        _lexer = new Lexer(text);
        _tokens = _lexer.Read();
    }

    public Token Current => _tokens[_at];

    public Token Following => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    public bool AtEnd => Current.Kind is TokenKind.End || Current.IsSymbol(";");

    /// <summary>Parameters of a prepared statement that were read.</summary>
    public int Parameters { get; private set; }

    public int NextParameter() => Parameters++;

    public Token Next() => _tokens[_at < _tokens.Count - 1 ? _at++ : _at];

    /// <summary>Takes a row of words, or none of them.</summary>
    public bool TryWords(params ReadOnlySpan<string> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            if (_at + i >= _tokens.Count || !_tokens[_at + i].IsWord(words[i]))
            {
                return false;
            }
        }

        _at += words.Length;
        return true;
    }

    public bool TrySymbol(string symbol)
    {
        if (!Current.IsSymbol(symbol))
        {
            return false;
        }

        _at++;
        return true;
    }

    public void ExpectWords(params ReadOnlySpan<string> words)
    {
        if (!TryWords(words))
        {
            throw Wrong();
        }
    }

    public void ExpectSymbol(string symbol)
    {
        if (!TrySymbol(symbol))
        {
            throw Wrong();
        }
    }

    public void ExpectEnd()
    {
        if (!AtEnd)
        {
            throw Wrong();
        }
    }

    /// <summary>A name of something: any word, or what stands in back-quotes.</summary>
    public string Name() => Current.Kind is TokenKind.Name || (Current.Kind is TokenKind.Word && !s_reserved.Contains(Current.Text)) ? Next().Text : throw Wrong();

    /// <summary>A name with or without a database before it.</summary>
    public (string? Database, string Name) QualifiedName()
    {
        string first = Name();
        return TrySymbol(".") ? (first, Current.Kind is TokenKind.Word ? Next().Text : Name()) : (null, first);
    }

    /// <summary>Takes <c>table.*</c> and gives the table; null: something else stands here, and nothing was taken.</summary>
    public string? TryStar()
    {
        if (_at + 2 < _tokens.Count && _tokens[_at + 1].IsSymbol(".") && _tokens[_at + 2].IsSymbol("*"))
        {
            string table = _tokens[_at].Text;
            _at += 3;
            return table;
        }

        return null;
    }

    public string Text() => Current.Kind is TokenKind.String ? Next().Text : throw Wrong();

    /// <summary>AS name, or a name alone where one may stand.</summary>
    public string? Alias()
    {
        if (TryWords("AS"))
        {
            return Current.Kind is TokenKind.String ? Next().Text : Name();
        }

        return Current.Kind is TokenKind.Name or TokenKind.String || (Current.Kind is TokenKind.Word && !s_reserved.Contains(Current.Text)) ? Next().Text : null;
    }

    /// <summary>Text of the statement from one token to the one before the current.</summary>
    public string Between(Token from)
    {
        int end = Current.Start;
        return _text[from.Start..Math.Max(from.Start, end)].TrimEnd();
    }

    public MySqlException Wrong() => new(MySqlError.Syntax(Current.Kind is TokenKind.End ? "" : _text[Current.Start..].TrimEnd(), _lexer.Line(Current.Start)));

    public void Enter()
    {
        if (++_depth > Deepest)
        {
            throw new MySqlException(MySqlError.TooDeep);
        }
    }

    public void Leave() => _depth--;
}
