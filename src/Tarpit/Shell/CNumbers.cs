using System.Globalization;

namespace Blackwall.Tarpit.Shell;

/// <summary>Numbers as the C library reads and prints them.</summary>
internal static class CNumbers
{
    /// <summary>strtol with base 0: what could be read; false: not all of the text is a number.</summary>
    public static bool TryInteger(string text, out long value, out bool isRange)
    {
        (value, isRange) = (0, false);
        string trimmed = text.TrimStart(' ', '\t', '\n');
        bool isNegative = trimmed.StartsWith('-');
        int at = trimmed.StartsWith('-') || trimmed.StartsWith('+') ? 1 : 0, radix = 10;
        if (at + 1 < trimmed.Length && trimmed[at] == '0')
        {
            bool isHex = trimmed[at + 1] is 'x' or 'X' && at + 2 < trimmed.Length && char.IsAsciiHexDigit(trimmed[at + 2]);
            radix = isHex ? 16 : 8;
            at += isHex ? 2 : 1;
        }

        int start = at;
        ulong sum = 0;
        for (; at < trimmed.Length; at++)
        {
            int digit = char.IsAsciiDigit(trimmed[at]) ? trimmed[at] - '0' : char.IsAsciiLetter(trimmed[at]) ? char.ToLowerInvariant(trimmed[at]) - 'a' + 10 : 99;
            if (digit >= radix)
            {
                break;
            }

            isRange |= sum > (ulong.MaxValue - (ulong)digit) / (ulong)radix;
            sum = unchecked((sum * (ulong)radix) + (ulong)digit);
        }

        isRange |= sum > (ulong)long.MaxValue + (isNegative ? 1UL : 0);
        value = isRange ? (isNegative ? long.MinValue : long.MaxValue) : isNegative ? unchecked(-(long)sum) : (long)sum;
        return at == trimmed.Length && (at > start || radix == 8) && !isRange;
    }

    /// <summary>Decimal digits that are too many for a signed number, but may be an unsigned one.</summary>
    public static bool IsUnsigned(string text) => text.Length is 19 or 20 && text[0] != '0' && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>strtoul of digits.</summary>
    public static ulong Unsigned(string digits) => ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : ulong.MaxValue;

    /// <summary>strtod: what could be read; false: not all of the text is a number.</summary>
    public static bool TryDouble(string text, out double value)
    {
        string trimmed = text.Trim(' ', '\t', '\n');
        if (double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        if (TryInteger(trimmed, out long integer, out _))
        {
            value = integer;
            return true;
        }

        int end = trimmed.Length;
        while (end > 0 && !double.TryParse(trimmed.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            end--;
        }

        value = end == 0 ? 0 : value;
        return false;
    }

    /// <summary>%d and its kin.</summary>
    public static string Integer(long value, char kind, string flags, int width, int? precision)
    {
        bool isSigned = kind is 'd' or 'i';
        string digits = kind switch
        {
            'd' or 'i' => value == long.MinValue ? "9223372036854775808" : Math.Abs(value).ToString(CultureInfo.InvariantCulture),
            'u' => unchecked((ulong)value).ToString(CultureInfo.InvariantCulture),
            'o' => Convert.ToString(value, 8),
            'x' => value.ToString("x", CultureInfo.InvariantCulture),
            _ => value.ToString("X", CultureInfo.InvariantCulture),
        };
        if (precision is { } least)
        {
            digits = least == 0 && value == 0 ? "" : digits.PadLeft(least, '0');
        }

        bool Has(char flag) => flags.Contains(flag, StringComparison.Ordinal);
        string sign = isSigned ? value < 0 ? "-" : Has('+') ? "+" : Has(' ') ? " " : "" : Has('#') && value != 0 ? kind switch { 'x' => "0x", 'X' => "0X", 'o' => digits.StartsWith('0') ? "" : "0", _ => "" } : "";
        if (Has('-'))
        {
            return (sign + digits).PadRight(width);
        }

        return Has('0') && precision is null ? sign + digits.PadLeft(Math.Max(0, width - sign.Length), '0') : (sign + digits).PadLeft(width);
    }
}
