using System.Globalization;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>Reads the words of a program one after the other, and expressions out of them (POSIX awk, Grammar). Depth is bounded.</summary>
internal abstract class AwkExpressions(IReadOnlyList<AwkToken> tokens)
{
    private const int Deepest = 300;
    private const int LongestChain = 1000;
    private static readonly string[] Assignments = ["=", "+=", "-=", "*=", "/=", "%=", "^="];
    private int _at;
    private int _depth;

    /// <summary>Names that were used as arrays since it was last emptied.</summary>
    protected HashSet<string> Arrays { get; } = new(StringComparer.Ordinal);

    /// <summary>Functions of the program that are called.</summary>
    protected List<string> Called { get; } = [];

    protected AwkToken Now => tokens[_at];

    protected AwkToken Take() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    protected bool Skips(string text)
    {
        if (!Now.Is(text))
        {
            return false;
        }

        Take();
        return true;
    }

    protected void Expect(string text)
    {
        if (!Skips(text))
        {
            throw Unexpected();
        }
    }

    protected void SkipNewLines()
    {
        while (Now.Kind == AwkTokenKind.NewLine)
        {
            Take();
        }
    }

    protected AwkSyntaxException Unexpected() => new(Now.Line, Now.Kind == AwkTokenKind.NewLine ? "end of line" : Now.Text);

    /// <param name="isPrinted">Behind print, where "&gt;" is a redirection.</param>
    /// <param name="hasIn">Whether "in" may stand in it: not in the head of for (x in a).</param>
    protected AwkExpression Expression(bool isPrinted = false, bool hasIn = true)
    {
        if (++_depth > Deepest)
        {
            throw Unexpected();
        }

        AwkExpression left = Conditional(isPrinted, hasIn);
        if (Now.Kind == AwkTokenKind.Operator && Assignments.Contains(Now.Text, StringComparer.Ordinal) && left is AwkVariable or AwkElement or AwkField)
        {
            string word = Take().Text;
            SkipNewLines();
            left = new AwkAssignment(left, word, Expression(isPrinted, hasIn));
        }

        _depth--;
        return left;
    }

    protected string ArrayName()
    {
        string name = Take().Text;
        Arrays.Add(name);
        return name;
    }

    protected List<AwkExpression> List(bool isPrinted = false)
    {
        List<AwkExpression> items = [Expression(isPrinted)];
        while (Skips(","))
        {
            SkipNewLines();
            items.Add(Expression(isPrinted));
        }

        return items;
    }

    // A chain is computed by recursion.
    private AwkBinary Chain(string word, AwkExpression left, AwkExpression right, ref int links) => ++links <= LongestChain ? new AwkBinary(word, left, right) : throw Unexpected();

    private AwkExpression Conditional(bool isPrinted, bool hasIn)
    {
        AwkExpression condition = Or(isPrinted, hasIn);
        if (!Skips("?"))
        {
            return condition;
        }

        SkipNewLines();
        AwkExpression then = Expression(isPrinted, hasIn);
        SkipNewLines();
        Expect(":");
        SkipNewLines();
        return new AwkConditional(condition, then, Expression(isPrinted, hasIn));
    }

    private AwkExpression Or(bool isPrinted, bool hasIn)
    {
        int links = 0;
        AwkExpression left = And(isPrinted, hasIn);
        while (Skips("||"))
        {
            SkipNewLines();
            left = Chain("||", left, And(isPrinted, hasIn), ref links);
        }

        return left;
    }

    private AwkExpression And(bool isPrinted, bool hasIn)
    {
        int links = 0;
        AwkExpression left = Membership(isPrinted, hasIn);
        while (Skips("&&"))
        {
            SkipNewLines();
            left = Chain("&&", left, Membership(isPrinted, hasIn), ref links);
        }

        return left;
    }

    private AwkExpression Membership(bool isPrinted, bool hasIn)
    {
        AwkExpression left = Match(isPrinted);
        while (hasIn && Now.Is("in"))
        {
            Take();
            left = new AwkIn(left is AwkGroup group ? group.Items : [left], ArrayName());
        }

        return left;
    }

    private AwkExpression Match(bool isPrinted)
    {
        int links = 0;
        AwkExpression left = Comparison(isPrinted);
        while (Now.Is("~") || Now.Is("!~"))
        {
            left = Chain(Take().Text, left, Comparison(isPrinted), ref links);
        }

        return left;
    }

    private AwkExpression Comparison(bool isPrinted)
    {
        AwkExpression left = Concatenation();
        if (Now.Kind == AwkTokenKind.Operator && (Now.Text is "<" or "<=" or "==" or "!=" or ">=" || (Now.Text is ">" && !isPrinted)))
        {
            left = new AwkBinary(Take().Text, left, Concatenation());
        }

        while (!isPrinted && Now.Is("|") && tokens[_at + 1].Is("getline"))
        {
            Take();
            Take();
            left = new AwkGetLine(OptionalTarget(), left, null);
        }

        return left;
    }

    private AwkExpression Concatenation()
    {
        int links = 0;
        AwkExpression left = Sum();
        while (BeginsValue())
        {
            left = Chain(" ", left, Sum(), ref links);
        }

        return left;
    }

    private bool BeginsValue() => Now.Kind switch
    {
        AwkTokenKind.Number or AwkTokenKind.Text or AwkTokenKind.Regex or AwkTokenKind.Name or AwkTokenKind.CalledName or AwkTokenKind.BuiltIn => true,
        AwkTokenKind.Operator => Now.Text is "$" or "!" or "(" or "-" or "+" or "++" or "--",
        _ => false,
    };

    private AwkExpression Sum()
    {
        int links = 0;
        AwkExpression left = Product();
        while (Now.Is("+") || Now.Is("-"))
        {
            left = Chain(Take().Text, left, Product(), ref links);
        }

        return left;
    }

    private AwkExpression Product()
    {
        int links = 0;
        AwkExpression left = Unary();
        while (Now.Is("*") || Now.Is("/") || Now.Is("%"))
        {
            left = Chain(Take().Text, left, Unary(), ref links);
        }

        return left;
    }

    private AwkExpression Unary()
    {
        if (++_depth > Deepest)
        {
            throw Unexpected();
        }

        AwkExpression made = Now.Is("!") || Now.Is("-") || Now.Is("+") ? new AwkUnary(Take().Text, Unary()) : Power();
        _depth--;
        return made;
    }

    private AwkExpression Power()
    {
        AwkExpression left = Stepped();
        return Skips("^") ? new AwkBinary("^", left, Unary()) : left;
    }

    private AwkExpression Stepped()
    {
        if (Now.Is("++") || Now.Is("--"))
        {
            int step = Take().Text is "++" ? 1 : -1;
            return new AwkStep(Target(Primary()), step, IsPrefix: true);
        }

        AwkExpression value = Primary();
        return (Now.Is("++") || Now.Is("--")) && value is AwkVariable or AwkElement or AwkField ? new AwkStep(value, Take().Text is "++" ? 1 : -1, IsPrefix: false) : value;
    }

    private AwkExpression Target(AwkExpression value) => value is AwkVariable or AwkElement or AwkField ? value : throw Unexpected();

    private AwkExpression Primary()
    {
        if (++_depth > Deepest)
        {
            throw Unexpected();
        }

        AwkExpression made = Value();
        _depth--;
        return made;
    }

    private AwkExpression Value()
    {
        AwkToken token = Take();
        switch (token.Kind)
        {
            case AwkTokenKind.Number:
                return new AwkNumber(double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : 0);
            case AwkTokenKind.Text:
                return new AwkText(token.Text);
            case AwkTokenKind.Regex:
                return new AwkRegex(token.Text);
            case AwkTokenKind.Name when Skips("["):
                List<AwkExpression> index = List();
                Expect("]");
                Arrays.Add(token.Text);
                return new AwkElement(token.Text, index);
            case AwkTokenKind.Name:
                return new AwkVariable(token.Text);
            case AwkTokenKind.CalledName:
                Called.Add(token.Text);
                return new AwkCall(token.Text, Arguments(), IsBuiltIn: false);
            case AwkTokenKind.BuiltIn:
                List<AwkExpression> arguments = Now.Is("(") ? Arguments() : token.Text is "length" ? [] : throw Unexpected();
                if (token.Text is "split" && arguments is [_, AwkVariable { Name: { } filled }, ..])
                {
                    Arrays.Add(filled);
                }

                return new AwkCall(token.Text, arguments, IsBuiltIn: true);
        }

        if (token.Is("$"))
        {
            return new AwkField(Now.Is("++") || Now.Is("--") ? Stepped() : Now.Is("-") ? Unary() : Primary());
        }

        if (token.Is("getline"))
        {
            AwkExpression? target = OptionalTarget();
            return new AwkGetLine(target, null, Skips("<") ? Primary() : null);
        }

        if (!token.Is("("))
        {
            throw new AwkSyntaxException(token.Line, token.Kind == AwkTokenKind.NewLine ? "end of line" : token.Text);
        }

        List<AwkExpression> inside = List();
        SkipNewLines();
        Expect(")");

        // A parenthesis is a value: what follows is not assigned to it, and ">" in it compares.
        return inside.Count > 1 ? new AwkGroup(inside) : inside[0] is AwkVariable or AwkElement or AwkField ? new AwkUnary("(", inside[0]) : inside[0];
    }

    private AwkExpression? OptionalTarget() => Now.Is("$") || Now.Kind == AwkTokenKind.Name ? Target(Primary()) : null;

    private List<AwkExpression> Arguments()
    {
        Expect("(");
        SkipNewLines();
        List<AwkExpression> arguments = Now.Is(")") ? [] : List();
        SkipNewLines();
        Expect(")");
        return arguments;
    }
}
