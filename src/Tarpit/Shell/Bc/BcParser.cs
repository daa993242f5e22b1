
namespace Blackwall.Tarpit.Shell.Bc;

/// <summary>Makes statements of the text of a bc program. Bounded in depth.</summary>
internal sealed class BcParser
{
    private const int Deepest = 200;
    private static readonly string[][] s_levels = [["||"], ["&&"], ["==", "<=", ">=", "!=", "<", ">"], ["+", "-"], ["*", "/", "%"]];
    private readonly List<(string Kind, string Text, int Line)> _tokens;
    private int _at;
    private int _depth;

    public BcParser(string text) => _tokens = BcLexer.Read(text);

    public Dictionary<string, BcFunction> Functions { get; } = new(StringComparer.Ordinal);

    public bool IsAtEnd => Now.Kind is "end";

    /// <summary>The line of the word at hand; at its end already the next.</summary>
    public int Line => Now.Kind is "line" ? Now.Line + 1 : Now.Line;

    private (string Kind, string Text, int Line) Now => _tokens[Math.Min(_at, _tokens.Count - 1)];

    /// <summary>The statements of the next line; null: there is none, or it is a function.</summary>
    /// <exception cref="FormatException">It is no grammar.</exception>
    public BcNode? ReadLine()
    {
        if (Skips("define"))
        {
            ReadFunction();
            return null;
        }

        List<BcNode?> statements = [];
        while (Now.Kind is not ("line" or "end"))
        {
            if (!Skips(";"))
            {
                statements.Add(Statement());
                if (Now.Kind is not ("line" or "end") && Now.Text is not ";")
                {
                    throw new FormatException("syntax error");
                }
            }
        }

        // What has no line end behind it is not calculated.
        bool isWhole = Now.Kind is "line";
        _at++;
        return statements.Count == 0 || !isWhole ? null : new BcNode("block", "", statements);
    }

    /// <summary>Passes over the rest of a line that was wrong.</summary>
    public void SkipLine()
    {
        while (Now.Kind is not ("line" or "end"))
        {
            _at++;
        }

        (_at, _depth) = (_at + 1, 0);
    }

    private bool Skips(string text)
    {
        bool fits = Now.Kind is "name" or "operator" && string.Equals(Now.Text, text, StringComparison.Ordinal);
        _at += fits ? 1 : 0;
        return fits;
    }

    private void Expect(string text)
    {
        if (!Skips(text))
        {
            throw new FormatException("syntax error");
        }
    }

    private void SkipLines()
    {
        while (Now.Kind is "line" || Now is { Kind: "operator", Text: ";" })
        {
            _at++;
        }
    }

    private string Name()
    {
        if (Now.Kind is not "name")
        {
            throw new FormatException("syntax error");
        }

        return _tokens[_at++].Text;
    }

    private List<string> Names(string end)
    {
        List<string> names = [];
        while (!(end.Length > 0 ? Skips(end) : Now.Kind is "line" || Now.Text is ";"))
        {
            Skips("*");
            string name = Name();
            if (Skips("["))
            {
                Expect("]");
                name += "[]";
            }

            names.Add(name);
            Skips(",");
        }

        return names;
    }

    private void ReadFunction()
    {
        Skips("void");
        string name = Name();
        Expect("(");
        List<string> parameters = Names(")"), locals = [];
        while (Now.Kind is "line")
        {
            _at++;
        }

        Expect("{");
        SkipLines();
        if (Skips("auto"))
        {
            locals = Names("");
        }

        Functions[name] = new BcFunction(parameters, locals, Block());
    }

    private BcNode Block()
    {
        List<BcNode?> statements = [];
        SkipLines();
        while (!Skips("}"))
        {
            if (IsAtEnd)
            {
                throw new FormatException("syntax error");
            }

            statements.Add(Statement());
            SkipLines();
        }

        return new BcNode("block", "", statements);
    }

    private BcNode Statement()
    {
        if (++_depth > Deepest)
        {
            throw new FormatException("syntax error");
        }

        BcNode made = Skips("{") ? Block()
            : Now.Kind is "text" ? new BcNode("text", _tokens[_at++].Text)
            : Skips("if") ? If()
            : Skips("while") ? new BcNode("while", "", Parenthesized(), Body())
            : Skips("for") ? For()
            : Skips("print") ? Print()
            : Skips("return") ? new BcNode("jump", "return", Now.Kind is "line" or "end" || Now.Text is ";" or "}" ? null : Expression())
            : Skips("break") ? new BcNode("jump", "break") : Skips("continue") ? new BcNode("jump", "continue")
            : Skips("quit") || Skips("halt") ? new BcNode("jump", "quit")
            : Shown(Expression());
        _depth--;
        return made;
    }

    // An assignment that stands alone prints nothing.
    private static BcNode Shown(BcNode expression) => expression.Kind is "assign" ? new BcNode("expression", "", expression) : new BcNode("print", "value", expression);

    private BcNode Body()
    {
        while (Now.Kind is "line")
        {
            _at++;
        }

        return Statement();
    }

    private BcNode Parenthesized()
    {
        Expect("(");
        BcNode inside = Expression();
        Expect(")");
        return inside;
    }

    private BcNode If()
    {
        BcNode condition = Parenthesized(), then = Body();
        int before = _at;
        SkipLines();
        if (Skips("else"))
        {
            return new BcNode("if", "", condition, then, Body());
        }

        _at = before;
        return new BcNode("if", "", condition, then, null);
    }

    private BcNode For()
    {
        Expect("(");
        BcNode? first = Now.Text is ";" ? null : Expression();
        Expect(";");
        BcNode? condition = Now.Text is ";" ? null : Expression();
        Expect(";");
        BcNode? step = Now.Text is ")" ? null : Expression();
        Expect(")");
        return new BcNode("for", "", first, condition, step, Body());
    }

    private BcNode Print()
    {
        List<BcNode?> parts = [];
        do
        {
            parts.Add(Now.Kind is "text" ? new BcNode("text", _tokens[_at++].Text) : Expression());
        }
        while (Skips(","));
        return new BcNode("print", "list", parts);
    }

    private BcNode Expression()
    {
        if (++_depth > Deepest)
        {
            throw new FormatException("syntax error");
        }

        BcNode left = Level(0);
        if (Now.Kind is "operator" && Now.Text is "=" or "+=" or "-=" or "*=" or "/=" or "%=" or "^=" && left.Kind is "name" or "element")
        {
            string operation = _tokens[_at++].Text;
            left = new BcNode("assign", operation, left, Expression());
        }

        _depth--;
        return left;
    }

    private BcNode Level(int level)
    {
        if (level == s_levels.Length)
        {
            return Power();
        }

        if (level == 2 && Skips("!"))
        {
            return new BcNode("not", "!", Level(2));
        }

        BcNode left = Level(level + 1);
        while (Now.Kind is "operator" && Array.IndexOf(s_levels[level], Now.Text) >= 0)
        {
            string operation = _tokens[_at++].Text;
            left = new BcNode(level switch { 0 => "or", 1 => "and", _ => "binary" }, operation, left, Level(level + 1));
        }

        return left;
    }

    private BcNode Power()
    {
        BcNode left = Unary();
        return Skips("^") ? new BcNode("binary", "^", left, Power()) : left;
    }

    private BcNode Unary()
    {
        if (Skips("-"))
        {
            return ++_depth > Deepest ? throw new FormatException("syntax error") : new BcNode("unary", "-", Unary());
        }

        if (Now.Text is "++" or "--" && Now.Kind is "operator")
        {
            string step = _tokens[_at++].Text;
            return new BcNode("step", step + "x", Primary());
        }

        BcNode made = Primary();
        return Now.Kind is "operator" && Now.Text is "++" or "--" && made.Kind is "name" or "element" ? new BcNode("step", "x" + _tokens[_at++].Text, made) : made;
    }

    private BcNode Primary()
    {
        if (Now.Kind is "number")
        {
            return new BcNode("number", _tokens[_at++].Text);
        }

        if (Skips("("))
        {
            BcNode inside = Expression();
            Expect(")");
            return new BcNode("unary", "(", inside);
        }

        string name = Now is { Kind: "operator", Text: "." } && Skips(".") ? "last" : Name();
        if (Skips("["))
        {
            BcNode index = Expression();
            Expect("]");
            return new BcNode("element", name, index);
        }

        if (!Skips("("))
        {
            return new BcNode("name", name);
        }

        List<BcNode?> arguments = [];
        while (!Skips(")"))
        {
            arguments.Add(Expression());
            if (Now.Text is not ")")
            {
                Expect(",");
            }
        }

        return new BcNode("call", name, arguments);
    }
}
