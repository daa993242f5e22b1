using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Awk;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>printf(1): the format is used again while arguments are left. Widths are bounded.</summary>
internal static class Format
{
    private const int Widest = 4096;
    private const int MostRounds = 10_000;

    public static string Apply(string format, IReadOnlyList<string> arguments)
    {
        StringBuilder text = new();
        int next = 0;
        for (int round = 0; round < MostRounds; round++)
        {
            int before = next;
            One(format, arguments, ref next, text);
            if (next >= arguments.Count || next == before)
            {
                break;
            }
        }

        return text.ToString();
    }

    private static void One(string format, IReadOnlyList<string> arguments, ref int next, StringBuilder text)
    {
        int at = 0;
        while (at < format.Length)
        {
            int percent = format.IndexOf('%', at);
            text.Append(Escapes.Decode(percent < 0 ? format[at..] : format[at..percent], isEcho: false));
            if (percent < 0)
            {
                return;
            }

            int end = percent + 1;
            while (end < format.Length && (char.IsAsciiDigit(format[end]) || format[end] is '-' or '+' or ' ' or '#' or '.' or '*'))
            {
                end++;
            }

            if (end >= format.Length)
            {
                text.Append(format.AsSpan(percent));
                return;
            }

            at = end + 1;
            if (format[end] == '%')
            {
                text.Append('%');
                continue;
            }

            string flags = format[(percent + 1)..end];
            if (format[end] is 'd' or 'i' or 'u' or 'x' or 'X' or 'o' or 'f' or 'F' or 'e' or 'E' or 'g' or 'G')
            {
                text.Append(Numeric(format[percent..(end + 1)], flags, arguments, ref next));
                continue;
            }

            // A width among the arguments.
            while (flags.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star)
            {
                flags = flags[..star] + Math.Clamp(Number(next < arguments.Count ? arguments[next] : ""), -Widest, Widest).ToString(CultureInfo.InvariantCulture) + flags[(star + 1)..];
                next++;
            }

            string argument = next < arguments.Count ? arguments[next] : "";
            next++;
            text.Append(Pad(Convert(format[end], flags, argument), flags));
        }
    }

    // As C has it, on the number that the shell reads in the argument.
    private static string Numeric(string format, string flags, IReadOnlyList<string> arguments, ref int next)
    {
        List<AwkValue> values = [];
        for (int stars = flags.AsSpan().Count('*'); stars > 0; stars--)
        {
            values.Add(AwkValue.Of(Number(next < arguments.Count ? arguments[next] : "")));
            next++;
        }

        string argument = next < arguments.Count ? arguments[next] : "";
        next++;
        bool isFloat = format[^1] is 'f' or 'F' or 'e' or 'E' or 'g' or 'G';
        values.Add(AwkValue.Of(isFloat && double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : Number(argument)));
        return AwkFormat.Apply(format, values, "%.6g");
    }

    private static string Convert(char kind, string flags, string argument)
    {
        int dot = flags.IndexOf('.', StringComparison.Ordinal);
        int precision = dot >= 0 && int.TryParse(flags.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Min(given, 64) : -1;
        switch (kind)
        {
            case 's':
                return dot >= 0 && precision >= 0 && precision < argument.Length ? argument[..precision] : argument;
            case 'b':
                return Escapes.Decode(argument, isEcho: true);
            case 'q':
                return Quoting.WithBackslashes(argument);
            case 'c':
                return argument.Length > 0 ? argument[..1] : "";
            default:
                return "%" + flags + kind;
        }
    }

    private static long Number(string argument)
    {
        if (argument.Length > 1 && argument[0] is '\'' or '"')
        {
            return argument[1];
        }

        if (argument.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(argument.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long hex) ? hex : 0;
        }

        if (argument.Length > 1 && argument[0] == '0' && argument.AsSpan().IndexOfAnyExceptInRange('0', '7') < 0 && argument.Length < 20)
        {
            return System.Convert.ToInt64(argument, 8);
        }

        // What is no number counts up to where it is one.
        int end = argument.Length > 0 && argument[0] is '-' or '+' ? 1 : 0;
        while (end < argument.Length && char.IsAsciiDigit(argument[end]))
        {
            end++;
        }

        return long.TryParse(argument.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : 0;
    }

    private static string Pad(string text, string flags)
    {
        string width = flags.Split('.')[0].TrimStart('-', '+', ' ', '#');
        if (!int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int size))
        {
            return text;
        }

        size = Math.Min(size, Widest);
        return flags.Contains('-', StringComparison.Ordinal) ? text.PadRight(size) : text.PadLeft(size, width[0] == '0' ? '0' : ' ');
    }
}
