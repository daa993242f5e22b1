using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>What operators do with values of the language itself.</summary>
internal static class PythonOperators
{
    private const int MostBits = 1 << 16, MostCompared = 200_000, Deepest = 150;
    private const int LargestText = 4 << 20;

    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool truth => truth,
        BigInteger number => !number.IsZero,
        double real => real != 0,
        string text => text.Length > 0,
        byte[] bytes => bytes.Length > 0,
        PythonList list => list.Count > 0,
        PythonTuple tuple => tuple.Items.Count > 0,
        PythonDictionary map => map.Count > 0,
        PythonSet set => set.Keys.Count > 0,
        PythonRange range => !range.Count.IsZero,
        _ => true,
    };

    public static bool AreEqual(object? left, object? right)
    {
        int compared = 0;
        return AreEqual(left, right, 0, ref compared);
    }

    private static bool AreEqual(object? left, object? right, int depth, ref int compared)
    {
        if (ReferenceEquals(left, right))
        {
            return left is not double.NaN;
        }

        if (depth > Deepest || ++compared > MostCompared)
        {
            throw PythonErrors.New("RecursionError", "maximum recursion depth exceeded in comparison");
        }

        if (Number(left) is { } one && Number(right) is { } other)
        {
            return one is double || other is double ? Real(one) == Real(other) : (BigInteger)one == (BigInteger)other;
        }

        switch (left, right)
        {
            case (string a, string b):
                return string.Equals(a, b, StringComparison.Ordinal);
            case (byte[] a, byte[] b):
                return a.AsSpan().SequenceEqual(b);
            case (PythonList a, PythonList b):
                return AreEqual((IReadOnlyList<object?>)a, b, depth, ref compared);
            case (PythonTuple a, PythonTuple b):
                return AreEqual(a.Items, b.Items, depth, ref compared);
            case (PythonRange a, PythonRange b):
                return a == b;
            case (PythonSet a, PythonSet b):
                return a.Keys.Count == b.Keys.Count && a.Items.All(b.Keys.Has);
            case (PythonDictionary a, PythonDictionary b):
                if (a.Count != b.Count)
                {
                    return false;
                }

                foreach ((object? key, object? value) in a.Items)
                {
                    if (!b.TryGet(key, out object? found) || !AreEqual(value, found, depth + 1, ref compared))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return left is BoundMethod or NativeFunction && left.Equals(right);
        }
    }

    private static bool AreEqual(IReadOnlyList<object?> left, IReadOnlyList<object?> right, int depth, ref int compared)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (int n = 0; n < left.Count; n++)
        {
            if (!AreEqual(left[n], right[n], depth + 1, ref compared))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Less than zero, zero, or more; for "&lt;" and its like.</summary>
    public static int Compare(object? left, object? right, string sign = "<", int depth = 0)
    {
        if (Number(left) is { } one && Number(right) is { } other)
        {
            return one is double || other is double ? Real(one).CompareTo(Real(other)) : ((BigInteger)one).CompareTo((BigInteger)other);
        }

        if (depth < Deepest)
        {
            switch (left, right)
            {
                case (string a, string b):
                    return string.CompareOrdinal(a, b);
                case (byte[] a, byte[] b):
                    return a.AsSpan().SequenceCompareTo(b);
                case (PythonList a, PythonList b):
                    return Compare((IReadOnlyList<object?>)a, b, sign, depth);
                case (PythonTuple a, PythonTuple b):
                    return Compare(a.Items, b.Items, sign, depth);
            }
        }

        throw PythonErrors.Type($"'{sign}' not supported between instances of '{PythonText.TypeName(left)}' and '{PythonText.TypeName(right)}'");
    }

    private static int Compare(IReadOnlyList<object?> left, IReadOnlyList<object?> right, string sign, int depth)
    {
        for (int n = 0; n < Math.Min(left.Count, right.Count); n++)
        {
            if (!AreEqual(left[n], right[n]))
            {
                return Compare(left[n], right[n], sign, depth + 1);
            }
        }

        return left.Count.CompareTo(right.Count);
    }

    /// <summary>A number as BigInteger or double; null: it is none.</summary>
    public static object? Number(object? value) => value switch { bool truth => new BigInteger(truth ? 1 : 0), BigInteger or double => value, _ => null };

    private static double Real(object number) => number is double real ? real : (double)(BigInteger)number;

    public static object? Negate(string sign, object? value) => (sign, Number(value)) switch
    {
        ("-", BigInteger number) => -number,
        ("-", double real) => -real,
        ("+", { } number) => number,
        ("~", BigInteger number) => -number - 1,
        _ => throw PythonErrors.Type($"bad operand type for unary {sign}: '{PythonText.TypeName(value)}'"),
    };

    public static object? Apply(string sign, object? left, object? right)
    {
        object? result = Number(left) is { } one && Number(right) is { } other ? Calculate(sign, one, other) : Combine(sign, left, right);
        return result ?? throw PythonErrors.Type(sign switch
        {
            "+" when left is string => $"can only concatenate str (not \"{PythonText.TypeName(right)}\") to str",
            "+" when left is PythonList => $"can only concatenate list (not \"{PythonText.TypeName(right)}\") to list",
            "+" when left is PythonTuple => $"can only concatenate tuple (not \"{PythonText.TypeName(right)}\") to tuple",
            "+" when left is byte[] => $"can't concat {PythonText.TypeName(right)} to bytes",
            "*" when left is string or PythonList or PythonTuple or byte[] => $"can't multiply sequence by non-int of type '{PythonText.TypeName(right)}'",
            _ => $"unsupported operand type(s) for {(sign is "**" ? "** or pow()" : sign)}: '{PythonText.TypeName(left)}' and '{PythonText.TypeName(right)}'",
        });
    }

    private static object? Calculate(string sign, object one, object other)
    {
        if (one is BigInteger a && other is BigInteger b)
        {
            return Whole(sign, a, b);
        }

        double x = Real(one), y = Real(other);
        switch (sign)
        {
            case "+":
                return x + y;
            case "-":
                return x - y;
            case "*":
                return x * y;
            case "/":
                return y == 0 ? throw PythonErrors.New("ZeroDivisionError", "float division by zero") : x / y;
            case "//":
                return y == 0 ? throw PythonErrors.New("ZeroDivisionError", "float floor division by zero") : Math.Floor(x / y);
            case "%":
                return y == 0 ? throw PythonErrors.New("ZeroDivisionError", "float modulo") : x - (Math.Floor(x / y) * y);
            case "**":
                return Math.Pow(x, y);
            default:
                return null;
        }
    }

    private static object? Whole(string sign, BigInteger a, BigInteger b)
    {
        switch (sign)
        {
            case "+":
                return a + b;
            case "-":
                return a - b;
            case "*":
                return a.GetBitLength() + b.GetBitLength() > MostBits ? throw PythonErrors.Memory() : a * b;
            case "/":
                return b.IsZero ? throw PythonErrors.New("ZeroDivisionError", "division by zero") : (double)a / (double)b;
            case "//":
                return b.IsZero ? throw PythonErrors.New("ZeroDivisionError", "integer division or modulo by zero") : Floor(a, b);
            case "%":
                return b.IsZero ? throw PythonErrors.New("ZeroDivisionError", "integer modulo by zero") : a - (Floor(a, b) * b);
            case "**":
                return b.Sign < 0 ? Math.Pow((double)a, (double)b) : b * a.GetBitLength() > MostBits ? throw PythonErrors.Memory() : BigInteger.Pow(a, (int)b);
            case "<<":
                return b.Sign < 0 ? throw PythonErrors.Value("negative shift count") : b > MostBits ? throw PythonErrors.Memory() : a << (int)b;
            case ">>":
                return b.Sign < 0 ? throw PythonErrors.Value("negative shift count") : a >> (int)BigInteger.Min(b, MostBits);
            case "&":
                return a & b;
            case "|":
                return a | b;
            case "^":
                return a ^ b;
            default:
                return null;
        }
    }

    private static BigInteger Floor(BigInteger a, BigInteger b)
    {
        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger rest);
        return !rest.IsZero && rest.Sign != b.Sign ? quotient - 1 : quotient;
    }

    private static object? Combine(string sign, object? left, object? right)
    {
        switch (sign, left, right)
        {
            case ("+", string a, string b):
                return a.Length + b.Length > LargestText ? throw PythonErrors.Memory() : a + b;
            case ("+", byte[] a, byte[] b):
                return a.Length + b.Length > LargestText ? throw PythonErrors.Memory() : (byte[])[.. a, .. b];
            case ("+", PythonList a, PythonList b):
                return new PythonList(a.Concat(b));
            case ("+", PythonTuple a, PythonTuple b):
                return new PythonTuple(a.Items.Concat(b.Items));
            case ("%", string format, _):
                return PythonFormat.Percent(format, right);
            case ("%", byte[] format, _):
                return Encoding.Latin1.GetBytes(PythonFormat.Percent(Encoding.Latin1.GetString(format), right is PythonTuple tuple ? new PythonTuple(tuple.Items.Select(PlainBytes)) : PlainBytes(right)));
            case ("*", _, _) when Number(right) is BigInteger times && left is string or byte[] or PythonList or PythonTuple:
                return Repeat(left, times);
            case ("*", _, _) when Number(left) is BigInteger times && right is string or byte[] or PythonList or PythonTuple:
                return Repeat(right, times);
            case ("|", PythonDictionary a, PythonDictionary b):
                PythonDictionary merged = new();
                foreach ((object? key, object? value) in a.Items.Concat(b.Items))
                {
                    merged[key] = value;
                }

                return merged;
            case ("|", PythonSet a, PythonSet b):
                return new PythonSet(a.Items.Concat(b.Items));
            case ("&", PythonSet a, PythonSet b):
                return new PythonSet(a.Items.Where(b.Keys.Has));
            case ("-", PythonSet a, PythonSet b):
                return new PythonSet(a.Items.Where(item => !b.Keys.Has(item)));
            case ("^", PythonSet a, PythonSet b):
                return new PythonSet(a.Items.Where(item => !b.Keys.Has(item)).Concat(b.Items.Where(item => !a.Keys.Has(item))));
            default:
                return null;
        }
    }

    private static object? PlainBytes(object? value) => value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : value;

    private static object Repeat(object value, BigInteger times)
    {
        int length = value switch { string text => text.Length, byte[] bytes => bytes.Length, PythonList list => list.Count * 8, _ => ((PythonTuple)value).Items.Count * 8 };
        if (times * length > LargestText)
        {
            throw PythonErrors.Memory();
        }

        int count = (int)BigInteger.Max(0, length == 0 ? 0 : times);
        return value switch
        {
            string text => new StringBuilder().Insert(0, text, count).ToString(),
            byte[] bytes => Enumerable.Repeat(bytes, count).SelectMany(part => part).ToArray(),
            PythonList list => new PythonList(Enumerable.Repeat(list, count).SelectMany(part => part)),
            _ => new PythonTuple(Enumerable.Repeat(((PythonTuple)value).Items, count).SelectMany(part => part)),
        };
    }
}
