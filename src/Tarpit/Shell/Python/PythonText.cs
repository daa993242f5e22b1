using System.Globalization;
using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Values as texts: str(), repr() and the names of types.</summary>
internal static class PythonText
{
    private const int Longest = 4 << 20, Deepest = 150, MostDigits = 4300;

    /// <summary>str() without the methods of the program.</summary>
    public static string Plain(object? value) => value is string text ? text : value is PythonObject { Type: var type } error && type.Is(PythonErrors.Get("BaseException")) ? PythonErrors.Text(error) : Represent(value);

    /// <summary>What stands behind the name of an exception.</summary>
    public static string Shown(PythonObject error) => error.Type.Is(PythonErrors.Get("BaseException")) ? PythonErrors.Text(error) : Represent(error);

    public static string Represent(object? value)
    {
        StringBuilder text = new();
        Write(value, text, []);
        return text.ToString();
    }

    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        string => "str",
        byte[] => "bytes",
        PythonList => "list",
        PythonTuple => "tuple",
        PythonDictionary { Kind.Length: > 0 } map => map.Kind,
        PythonDictionary => "dict",
        PythonSet => "set",
        PythonRange => "range",
        PythonSlice => "slice",
        PythonFunction => "function",
        NativeFunction => "builtin_function_or_method",
        BoundMethod { Function: NativeFunction } => "builtin_function_or_method",
        BoundMethod => "method",
        PythonModule => "module",
        PythonClass => "type",
        PythonObject thing => thing.Type.Name,
        PythonIterator iterator => iterator.Kind,
        _ => "object",
    };

    private static void Write(object? value, StringBuilder text, HashSet<object> around)
    {
        if (text.Length > Longest)
        {
            throw PythonErrors.Memory();
        }

        switch (value)
        {
            case null:
                text.Append("None");
                return;
            case bool truth:
                text.Append(truth ? "True" : "False");
                return;
            case BigInteger number:
                text.Append(Whole(number));
                return;
            case double real:
                text.Append(Real(real));
                return;
            case string plain:
                Quote(plain, text);
                return;
            case byte[] bytes:
                Quote(bytes, text);
                return;
            case PythonRange range:
                text.Append(CultureInfo.InvariantCulture, $"range({range.From}, {range.To}{(range.Step.IsOne ? "" : $", {range.Step}")})");
                return;
        }

        if (around.Count > Deepest)
        {
            throw PythonErrors.New("RecursionError", "maximum recursion depth exceeded while getting the repr of an object");
        }

        if (value is PythonList or PythonTuple or PythonDictionary or PythonSet)
        {
            if (!around.Add(value))
            {
                text.Append(value is PythonList ? "[...]" : "{...}");
                return;
            }

            WriteContainer(value, text, around);
            around.Remove(value);
            return;
        }

        text.Append(value switch
        {
            PythonModule module => module.Name is "sys" or "builtins" or "time" or "posix" or "math" ? $"<module '{module.Name}' (built-in)>" : $"<module '{module.Name}' from '/usr/lib/python3.12/{module.Name.Replace('.', '/')}.py'>",
            PythonClass type => $"<class '{(PythonErrors.IsKnown(type.Name) || type.FullName.Contains('.', StringComparison.Ordinal) || type.Name is "NoneType" or "function" or "builtin_function_or_method" or "module" or "method" or "generator" or "type" or "object" or "complex" ? type.FullName : "__main__." + type.Name)}'>",
            PythonFunction function => $"<function {function.Name} at {Address(value)}>",
            NativeFunction { Name: "str" or "int" or "float" or "list" or "dict" or "tuple" or "set" or "bool" or "bytes" or "bytearray" or "type" or "object" or "range" or "enumerate" or "zip" or "map" or "filter" } native => $"<class '{native.Name}'>",
            NativeFunction native => $"<built-in function {native.Name}>",
            BoundMethod { Function: NativeFunction native } bound => $"<built-in method {native.Name} of {TypeName(bound.Self)} object at {Address(bound.Self!)}>",
            BoundMethod { Function: PythonFunction function } bound => $"<bound method {TypeName(bound.Self)}.{function.Name} of {Represent(bound.Self)}>",
            PythonObject { Native: PythonFile file } => file.Shown,
            PythonObject error when error.Type.Is(PythonErrors.Get("BaseException")) => Error(error),
            PythonObject thing when thing.Members.GetValueOrDefault("__repr_text__") is string shown => shown,
            PythonObject thing => $"<{(thing.Type.FullName.Contains('.', StringComparison.Ordinal) ? "" : "__main__.")}{thing.Type.FullName} object at {Address(thing)}>",
            PythonIterator iterator => $"<{iterator.Kind} object at {Address(iterator)}>",
            PythonSlice slice => $"slice({Represent(slice.From)}, {Represent(slice.To)}, {Represent(slice.Step)})",
            _ => "<object>",
        });
    }

    private static void WriteContainer(object value, StringBuilder text, HashSet<object> around)
    {
        switch (value)
        {
            case PythonList list:
                WriteAll("[", list, "]");
                break;
            case PythonTuple tuple:
                WriteAll("(", tuple.Items, tuple.Items.Count == 1 ? ",)" : ")");
                break;
            case PythonSet set:
                WriteAll(set.Keys.Count == 0 ? "set(" : "{", set.Items, set.Keys.Count == 0 ? ")" : "}");
                break;
            case PythonDictionary map:
                text.Append(map.Kind switch { "" => "{", "environ" => "environ({", "Counter" => "Counter({", _ => map.Kind + "({" });
                bool isFirst = true;
                foreach ((object? key, object? item) in map.Items)
                {
                    text.Append(isFirst ? "" : ", ");
                    Write(key, text, around);
                    text.Append(": ");
                    Write(item, text, around);
                    isFirst = false;
                }

                text.Append(map.Kind.Length == 0 ? "}" : "})");
                break;
        }

        void WriteAll(string open, IEnumerable<object?> items, string close)
        {
            text.Append(open);
            bool isFirst = true;
            foreach (object? item in items)
            {
                text.Append(isFirst ? "" : ", ");
                Write(item, text, around);
                isFirst = false;
            }

            text.Append(close);
        }
    }

    private static string Error(PythonObject error)
    {
        IReadOnlyList<object?> arguments = error.Members.GetValueOrDefault("args") is PythonTuple tuple ? tuple.Items : [];
        return $"{error.Type.Name}({string.Join(", ", arguments.Select(Represent))})";
    }

    /// <summary>An address in memory that a value could have.</summary>
    public static string Address(object value) => string.Create(CultureInfo.InvariantCulture, $"0x7f{(uint)System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value) & 0xFFFFFFF:x7}{0xb0:x2}0");

    /// <exception cref="PythonException">It has too many digits.</exception>
    public static string Whole(BigInteger number) => number.GetBitLength() > MostDigits * 3.3219
        ? throw PythonErrors.Value("Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit") : number.ToString(CultureInfo.InvariantCulture);

    public static string Real(double real)
    {
        if (double.IsNaN(real) || double.IsInfinity(real))
        {
            return double.IsNaN(real) ? "nan" : real > 0 ? "inf" : "-inf";
        }

        string shortest = real.ToString("E16", CultureInfo.InvariantCulture), round = real.ToString("R", CultureInfo.InvariantCulture);
        int exponent = int.Parse(shortest[(shortest.IndexOf('E', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        if (exponent is < -4 or >= 16)
        {
            string digits = round.Split('E')[0].Replace(".", "", StringComparison.Ordinal).TrimStart('-', '0').TrimEnd('0');
            digits = digits.Length == 0 ? "0" : digits;
            return $"{(real < 0 ? "-" : "")}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}";
        }

        string plain = round.Contains('E', StringComparison.Ordinal) ? real.ToString("F" + Math.Max(1, 17 - exponent), CultureInfo.InvariantCulture).TrimEnd('0') : round;
        return plain.EndsWith('.') ? plain + "0" : plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".0";
    }

    private static void Quote(string plain, StringBuilder text)
    {
        char quote = plain.Contains('\'', StringComparison.Ordinal) && !plain.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (char c in plain)
        {
            text.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c == quote => "\\" + c,
                < ' ' or (char)127 or (>= (char)128 and <= (char)160) or (char)173 => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                >= '\u2028' and <= '\u202F' or '\uFEFF' or '\u200B' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        text.Append(quote);
    }

    private static void Quote(byte[] bytes, StringBuilder text)
    {
        char quote = bytes.AsSpan().Contains((byte)'\'') && !bytes.AsSpan().Contains((byte)'"') ? '"' : '\'';
        text.Append('b').Append(quote);
        foreach (byte value in bytes)
        {
            char c = (char)value;
            text.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c == quote => "\\" + c,
                < ' ' or > '~' => string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
                _ => c.ToString(),
            });
        }

        text.Append(quote);
    }
}
