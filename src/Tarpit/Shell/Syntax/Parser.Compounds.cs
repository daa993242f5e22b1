namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Compound commands.</summary>
internal sealed partial class Parser
{
    private Choice If()
    {
        _at += 2;
        List<(Command, Command)> branches = [];
        Command condition = List(["then"]);
        Keyword("then");
        branches.Add((condition, List(["elif", "else", "fi"])));
        while (PeekWord() is "elif")
        {
            _at += 4;
            condition = List(["then"]);
            Keyword("then");
            branches.Add((condition, List(["elif", "else", "fi"])));
        }

        Command? otherwise = null;
        if (PeekWord() is "else")
        {
            _at += 4;
            otherwise = List(["fi"]);
        }

        Keyword("fi");
        return new Choice(branches, otherwise);
    }

    private Command Do()
    {
        SkipLines();
        Keyword("do");
        Command body = List(["done"]);
        Keyword("done");
        return body;
    }

    private Iteration For()
    {
        _at += 3;
        SkipBlank();
        string variable = Word() ?? throw Unexpected();
        SkipLines();
        List<string>? words = null;
        if (PeekWord() is "in")
        {
            _at += 2;
            words = [];
            for (SkipBlank(); Word() is { } word; SkipBlank())
            {
                words.Add(word);
            }
        }

        SkipBlank();
        if (Peek() == ';')
        {
            _at++;
        }

        return new Iteration(variable, words, Do());
    }

    private Selection Case()
    {
        _at += 4;
        SkipBlank();
        string word = Word() ?? throw Unexpected();
        SkipLines();
        Keyword("in");
        List<(IReadOnlyList<string>, Command)> cases = [];
        for (SkipLines(); PeekWord() is not "esac"; SkipLines())
        {
            if (Peek() == '(')
            {
                _at++;
            }

            List<string> patterns = [];
            do
            {
                SkipBlank();
                patterns.Add(Word() ?? throw Unexpected());
                SkipBlank();
            }
            while (TakeIf('|'));

            Expect(')');
            cases.Add((patterns, List(["esac"])));
            SkipBlank();
            if (IsCaseEnd())
            {
                _at += 2;
            }
        }

        Keyword("esac");
        return new Selection(word, cases);
    }

    private Test TestOf()
    {
        _at += 2;
        List<string> words = [];
        while (true)
        {
            SkipLines();
            if (_at >= _text.Length)
            {
                throw new SyntaxException("syntax error: unexpected end of file", isIncomplete: true);
            }

            if (Peek() is '(' or ')' or '<' or '>' || (Peek() is '&' or '|' && Peek(1) == Peek()))
            {
                int length = Peek() is '&' or '|' ? 2 : 1;
                words.Add(_text.Substring(_at, length));
                _at += length;
                continue;
            }

            string word = Word() ?? throw Unexpected();
            if (word is "]]")
            {
                return new Test(words);
            }

            words.Add(word);
        }
    }
}
