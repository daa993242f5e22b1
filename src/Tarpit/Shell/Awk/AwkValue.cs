using System.Buffers;
using System.Globalization;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>A value: a number, a text, or a text of the input that looks like a number and compares as one (POSIX awk, "numeric string").</summary>
internal readonly record struct AwkValue
{
    private static readonly SearchValues<char> NumberLetters = SearchValues.Create("0123456789+-.eE");
    private readonly double _number;
    private readonly string? _text;

    private AwkValue(double number, string? text, bool isNumeric) => (_number, _text, IsNumeric) = (number, text, isNumeric);

    /// <summary>Never assigned: 0 and "" at once.</summary>
    public static AwkValue Unset => new(0, "", isNumeric: true);

    /// <summary>It compares as a number.</summary>
    public bool IsNumeric { get; }

    public double Number => _number;

    public bool IsTrue => _text is null || (IsNumeric && _text.Length > 0) ? _number != 0 : _text.Length > 0;

    /// <summary>Characters of its text; of a number 0.</summary>
    public int Length => _text?.Length ?? 0;

    public long BytesHeld(HashSet<object> seen) => SessionMemory.SizeOf(_text, seen);

    public static AwkValue Of(double number) => new(number, null, isNumeric: true);

    public static AwkValue Of(bool truth) => Of(truth ? 1 : 0);

    public static AwkValue Of(string text) => new(Lead(text), text, isNumeric: false);

    /// <summary>Text of the input.</summary>
    public static AwkValue OfInput(string text)
    {
        string trimmed = text.Trim(' ', '\t', '\n', '\r');
        return trimmed.Length is > 0 and < 64 && (char.IsAsciiDigit(trimmed[^1]) || trimmed[^1] == '.') && trimmed.AsSpan().IndexOfAnyExcept(NumberLetters) < 0
            && double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? new AwkValue(number, text, isNumeric: true) : Of(text);
    }

    /// <param name="format">CONVFMT or OFMT, for numbers with a fraction.</param>
    public string Text(string format) => _text ?? Text(_number, format);

    public static string Text(double number, string format) =>
        number == Math.Truncate(number) && Math.Abs(number) < 1e16 ? (number == 0 ? "0" : number.ToString("F0", CultureInfo.InvariantCulture))
        : double.IsNaN(number) ? (double.IsNegative(number) ? "-nan" : "nan")
        : double.IsInfinity(number) ? (number > 0 ? "inf" : "-inf")
        : AwkFormat.Apply(format, [Of(number)], format);

    /// <summary>Below 0, 0, above 0, as "==" and "&lt;" compare.</summary>
    public static int Compare(AwkValue left, AwkValue right, string format) =>
        left.IsNumeric && right.IsNumeric ? left._number.CompareTo(right._number) : string.CompareOrdinal(left.Text(format), right.Text(format));

    // The number at the beginning of a text; 0 without one.
    private static double Lead(string text)
    {
        int at = 0;
        while (at < text.Length && text[at] is ' ' or '\t' or '\n')
        {
            at++;
        }

        int start = at;
        if (at < text.Length && text[at] is '+' or '-')
        {
            at++;
        }

        int digits = 0;
        bool hasDot = false;
        for (; at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && !hasDot)); at++)
        {
            hasDot |= text[at] == '.';
            digits += text[at] == '.' ? 0 : 1;
        }

        if (digits == 0)
        {
            return 0;
        }

        int end = at;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at += at + 1 < text.Length && text[at + 1] is '+' or '-' ? 2 : 1;
            if (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                {
                    at++;
                }

                end = at;
            }
        }

        return double.TryParse(text.AsSpan(start, Math.Min(end - start, 400)), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : 0;
    }
}
