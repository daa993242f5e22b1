using System.Globalization;
using System.Numerics;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>Orders of numbers, as sort has them.</summary>
internal static class SortNumbers
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    public static int Decimal(string a, string b)
    {
        (bool negativeA, string wholeA, string fractionA) = Parts(a);
        (bool negativeB, string wholeB, string fractionB) = Parts(b);
        if (negativeA != negativeB)
        {
            return negativeA ? -1 : 1;
        }

        int order = wholeA.Length != wholeB.Length ? wholeA.Length.CompareTo(wholeB.Length) : string.CompareOrdinal(wholeA, wholeB);
        order = order != 0 ? order : string.CompareOrdinal(fractionA, fractionB);
        return negativeA ? -order : order;
    }

    private static (bool IsNegative, string Whole, string Fraction) Parts(string text)
    {
        text = text.TrimStart(' ', '\t');
        bool isNegative = text.StartsWith('-');
        int at = isNegative ? 1 : 0, start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        string whole = text[start..at].TrimStart('0'), fraction = "";
        if (at < text.Length && text[at] == '.')
        {
            int from = ++at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            fraction = text[from..at].TrimEnd('0');
        }

        return (isNegative && (whole.Length > 0 || fraction.Length > 0), whole, fraction);
    }

    public static double General(string text) => CNumbers.TryDouble(text.TrimStart(), out double number) || number != 0 || text.TrimStart().StartsWith('0') ? number : double.NegativeInfinity;

    public static int Human(string a, string b)
    {
        int unitA = Unit(a), unitB = Unit(b);
        return unitA != unitB && Decimal(a, "0") != 0 && Decimal(b, "0") != 0 ? unitA.CompareTo(unitB) : unitA == unitB ? Decimal(a, b) : Decimal(a, "0").CompareTo(Decimal(b, "0"));
    }

    private static int Unit(string text)
    {
        text = text.TrimStart(' ', '\t', '-');
        int at = 0;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
        {
            at++;
        }

        return at < text.Length && at > 0 ? (text[at] == 'k' ? 1 : "KMGTPEZYRQ".IndexOf(text[at], StringComparison.Ordinal) + 1) : 0;
    }

    public static int Month(string text)
    {
        text = text.TrimStart();
        return text.Length < 3 ? 0 : Array.IndexOf(Months, text[..3].ToUpperInvariant()) + 1;
    }

    /// <summary>Runs of digits count as numbers.</summary>
    public static int Version(string a, string b)
    {
        int i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            int startA = i, startB = j;
            while (i < a.Length && !char.IsAsciiDigit(a[i]))
            {
                i++;
            }

            while (j < b.Length && !char.IsAsciiDigit(b[j]))
            {
                j++;
            }

            int order = Letters(a[startA..i], b[startB..j]);
            if (order != 0)
            {
                return order;
            }

            (startA, startB) = (i, j);
            while (i < a.Length && char.IsAsciiDigit(a[i]))
            {
                i++;
            }

            while (j < b.Length && char.IsAsciiDigit(b[j]))
            {
                j++;
            }

            BigInteger x = i > startA ? BigInteger.Parse(a[startA..Math.Min(i, startA + 200)], CultureInfo.InvariantCulture) : 0, y = j > startB ? BigInteger.Parse(b[startB..Math.Min(j, startB + 200)], CultureInfo.InvariantCulture) : 0;
            order = x.CompareTo(y);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    // "~" comes before the end, letters before all others.
    private static int Letters(string a, string b)
    {
        static int Weight(string text, int at) => at >= text.Length ? 0 : text[at] == '~' ? -1 : char.IsAsciiLetter(text[at]) ? text[at] : text[at] + 256;
        for (int i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            int order = Weight(a, i).CompareTo(Weight(b, i));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
