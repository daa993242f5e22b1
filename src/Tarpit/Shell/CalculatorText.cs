namespace Blackwall.Tarpit.Shell;

/// <summary>The text of an expression, and the place in it that is read next.</summary>
internal abstract class CalculatorText(string text)
{
    protected string Text => text;

    protected int Place { get; set; }

    protected string? Name()
    {
        Skip();
        int start = Place, end = Syntax.ParameterReader.NameEnd(Text, Place);
        if (end == start)
        {
            return null;
        }

        if (end < Text.Length && Text[end] == '[')
        {
            int depth = 0;
            for (int close = end; close < Text.Length; close++)
            {
                depth += Text[close] == '[' ? 1 : Text[close] == ']' ? -1 : 0;
                if (depth == 0)
                {
                    end = close + 1;
                    break;
                }
            }
        }

        Place = end;
        return Text[start..end];
    }

    protected char At(int ahead) => Place + ahead < Text.Length ? Text[Place + ahead] : '\0';

    protected bool IsAt(string wanted) => string.CompareOrdinal(Text, Place, wanted, 0, wanted.Length) == 0;

    protected void Skip()
    {
        while (Place < Text.Length && char.IsWhiteSpace(Text[Place]))
        {
            Place++;
        }
    }

    protected bool TryRead(string wanted)
    {
        Skip();
        if (!IsAt(wanted))
        {
            return false;
        }

        Place += wanted.Length;
        return true;
    }

    // As bash shows it: from the operand that was read last to the end.
    protected string LastOperand()
    {
        int at = Place;
        while (at > 0 && (char.IsAsciiLetterOrDigit(Text[at - 1]) || Text[at - 1] is '_' or ' '))
        {
            at--;
        }

        return Text[at..].TrimStart();
    }
}
