using System.Text;

namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Words, quotes, redirections, here-documents.</summary>
internal sealed partial class Parser
{
    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private bool TakeIf(char wanted)
    {
        if (Peek() != wanted || _at >= _text.Length)
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool IsCaseEnd() => Peek() == ';' && Peek(1) == ';';

    private void SkipBlank()
    {
        while (_at < _text.Length)
        {
            if (Peek() is ' ' or '\t' or '\r')
            {
                _at++;
            }
            else if (Peek() == '\\' && Peek(1) == '\n')
            {
                _at += 2;
            }
            else if (Peek() == '#' && (_at == 0 || _text[_at - 1] is ' ' or '\t' or '\n' or ';' or '&' or '|' or '(' or ')'))
            {
                while (_at < _text.Length && Peek() != '\n')
                {
                    _at++;
                }
            }
            else
            {
                return;
            }
        }
    }

    private void SkipLines()
    {
        for (SkipBlank(); Peek() == '\n' && _at < _text.Length; SkipBlank())
        {
            _at++;
            TakeHereDocuments();
        }
    }

    // A plain word at this place, without taking it: to recognise what the grammar reserves.
    private string? PeekWord()
    {
        int at = _at;
        while (at < _text.Length && _text[at] is not (' ' or '\t' or '\n' or '\r' or ';' or '&' or '|' or '(' or ')' or '<' or '>'))
        {
            at++;
        }

        return at == _at ? null : _text[_at..at];
    }

    private void Keyword(string word)
    {
        SkipLines();
        if (!string.Equals(PeekWord(), word, StringComparison.Ordinal))
        {
            throw Unexpected();
        }

        _at += word.Length;
    }

    private void Expect(char wanted)
    {
        SkipLines();
        if (!TakeIf(wanted))
        {
            throw Unexpected();
        }
    }

    private SyntaxException Unexpected()
    {
        if (_at >= _text.Length)
        {
            return new SyntaxException("syntax error: unexpected end of file", isIncomplete: true);
        }

        string token = PeekWord() ?? (Peek() == '\n' ? "newline" : Peek() is '&' or '|' or ';' && Peek(1) == Peek() ? _text.Substring(_at, 2) : Peek().ToString());
        return new SyntaxException($"syntax error near unexpected token `{token}'");
    }

    /// <summary>One word with its quotes; null: there is none here.</summary>
    private string? Word()
    {
        int start = _at;
        while (_at < _text.Length && Peek() is not (' ' or '\t' or '\n' or '\r' or ';' or '&' or '|' or '(' or ')' or '<' or '>'))
        {
            SkipPiece();
        }

        return _at == start ? null : _text[start.._at];
    }

    // One character, or one quoted or substituted piece, of a word.
    private void SkipPiece()
    {
        switch (Peek())
        {
            case '\\':
                _at = Math.Min(_at + 2, _text.Length);
                break;
            case '\'':
                SkipTo('\'');
                break;
            case '"':
                SkipDoubleQuotes();
                break;
            case '`':
                SkipTo('`');
                break;
            case '$' when Peek(1) == '\'':
                _at++;
                SkipAnsi();
                break;
            case '$' when Peek(1) is '(' or '{':
                _at++;
                SkipNested();
                break;
            default:
                _at++;
                break;
        }
    }

    private void SkipTo(char quote)
    {
        int end = quote == '`' ? FindBackquote() : _text.IndexOf(quote, _at + 1);
        if (end < 0)
        {
            throw new SyntaxException($"unexpected EOF while looking for matching `{quote}'", isIncomplete: true);
        }

        _at = end + 1;
    }

    private int FindBackquote()
    {
        for (int at = _at + 1; at < _text.Length; at++)
        {
            if (_text[at] == '\\')
            {
                at++;
            }
            else if (_text[at] == '`')
            {
                return at;
            }
        }

        return -1;
    }

    private void SkipAnsi()
    {
        for (_at++; _at < _text.Length; _at++)
        {
            if (Peek() == '\\')
            {
                _at++;
            }
            else if (Peek() == '\'')
            {
                _at++;
                return;
            }
        }

        throw new SyntaxException("unexpected EOF while looking for matching `''", isIncomplete: true);
    }

    private void SkipDoubleQuotes()
    {
        for (_at++; _at < _text.Length && Peek() != '"';)
        {
            if (Peek() is '\\' or '`' || (Peek() == '$' && Peek(1) is '(' or '{'))
            {
                SkipPiece();
            }
            else
            {
                _at++;
            }
        }

        if (!TakeIf('"'))
        {
            throw new SyntaxException("unexpected EOF while looking for matching `\"'", isIncomplete: true);
        }
    }

    // $( ... ) or ${ ... } with what is nested in it.
    private void SkipNested()
    {
        if (++_depth > Deepest)
        {
            throw new SyntaxException("maximum nesting level exceeded");
        }

        char open = Peek(), close = open == '(' ? ')' : '}';
        int depth = 1;
        for (_at++; _at < _text.Length && depth > 0;)
        {
            char c = Peek();
            if (c is '\'' && open == '{')
            {
                _at++;
            }
            else if (c is '\\' or '\'' or '"' or '`' or '$')
            {
                SkipPiece();
            }
            else
            {
                depth += c == open ? 1 : c == close ? -1 : 0;
                _at++;
            }
        }

        _depth--;
        if (depth > 0)
        {
            throw new SyntaxException($"unexpected EOF while looking for matching `{close}'", isIncomplete: true);
        }
    }

    private bool TryRedirection(List<Redirection> redirections)
    {
        SkipBlank();
        int at = _at, descriptor = -2;
        if (char.IsAsciiDigit(Peek()) && Peek(1) is '<' or '>')
        {
            descriptor = Peek() - '0';
            at++;
        }

        char first = at < _text.Length ? _text[at] : '\0', second = at + 1 < _text.Length ? _text[at + 1] : '\0', third = at + 2 < _text.Length ? _text[at + 2] : '\0';
        if (first == '&' && second == '>')
        {
            _at = at + (third == '>' ? 3 : 2);
            Add(redirections, -1, third == '>' ? ">>" : ">");
            return true;
        }

        if (first == '>')
        {
            string found = second is '>' ? ">>" : second is '&' ? ">&" : ">";
            _at = at + (second is '>' or '&' or '|' ? 2 : 1);
            Add(redirections, descriptor == -2 ? 1 : descriptor, found);
            return true;
        }

        if (first != '<' || second == '(')
        {
            return false;
        }

        if (second == '<' && third != '<')
        {
            _at = at + 2;
            bool strip = TakeIf('-');
            SkipBlank();
            string word = Word() ?? throw Unexpected();
            string delimiter = word.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
            _hereDocuments.Add((redirections.Count, delimiter, strip, !string.Equals(delimiter, word, StringComparison.Ordinal), redirections));
            redirections.Add(new Redirection(0, "<<", ""));
            return true;
        }

        string kind = second == '<' ? "<<<" : second == '&' ? "<&" : "<";
        _at = at + kind.Length;
        if (second == '>')
        {
            _at++;
        }

        Add(redirections, descriptor == -2 ? 0 : descriptor, kind);
        return true;
    }

    private void Add(List<Redirection> redirections, int descriptor, string kind)
    {
        SkipBlank();
        redirections.Add(new Redirection(descriptor, kind, Word() ?? throw Unexpected()));
    }

    private void TakeHereDocuments()
    {
        foreach ((int index, string delimiter, bool strip, bool literal, List<Redirection> into) in _hereDocuments)
        {
            StringBuilder text = new();
            while (true)
            {
                if (_at >= _text.Length)
                {
                    throw new SyntaxException("here-document delimited by end-of-file", isIncomplete: true);
                }

                int end = _text.IndexOf('\n', _at);
                string line = end < 0 ? _text[_at..] : _text[_at..end];
                _at = end < 0 ? _text.Length : end + 1;
                line = strip ? line.TrimStart('\t') : line;
                if (string.Equals(line.TrimEnd('\r'), delimiter, StringComparison.Ordinal))
                {
                    break;
                }

                text.Append(line).Append('\n');
            }

            into[index] = new Redirection(0, "<<", text.ToString(), literal);
        }

        _hereDocuments.Clear();
    }
}
