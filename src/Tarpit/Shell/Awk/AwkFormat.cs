using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>printf of awk, as C has it (ISO C 7.21.6.1): d i o x X u c s e E f F g G with flags, width and precision. Widths are bounded.</summary>
internal static class AwkFormat
{
    private const int Widest = 4096;
    private const int MostDigits = 300;

    public static string Apply(string format, IReadOnlyList<AwkValue> arguments, string convert)
    {
        StringBuilder text = new();
        int next = 0;
        for (int at = 0; at < format.Length && text.Length <= AwkVariables.LongestText; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            int start = at++;
            bool left = false, zero = false, plus = false, space = false, alternate = false;
            for (; at < format.Length && format[at] is '-' or '0' or '+' or ' ' or '#'; at++)
            {
                left |= format[at] == '-';
                zero |= format[at] == '0';
                plus |= format[at] == '+';
                space |= format[at] == ' ';
                alternate |= format[at] == '#';
            }

            int width = Number(ref at);
            if (width < 0)
            {
                (left, width) = (true, -width);
            }

            int precision = -1;
            if (at < format.Length && format[at] == '.')
            {
                at++;
                precision = Number(ref at);
            }

            while (at < format.Length && format[at] is 'l' or 'h' or 'L')
            {
                at++;
            }

            if (at >= format.Length)
            {
                return text.Append(format.AsSpan(start)).ToString();
            }

            if (format[at] == '%')
            {
                text.Append('%');
                continue;
            }

            AwkValue value = next < arguments.Count ? arguments[next] : AwkValue.Unset;
            next++;
            string made = Convert(format[at], value, precision, alternate, convert);
            bool isNumber = format[at] is not ('s' or 'c');
            if (isNumber && !made.StartsWith('-'))
            {
                made = (plus ? "+" : space ? " " : "") + made;
            }

            text.Append(left ? made.PadRight(width)
                : zero && isNumber && !(precision >= 0 && format[at] is 'd' or 'i') ? Zeros(made, width)
                : made.PadLeft(width));
        }

        return text.ToString();

        int Number(ref int at)
        {
            if (at < format.Length && format[at] == '*')
            {
                at++;
                double given = next < arguments.Count ? arguments[next].Number : 0;
                next++;
                return (int)Math.Clamp(given, -Widest, Widest);
            }

            int number = 0;
            for (; at < format.Length && char.IsAsciiDigit(format[at]); at++)
            {
                number = Math.Min(Widest, (number * 10) + format[at] - '0');
            }

            return number;
        }
    }

    private static string Zeros(string made, int width)
    {
        int sign = made.Length > 0 && made[0] is '-' or '+' or ' ' ? 1 : 0;
        return made[..sign] + made[sign..].PadLeft(width - sign, '0');
    }

    private static string Convert(char kind, AwkValue value, int precision, bool alternate, string convert)
    {
        switch (kind)
        {
            case 's':
                string whole = value.Text(convert);
                return precision >= 0 && precision < whole.Length ? whole[..precision] : whole;
            case 'c':
                return value.IsNumeric ? ((char)((int)Math.Clamp(value.Number, 0, 255) & 0xFF)).ToString() : value.Text(convert) is { Length: > 0 } letters ? letters[..1] : "";
            case 'd' or 'i':
                return Integer(value.Number).ToString($"D{Math.Clamp(precision, 0, MostDigits)}", CultureInfo.InvariantCulture);
            case 'u':
                return ((ulong)Integer(value.Number)).ToString(CultureInfo.InvariantCulture);
            case 'o':
                return (alternate ? "0" : "") + System.Convert.ToString(Integer(value.Number), 8);
            case 'x' or 'X':
                string digits = Integer(value.Number).ToString(kind is 'x' ? "x" : "X", CultureInfo.InvariantCulture);
                return alternate ? $"0{kind}{digits}" : digits;
            default:
                return Floating(kind, value.Number, Math.Min(precision < 0 ? 6 : precision, MostDigits), alternate);
        }
    }

    private static long Integer(double number) => double.IsNaN(number) ? 0 : number >= long.MaxValue ? long.MaxValue : number <= long.MinValue ? long.MinValue : (long)number;

    private static string Floating(char kind, double number, int precision, bool alternate)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }

        switch (kind)
        {
            case 'f' or 'F':
                return number.ToString($"F{precision}", CultureInfo.InvariantCulture);
            case 'e' or 'E':
                return Exponent(number, precision, kind);
            default:
                int significant = precision == 0 ? 1 : precision;
                string exponent = Exponent(number, significant - 1, 'e');
                int power = int.Parse(exponent.AsSpan(exponent.IndexOf('e', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                string made = power < -4 || power >= significant ? exponent : number.ToString($"F{Math.Max(0, significant - 1 - power)}", CultureInfo.InvariantCulture);
                made = alternate ? made : Shorten(made);
                return kind is 'G' ? made.ToUpperInvariant() : made;
        }
    }

    private static string Exponent(double number, int precision, char letter)
    {
        string made = number.ToString($"{letter}{precision}", CultureInfo.InvariantCulture);

        // .NET writes at least three digits of the exponent, C two.
        int at = made.IndexOf(letter, StringComparison.Ordinal) + 2;
        return made[..at] + made[at..].TrimStart('0').PadLeft(2, '0');
    }

    private static string Shorten(string made)
    {
        int at = made.IndexOf('e', StringComparison.Ordinal);
        string digits = at < 0 ? made : made[..at];
        return (digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits) + (at < 0 ? "" : made[at..]);
    }
}
