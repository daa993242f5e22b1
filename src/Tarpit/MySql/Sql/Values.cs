using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Values of SQL: null, long, ulong, double, decimal, string (compared without case) and byte[] (binary).</summary>
internal static class Values
{
    public static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        bool flag => flag ? "1" : "0",
        double number => Real(number),
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    public static byte[] Bytes(object value) => value as byte[] ?? Encoding.UTF8.GetBytes(Text(value)!);

    /// <summary>Bytes of a text value, of which a cast or a position speaks.</summary>
    public static double Number(object? value) => value switch
    {
        null => 0,
        long number => number,
        ulong number => number,
        double number => number,
        decimal number => (double)number,
        byte[] { Length: <= 8 } bytes when bytes.Any(b => b is < 32 or > 126) => bytes.Aggregate(0UL, (sum, b) => (sum << 8) | b),
        _ => Leading(Text(value)!),
    };

    public static long Integer(object? value) => value switch
    {
        long number => number,
        ulong number => unchecked((long)number),
        decimal number => (long)Math.Round(Math.Clamp(number, long.MinValue, long.MaxValue), MidpointRounding.AwayFromZero),
        byte[] { Length: > 0 and <= 8 } bytes => bytes.Aggregate(0L, (sum, b) => (sum << 8) | b),
        _ => Number(value) is var real && double.IsNaN(real) ? 0 : real >= long.MaxValue ? long.MaxValue : real <= long.MinValue ? long.MinValue : (long)Math.Round(real, MidpointRounding.AwayFromZero),
    };

    public static bool? Truth(object? value) => value is null ? null : Number(value) != 0;

    public static object Boolean(bool value) => value ? 1L : 0L;

    /// <summary>Null where one is null; else less than, equal to or more than 0.</summary>
    public static int? Compare(object? left, object? right)
    {
        if (left is null || right is null)
        {
            return null;
        }

        return left switch
        {
            long a when right is long b => a.CompareTo(b),
            byte[] or string when right is byte[] or string => left is byte[] || right is byte[]
                ? Bytes(left).AsSpan().SequenceCompareTo(Bytes(right))
                : string.Compare((string)left, (string)right, StringComparison.OrdinalIgnoreCase),
            _ => Number(left).CompareTo(Number(right)),
        };
    }

    /// <summary>Order of rows: null is the smallest.</summary>
    public static int Order(object? left, object? right) => Compare(left, right) ?? (left is null ? right is null ? 0 : -1 : 1);

    public static bool IsNumber(object? value) => value is long or ulong or double or decimal;

    private static string Real(double number) => double.IsFinite(number)
        ? Math.Abs(number) is (>= 1e15 or < 1e-15) and not 0 ? number.ToString("0.################E+0", CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal).Replace("E-", "e-", StringComparison.Ordinal) : number.ToString("0.################", CultureInfo.InvariantCulture)
        : "0";

    // As much of a number as a text begins with.
    private static double Leading(string text)
    {
        int at = 0;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        int start = at;
        if (at < text.Length && text[at] is '+' or '-')
        {
            at++;
        }

        while (at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && text.IndexOf('.', start, at - start) < 0)))
        {
            at++;
        }

        if (at < text.Length && text[at] is 'e' or 'E' && at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || (at + 2 < text.Length && text[at + 1] is '+' or '-' && char.IsAsciiDigit(text[at + 2]))))
        {
            at += 2;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }
        }

        return double.TryParse(text.AsSpan(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : 0;
    }
}
