namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>[[ expression ]] (bash(1), Compound Commands).</summary>
internal sealed class TestParser(Lexer lexer)
{
    private readonly SourceText _source = lexer.Source;

    /// <summary>The position is behind "[[".</summary>
    public Test Parse()
    {
        TestExpression expression = ParseOr();
        lexer.SkipLines();
        if (_source.PeekWord() is not "]]")
        {
            throw _source.IsAtEnd || _source.Peek() is '(' or ')' or '<' or '>' ? Unexpected() : new SyntaxException("conditional binary operator expected", _source.Line, isConditional: true);
        }

        _source.Position += 2;
        return new Test(expression);
    }

    private TestExpression ParseOr()
    {
        List<TestExpression> parts = [ParseAnd()];
        for (lexer.SkipLines(); _source.TryRead("||"); lexer.SkipLines())
        {
            parts.Add(ParseAnd());
        }

        return parts.Count == 1 ? parts[0] : new TestChain(parts, IsAnd: false);
    }

    private TestExpression ParseAnd()
    {
        List<TestExpression> parts = [ParseNot()];
        for (lexer.SkipLines(); _source.TryRead("&&"); lexer.SkipLines())
        {
            parts.Add(ParseNot());
        }

        return parts.Count == 1 ? parts[0] : new TestChain(parts, IsAnd: true);
    }

    private TestExpression ParseNot()
    {
        lexer.SkipLines();
        if (_source.IsAtEnd)
        {
            throw _source.UnexpectedEnd();
        }

        if (_source.PeekWord() is "!" && !(lexer.Words.HasPatternLists && _source.Peek(1) == '('))
        {
            _source.Position++;
            _source.EnterNesting();
            TestNot not = new(ParseNot());
            _source.LeaveNesting();
            return not;
        }

        if (_source.TryRead('('))
        {
            _source.EnterNesting();
            TestExpression inner = ParseOr();
            _source.LeaveNesting();
            lexer.Require(')');
            return inner;
        }

        return ParsePrimary();
    }

    private TestExpression ParsePrimary()
    {
        Word first = ReadOperand();
        if (first.Text.Length == 2 && first.Text[0] == '-' && char.IsAsciiLetter(first.Text[1]))
        {
            int at = _source.Position;
            lexer.SkipLines();
            if (_source.PeekWord() is not (null or "]]") && !(_source.PeekWord() is "==" or "!=" or "=~" or "=" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" && FollowsOperand()))
            {
                return new TestUnary(first.Text, ReadOperand());
            }

            if (_source.PeekWord() is "]]" && Execution.TestOperators.IsUnary(first.Text))
            {
                throw new SyntaxException("unexpected argument `]]' to conditional unary operator", _source.Line, isConditional: true);
            }

            _source.Position = at;
        }

        lexer.SkipLines();
        if (_source.Peek() is '<' or '>' && _source.Peek(1) != '(')
        {
            string comparison = _source.Peek().ToString();
            _source.Position++;
            lexer.SkipLines();
            return new TestBinary(first, comparison, ReadOperand());
        }

        if (_source.PeekWord() is { } operation && operation is "=" or "==" or "!=" or "=~" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-nt" or "-ot" or "-ef")
        {
            _source.Position += operation.Length;
            _source.SkipBlanks();
            Word right = operation is "=~" ? lexer.Words.Read(isRegex: true) ?? throw Unexpected() : ReadPattern();
            return new TestBinary(first, operation, right);
        }

        return new TestWord(first);
    }

    // "-f == x" compares, "-f ==" looks for a file of this name.
    private bool FollowsOperand()
    {
        int at = _source.Position;
        _source.Position += _source.PeekWord()!.Length;
        lexer.SkipLines();
        bool follows = _source.PeekWord() is not (null or "]]");
        _source.Position = at;
        return follows;
    }

    // On the right of "==" a list of patterns may stand at the beginning too.
    private Word ReadPattern()
    {
        bool has = lexer.Words.HasPatternLists;
        lexer.Words.HasPatternLists = true;
        Word? pattern = lexer.Words.Read();
        lexer.Words.HasPatternLists = has;
        return pattern ?? throw Unexpected();
    }

    private Word ReadOperand()
    {
        if (_source.PeekWord() is "]]")
        {
            throw Unexpected();
        }

        return lexer.ReadWord() ?? throw Unexpected();
    }

    private SyntaxException Unexpected()
    {
        if (_source.IsAtEnd)
        {
            return _source.UnexpectedEnd();
        }

        string token = _source.PeekWord() ?? (_source.IsAt("&&") || _source.IsAt("||") ? _source.Text.Substring(_source.Position, 2) : _source.Peek().ToString());
        return new SyntaxException($"unexpected token `{token}' in conditional command", _source.Line, isConditional: true);
    }
}
