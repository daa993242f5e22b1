using System.Globalization;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>What a call gives in place of one value: it is part of the list around it.</summary>
internal sealed class ListResult : List<object?>
{
    public ListResult()
    {
    }

    public ListResult(IEnumerable<object?> items)
        : base(items)
    {
    }
}

/// <summary>Conversions between texts, numbers and truth, as Perl and PHP have them. Texts are bytes, one a character.</summary>
internal static class ScriptValues
{
    public static string Text(object? value, bool isPhp) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "1" : "",
        double number => Number(number),
        ListResult { Count: > 0 } list => Text(list[^1], isPhp),
        ListResult => "",
        List<object?> or OrderedDictionary<string, object?> when isPhp => "Array",
        List<object?> => $"ARRAY(0x{Address(value)})",
        OrderedDictionary<string, object?> => $"HASH(0x{Address(value)})",
        Routine => $"CODE(0x{Address(value)})",
        _ => $"GLOB(0x{Address(value)})",
    };

    private static string Address(object value) => (0x55d0c0000000 + (System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value) & 0xFFFFFF) * 8L).ToString("x", CultureInfo.InvariantCulture);

    public static string Number(double number)
    {
        if (double.IsNaN(number) || double.IsInfinity(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "Inf" : "-Inf";
        }

        if (number == Math.Floor(number) && Math.Abs(number) < 1e15)
        {
            return number.ToString("0", CultureInfo.InvariantCulture) is "-0" ? "0" : number.ToString("0", CultureInfo.InvariantCulture);
        }

        string text = number.ToString("G15", CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        return exponent < 0 ? text : $"{text[..exponent]}e{text[exponent + 1]}{text[(exponent + 2)..].PadLeft(2, '0')}";
    }

    public static double Real(object? value)
    {
        switch (value)
        {
            case double number:
                return number;
            case bool truth:
                return truth ? 1 : 0;
            case ListResult { Count: > 0 } list:
                return Real(list[^1]);
            case List<object?> list:
                return list.Count;
        }

        string text = Text(value, isPhp: false).TrimStart();
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (end == 0 && text[end] is '-' or '+') || (text[end] == '.' && !text[..end].Contains('.', StringComparison.Ordinal)) || (text[end] is 'e' or 'E' && end > 0 && end + 1 < text.Length && (char.IsAsciiDigit(text[end + 1]) || text[end + 1] == '-') && !text[..end].Contains('e', StringComparison.OrdinalIgnoreCase)) || (text[end] == '-' && end > 0 && text[end - 1] is 'e' or 'E')))
        {
            end++;
        }

        return double.TryParse(text.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out double read) ? read : 0;
    }

    public static bool IsTrue(object? value) => value switch
    {
        null or "" or "0" => false,
        bool truth => truth,
        double number => number != 0,
        ListResult list => list.Count > 0 && (list.Count > 1 || IsTrue(list[0])),
        _ => true,
    };

    /// <summary>Whether a text is a number as PHP compares it.</summary>
    public static bool IsNumeric(object? value) => value is double or bool || (value is string text && double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out _));
}
