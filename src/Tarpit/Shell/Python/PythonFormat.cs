using System.Globalization;
using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>format() with its small language, and the older "%".</summary>
internal static class PythonFormat
{
    private const int Widest = 1 << 20;

    /// <summary>A value as a specification such as ">10,.2f" has it.</summary>
    public static string Format(object? value, string text, string specification)
    {
        if (specification.Length == 0)
        {
            return text;
        }

        int at = 0;
        (char fill, char align) = (' ', '\0');
        if (specification.Length > 1 && specification[1] is '<' or '>' or '^' or '=')
        {
            (fill, align, at) = (specification[0], specification[1], 2);
        }
        else if (specification[0] is '<' or '>' or '^' or '=')
        {
            (align, at) = (specification[0], 1);
        }

        char sign = at < specification.Length && specification[at] is '+' or '-' or ' ' ? specification[at++] : '-';
        bool hasPrefix = at < specification.Length && specification[at] == '#' && ++at > 0;
        if (at < specification.Length && specification[at] == '0')
        {
            at++;
            (fill, align) = align == '\0' ? ('0', '=') : (fill, align);
        }

        int width = Digits(specification, ref at) ?? 0;
        char group = at < specification.Length && specification[at] is ',' or '_' ? specification[at++] : '\0';
        int? precision = null;
        if (at < specification.Length && specification[at] == '.')
        {
            at++;
            precision = Digits(specification, ref at) ?? throw PythonErrors.Value("Format specifier missing precision");
        }

        char kind = at < specification.Length ? specification[at++] : '\0';
        if (at < specification.Length || width > Widest || precision > Widest)
        {
            throw PythonErrors.Value(width > Widest ? "Too many decimal digits in format string" : $"Invalid format specifier '{specification}' for object of type '{PythonText.TypeName(value)}'");
        }

        object? number = kind is 's' ? null : PythonOperators.Number(value);
        if (number is null && kind is not ('\0' or 's'))
        {
            throw PythonErrors.Value($"Unknown format code '{kind}' for object of type '{PythonText.TypeName(value)}'");
        }

        string body = number is null ? precision is { } most && text.Length > most ? text[..most] : text : Number(number, kind, precision, group, hasPrefix, value is bool && kind == '\0' ? text : null);
        string mark = number is not null && body.StartsWith('-') ? "-" : number is not null && sign != '-' ? sign.ToString() : "";
        body = mark is "-" ? body[1..] : body;
        int room = Math.Max(0, width - body.Length - mark.Length);
        return (align == '\0' ? number is null ? '<' : '>' : align) switch
        {
            '<' => mark + body + new string(fill, room),
            '^' => new string(fill, room / 2) + mark + body + new string(fill, room - (room / 2)),
            '=' => mark + new string(fill, room) + body,
            _ => new string(fill, room) + mark + body,
        };
    }

    private static int? Digits(string text, ref int at)
    {
        int from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at == from ? null : int.TryParse(text.AsSpan(from, at - from), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;
    }

    private static string Number(object number, char kind, int? precision, char group, bool hasPrefix, string? shown)
    {
        if (shown is not null)
        {
            return shown;
        }

        switch (kind)
        {
            case 'x' or 'X' or 'o' or 'b' when number is BigInteger whole:
                string digits = Radix(BigInteger.Abs(whole), kind switch { 'o' => 8, 'b' => 2, _ => 16 });
                return (whole.Sign < 0 ? "-" : "") + (hasPrefix ? "0" + kind : "") + (kind == 'X' ? digits.ToUpperInvariant() : digits);
            case 'c' when number is BigInteger whole:
                return ((char)(int)BigInteger.Max(0, BigInteger.Min(whole, 0xFFFF))).ToString();
            case '\0' or 'd' or 'n' when number is BigInteger whole:
                return Group(PythonText.Whole(whole), group);
        }

        double real = number is double value ? value : (double)(BigInteger)number;
        if (double.IsNaN(real) || double.IsInfinity(real))
        {
            return PythonText.Real(real);
        }

        int places = Math.Min(precision ?? 6, 300);
        return kind switch
        {
            'f' or 'F' => Group(real.ToString("F" + places, CultureInfo.InvariantCulture), group),
            '%' => (real * 100).ToString("F" + places, CultureInfo.InvariantCulture) + "%",
            'e' or 'E' => Exponent(real, places, kind),
            'g' or 'G' => General(real, Math.Max(1, places)),
            '\0' => Group(precision is null ? PythonText.Real(real) : General(real, Math.Max(1, places)), group),
            _ => throw PythonErrors.Value($"Unknown format code '{kind}' for object of type 'float'"),
        };
    }

    private static string Exponent(double real, int places, char kind)
    {
        string text = real.ToString((kind == 'e' ? "e" : "E") + places, CultureInfo.InvariantCulture);
        int at = text.IndexOf(kind, StringComparison.Ordinal);
        return $"{text[..(at + 2)]}{int.Parse(text[(at + 2)..], CultureInfo.InvariantCulture):00}";
    }

    private static string General(double real, int places)
    {
        string text = real.ToString("E" + (places - 1), CultureInfo.InvariantCulture);
        int exponent = int.Parse(text[(text.IndexOf('E', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= places)
        {
            string[] parts = Exponent(real, places - 1, 'e').Split('e');
            return $"{(parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].TrimEnd('0').TrimEnd('.') : parts[0])}e{parts[1]}";
        }

        string plain = real.ToString("F" + Math.Max(0, places - 1 - exponent), CultureInfo.InvariantCulture);
        return plain.Contains('.', StringComparison.Ordinal) ? plain.TrimEnd('0').TrimEnd('.') : plain;
    }

    private static string Group(string digits, char mark)
    {
        if (mark == '\0')
        {
            return digits;
        }

        int end = digits.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point ? point : digits.Length, start = digits.StartsWith('-') ? 1 : 0;
        StringBuilder text = new(digits);
        for (int at = end - 3; at > start; at -= 3)
        {
            text.Insert(at, mark);
        }

        return text.ToString();
    }

    /// <summary>A number that is not negative, in small letters.</summary>
    public static string Radix(BigInteger number, int radix)
    {
        if (number.IsZero)
        {
            return "0";
        }

        StringBuilder text = new();
        for (; !number.IsZero; number /= radix)
        {
            text.Insert(0, "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(number % radix)]);
        }

        return text.ToString();
    }

    /// <summary>"%d of %s" % values.</summary>
    public static string Percent(string format, object? values)
    {
        IReadOnlyList<object?> list = values is PythonTuple tuple ? tuple.Items : [values];
        StringBuilder text = new();
        int used = 0;
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            string? key = null;
            if (++at < format.Length && format[at] == '(' && format.IndexOf(')', at) is > 0 and var close)
            {
                key = format[(at + 1)..close];
                at = close + 1;
            }

            string flags = "";
            while (at < format.Length && format[at] is '-' or '+' or ' ' or '#' or '0')
            {
                flags += format[at++];
            }

            int width = Star(ref at) ?? Digits(format, ref at) ?? 0;
            int? precision = null;
            if (at < format.Length && format[at] == '.')
            {
                at++;
                precision = Star(ref at) ?? Digits(format, ref at) ?? 0;
            }

            if (at >= format.Length)
            {
                throw PythonErrors.Value("incomplete format");
            }

            char kind = format[at];
            if (kind == '%')
            {
                text.Append('%');
                continue;
            }

            object? value = key is not null ? values is PythonDictionary map && map.TryGet(key, out object? found) ? found : throw PythonErrors.New("KeyError", key)
                : used < list.Count ? list[used++] : throw PythonErrors.Type("not enough arguments for format string");
            text.Append(One(value, kind, flags, Math.Min(width, Widest), precision, at));
            if (text.Length > 4 << 20)
            {
                throw PythonErrors.Memory();
            }
        }

        return used < list.Count && values is not (PythonDictionary or PythonList or PythonObject) ? throw PythonErrors.Type("not all arguments converted during string formatting") : text.ToString();

        int? Star(ref int at)
        {
            if (at >= format.Length || format[at] != '*')
            {
                return null;
            }

            at++;
            return used < list.Count && PythonOperators.Number(list[used++]) is BigInteger number ? (int)BigInteger.Min(Widest, BigInteger.Abs(number)) : throw PythonErrors.Type("* wants int");
        }
    }

    private static string One(object? value, char kind, string flags, int width, int? precision, int at)
    {
        string align = flags.Contains('-', StringComparison.Ordinal) ? "<" : flags.Contains('0', StringComparison.Ordinal) && kind is not ('s' or 'r' or 'a') ? "0" : ">";
        string size = $"{(flags.Contains('+', StringComparison.Ordinal) ? "+" : "")}{(flags.Contains('#', StringComparison.Ordinal) ? "#" : "")}{(align is "0" ? "0" : "")}{width.ToString(CultureInfo.InvariantCulture)}";
        string places = precision is { } most ? "." + most.ToString(CultureInfo.InvariantCulture) : "";
        string Sized(object? number, string end) => Format(number, "", (align is "0" ? "" : align) + size + end);
        switch (kind)
        {
            case 's' or 'r' or 'a':
                return Format(null, kind == 's' ? PythonText.Plain(value) : PythonText.Represent(value), $"{align}{width.ToString(CultureInfo.InvariantCulture)}{places}s");
            case 'd' or 'i' or 'u':
                return PythonOperators.Number(value) is { } number ? Sized(number is double real ? new BigInteger(real) : number, "d") : throw PythonErrors.Type($"%{kind} format: a real number is required, not {PythonText.TypeName(value)}");
            case 'x' or 'X' or 'o':
                return PythonOperators.Number(value) is BigInteger whole ? Sized(whole, kind.ToString()) : throw PythonErrors.Type($"%{kind} format: an integer is required, not {PythonText.TypeName(value)}");
            case 'c':
                return value is string text ? text : Sized(value, "c");
            case 'f' or 'F' or 'e' or 'E' or 'g' or 'G':
                return PythonOperators.Number(value) is { } given ? Sized(given is BigInteger exact ? (double)exact : given, places + kind) : throw PythonErrors.Type($"must be real number, not {PythonText.TypeName(value)}");
            default:
                throw PythonErrors.Value(string.Create(CultureInfo.InvariantCulture, $"unsupported format character '{kind}' (0x{(int)kind:x}) at index {at}"));
        }
    }
}
