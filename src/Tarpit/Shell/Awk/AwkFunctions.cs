using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>Functions of awk that need nothing but their arguments.</summary>
internal static class AwkFunctions
{
    private const int LongestText = 1 << 20;

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "sin", "cos", "atan2", "exp", "log", "sqrt", "int", "rand", "srand", "tolower", "toupper", "system", "close", "fflush", "systime",
    };

    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>Null: it is none of those that need nothing but values.</summary>
    public static AwkValue? Call(string name, IReadOnlyList<AwkValue> values, string convert)
    {
        double first = values.Count > 0 ? values[0].Number : 0;
        string text = values.Count > 0 ? values[0].Text(convert) : "";
        return name switch
        {
            "length" => AwkValue.Of(text.Length),
            "substr" => AwkValue.Of(Part(text, At(1).Number, values.Count > 2 ? At(2).Number : double.PositiveInfinity)),
            "index" => AwkValue.Of(text.IndexOf(At(1).Text(convert), StringComparison.Ordinal) + 1),
            "sprintf" => AwkValue.Of(AwkFormat.Apply(text, [.. values.Skip(1)], convert)),
            "sin" => AwkValue.Of(Math.Sin(first)),
            "cos" => AwkValue.Of(Math.Cos(first)),
            "atan2" => AwkValue.Of(Math.Atan2(first, At(1).Number)),
            "exp" => AwkValue.Of(Math.Exp(first)),
            "log" => AwkValue.Of(Math.Log(first)),
            "sqrt" => AwkValue.Of(Math.Sqrt(first)),
            "int" => AwkValue.Of(Math.Truncate(first)),
            "tolower" => AwkValue.Of(text.ToLowerInvariant()),
            "toupper" => AwkValue.Of(text.ToUpperInvariant()),
            _ => null,
        };

        AwkValue At(int i) => i < values.Count ? values[i] : AwkValue.Unset;
    }

    /// <summary>sub and gsub: the text with matches replaced, and how many there were. "&amp;" stands for the match, "\&amp;" for itself.</summary>
    public static (string Text, int Count) Replace(Regex pattern, string replacement, string text, bool isEach)
    {
        StringBuilder made = new();
        int at = 0, count = 0, last = -1;
        foreach (ValueMatch match in pattern.EnumerateMatches(text))
        {
            // An empty match right behind a match is none.
            if (match.Length == 0 && match.Index == last)
            {
                continue;
            }

            made.Append(text, at, match.Index - at);
            Insert(replacement, text.AsSpan(match.Index, match.Length), made);
            at = match.Index + match.Length;
            last = at;
            count++;
            if (!isEach || made.Length > LongestText)
            {
                break;
            }
        }

        return (count == 0 ? text : made.Append(text, at, text.Length - at).ToString(), count);
    }

    private static void Insert(string replacement, ReadOnlySpan<char> match, StringBuilder into)
    {
        for (int i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] == '\\' && i + 1 < replacement.Length && replacement[i + 1] is '&' or '\\')
            {
                into.Append(replacement[++i]);
            }
            else if (replacement[i] == '&')
            {
                into.Append(match);
            }
            else
            {
                into.Append(replacement[i]);
            }
        }
    }

    // Letters from round(from) on, counted from 1, as many as are wanted; what lies before the text is cut off (POSIX awk, substr).
    private static string Part(string text, double from, double length)
    {
        double start = Math.Round(from, MidpointRounding.ToEven), end = double.IsPositiveInfinity(length) ? length : start + Math.Round(length, MidpointRounding.ToEven);
        int first = (int)Math.Clamp(start, 1, text.Length + 1.0), behind = (int)Math.Clamp(end, 1, text.Length + 1.0);
        return double.IsNaN(start) || double.IsNaN(end) || behind <= first ? "" : text[(first - 1)..(behind - 1)];
    }
}
