using System.Globalization;
using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Functions and types that need no import.</summary>
internal static class PythonBuiltins
{
    private static readonly Dictionary<string, NativeBody> s_bodies = new(StringComparer.Ordinal)
    {
        ["print"] = PrintAsync,
        ["input"] = InputAsync,
        ["len"] = LengthAsync,
        ["str"] = async (m, a) => a.Count == 0 ? "" : a.Values[0] is byte[] bytes && a.Has(1, "encoding") ? PythonEncoding.Decode(bytes, a.Text(1, "encoding"), a.Has(2, "errors") ? a.Text(2, "errors") : "strict") : await m.Calls.TextAsync(a.Values[0]),
        ["repr"] = async (m, a) => await m.Calls.RepresentAsync(a.Need(0)),
        ["ascii"] = async (m, a) => string.Concat((await m.Calls.RepresentAsync(a.Need(0))).Select(c => c < 128 ? c.ToString() : $"\\u{(int)c:x4}")),
        ["int"] = (m, a) => new(Whole(a)),
        ["float"] = (m, a) => new(a.Count == 0 ? 0.0 : a.Values[0] is string text ? Real(text) : a.Real(0)),
        ["bool"] = async (m, a) => a.Count > 0 && await m.Calls.IsTrueAsync(a.Values[0]),
        ["list"] = async (m, a) => a.Count == 0 ? new PythonList() : await m.Calls.CollectAsync(a.Values[0]),
        ["tuple"] = async (m, a) => new PythonTuple(a.Count == 0 ? [] : await m.Calls.CollectAsync(a.Values[0])),
        ["set"] = async (m, a) => new PythonSet(a.Count == 0 ? [] : await m.Calls.CollectAsync(a.Values[0])),
        ["frozenset"] = async (m, a) => new PythonSet(a.Count == 0 ? [] : await m.Calls.CollectAsync(a.Values[0])),
        ["dict"] = async (m, a) =>
        {
            PythonDictionary map = new();
            await FillAsync(m, map, a, 0);
            return map;
        },
        ["bytes"] = BytesAsync,
        ["bytearray"] = BytesAsync,
        ["memoryview"] = (m, a) => new(a.Bytes(0)),
        ["range"] = (m, a) => new(Range(a)),
        ["abs"] = (m, a) => new(PythonOperators.Number(a.Need(0)) switch { BigInteger number => BigInteger.Abs(number), double real => Math.Abs(real), _ => throw PythonErrors.Type($"bad operand type for abs(): '{PythonText.TypeName(a.Values[0])}'") }),
        ["round"] = (m, a) => new(Round(a)),
        ["pow"] = (m, a) => new(a.Get(2) is BigInteger modulus ? BigInteger.ModPow((BigInteger)PythonOperators.Number(a.Need(0))!, (BigInteger)PythonOperators.Number(a.Need(1))!, modulus) : PythonOperators.Apply("**", a.Need(0), a.Need(1))),
        ["divmod"] = (m, a) => new(new PythonTuple([PythonOperators.Apply("//", a.Need(0), a.Need(1)), PythonOperators.Apply("%", a.Need(0), a.Need(1))])),
        ["sum"] = async (m, a) =>
        {
            object? total = a.Get(1, "start", BigInteger.Zero);
            PythonIterator items = await m.Calls.IterateAsync(a.Need(0));
            while (await items.NextAsync() is (true, var item))
            {
                await m.StepAsync();
                total = PythonOperators.Apply("+", total, item);
            }

            return total;
        },
        ["min"] = async (m, a) => await ExtremeAsync(m, a, -1),
        ["max"] = async (m, a) => await ExtremeAsync(m, a, 1),
        ["sorted"] = async (m, a) => await SortAsync(m, await m.Calls.CollectAsync(a.Need(0)), a),
        ["reversed"] = async (m, a) => PythonIterator.Of("list_reverseiterator", Enumerable.Reverse(await m.Calls.CollectAsync(a.Need(0)))),
        ["enumerate"] = async (m, a) => Enumerated(await m.Calls.IterateAsync(a.Need(0)), a.Whole(1, "start", 0)),
        ["zip"] = async (m, a) => await ZipAsync(m, a),
        ["map"] = async (m, a) => await MapAsync(m, a),
        ["filter"] = async (m, a) => Filtered(m, a.Need(0), await m.Calls.IterateAsync(a.Need(1))),
        ["iter"] = async (m, a) => await m.Calls.IterateAsync(a.Need(0)),
        ["next"] = async (m, a) => await (await m.Calls.IterateAsync(a.Need(0))).NextAsync() is (true, var value) ? value : a.Has(1) ? a.Get(1) : throw PythonErrors.New("StopIteration"),
        ["any"] = async (m, a) => (await m.Calls.CollectAsync(a.Need(0))).Exists(PythonOperators.IsTrue),
        ["all"] = async (m, a) => (await m.Calls.CollectAsync(a.Need(0))).TrueForAll(PythonOperators.IsTrue),
        ["ord"] = (m, a) => new(a.Need(0) is string text ? text.Length > 0 && text.EnumerateRunes().Count() == 1 ? (BigInteger)char.ConvertToUtf32(text, 0) : throw PythonErrors.Type(FormattableString.Invariant($"ord() expected a character, but string of length {text.Length} found")) : a.Bytes(0) is [var one] ? (BigInteger)one : throw PythonErrors.Type("ord() expected a character")),
        ["chr"] = (m, a) => new(a.Whole(0) is >= 0 and <= 0x10FFFF and var code ? code is >= 0xD800 and < 0xE000 ? ((char)code).ToString() : char.ConvertFromUtf32((int)code) : throw PythonErrors.Value("chr() arg not in range(0x110000)")),
        ["hex"] = (m, a) => new(Based(a, 16, "0x")),
        ["oct"] = (m, a) => new(Based(a, 8, "0o")),
        ["bin"] = (m, a) => new(Based(a, 2, "0b")),
        ["hash"] = (m, a) => new((BigInteger)(a.Need(0) is { } value ? PythonKeys.Instance.GetHashCode(value) : 0)),
        ["id"] = (m, a) => new((BigInteger)(0x7f0000000000L + System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(a.Need(0)))),
        ["type"] = (m, a) => new(a.Need(0) switch { PythonObject thing => thing.Type, PythonClass => m.Builtins["type"], var value => m.Builtins.GetValueOrDefault(PythonText.TypeName(value)) ?? new PythonClass(PythonText.TypeName(value), []) }),
        ["object"] = (m, a) => new(new PythonObject(new PythonClass("object", []))),
        ["isinstance"] = (m, a) => new(IsInstance(a.Need(0), a.Need(1))),
        ["issubclass"] = (m, a) => new(a.Need(0) is PythonClass one && a.Need(1) is PythonClass other && one.Is(other)),
        ["callable"] = (m, a) => new(a.Need(0) is PythonFunction or NativeFunction or BoundMethod or PythonClass),
        ["getattr"] = (m, a) => new(PythonMembers.TryGet(a.Need(0), a.Text(1), out object? value) ? value : a.Has(2) ? a.Get(2) : PythonMembers.Get(m, a.Need(0), a.Text(1))),
        ["hasattr"] = (m, a) => new(PythonMembers.TryGet(a.Need(0), a.Text(1), out _)),
        ["setattr"] = (m, a) =>
        {
            PythonMembers.Set(m, a.Need(0), a.Text(1), a.Need(2));
            return new((object?)null);
        },
        ["delattr"] = (m, a) =>
        {
            PythonMembers.Remove(a.Need(0), a.Text(1));
            return new((object?)null);
        },
        ["format"] = async (m, a) => PythonFormat.Format(a.Need(0), await m.Calls.TextAsync(a.Need(0)), a.Has(1) ? a.Text(1) : ""),
        ["open"] = (m, a) => new(PythonFile.Open(m, a)),
        ["compile"] = (m, a) => new(new PythonObject(new PythonClass("code", [])) { Native = a.Text(0) }),
        ["__import__"] = async (m, a) => await PythonModules.LoadAsync(m, a.Text(0), whole: false),
        ["exit"] = (m, a) => throw PythonErrors.New("SystemExit", [.. a.Values]),
        ["quit"] = (m, a) => throw PythonErrors.New("SystemExit", [.. a.Values]),
        ["slice"] = (m, a) => new(a.Count == 1 ? new PythonSlice(null, a.Values[0], null) : new PythonSlice(a.Need(0), a.Need(1), a.Get(2))),
        ["staticmethod"] = (m, a) => new(new NativeFunction("staticmethod", (machine, b) => machine.Calls.CallAsync(a.Need(0), b.Values, b.Named))),
        ["classmethod"] = (m, a) => new(a.Need(0)),
        ["property"] = (m, a) => new(a.Need(0)),
        ["help"] = async (m, a) =>
        {
            await m.WriteAsync("Welcome to Python 3.12's help utility! If this is your first time using\nPython, you should definitely check out the tutorial at\nhttps://docs.python.org/3.12/tutorial/.\n");
            return null;
        },
        ["exec"] = NotHere,
        ["eval"] = NotHere,
        ["super"] = NotHere,
        ["locals"] = NotHere,
        ["globals"] = NotHere,
        ["vars"] = NotHere,
        ["dir"] = NotHere,
    };

    public static Dictionary<string, object?> Make()
    {
        Dictionary<string, object?> all = new(StringComparer.Ordinal) { ["Ellipsis"] = new PythonObject(new PythonClass("ellipsis", [])), ["NotImplemented"] = new PythonObject(new PythonClass("NotImplementedType", [])), ["__debug__"] = true };
        foreach ((string name, NativeBody body) in s_bodies)
        {
            all[name] = new NativeFunction(name, body);
        }

        foreach (PythonClass error in PythonErrors.All)
        {
            all[error.Name] = error;
        }

        all["IOError"] = all["EnvironmentError"] = all["OSError"];
        return all;
    }

    // They are called where names are: see PythonReflection.
    private static ValueTask<object?> NotHere(PythonMachine machine, CallArguments a) => PythonReflection.CallAsync(machine, a.Name, a.Values, new PythonFrame(machine.Module, "<module>", machine.File, machine.Source));

    private static async ValueTask<object?> PrintAsync(PythonMachine machine, CallArguments a)
    {
        if (a.Named.Keys.FirstOrDefault(name => name is not ("sep" or "end" or "file" or "flush")) is { } unknown)
        {
            throw PythonErrors.Type($"print() got an unexpected keyword argument '{unknown}'");
        }

        List<string> texts = [];
        foreach (object? value in a.Values)
        {
            texts.Add(await machine.Calls.TextAsync(value));
        }

        string text = string.Join(a.Get(100, "sep") as string ?? " ", texts) + (a.Get(100, "end") as string ?? "\n");
        switch (a.Get(100, "file"))
        {
            case PythonObject { Native: PythonFile file }:
                await file.WriteAsync(machine, text);
                break;
            case null when machine.Output is { } redirected:
                await machine.Calls.CallAsync(PythonMembers.Get(machine, redirected, "write"), text);
                break;
            case null:
                await machine.WriteAsync(text);
                break;
            case var other:
                await machine.Calls.CallAsync(PythonMembers.Get(machine, other, "write"), text);
                break;
        }

        await (PythonOperators.IsTrue(a.Get(100, "flush")) ? machine.FlushAsync() : ValueTask.CompletedTask);
        return null;
    }

    private static async ValueTask<object?> InputAsync(PythonMachine machine, CallArguments a)
    {
        await machine.WriteAsync(a.Count > 0 ? await machine.Calls.TextAsync(a.Values[0]) : "");
        await machine.FlushAsync();
        return await machine.Streams.Input.ReadLineAsync(machine.Cancellation) is { } line ? PythonEncoding.FromShell(line.TrimEnd('\r')) : throw PythonErrors.New("EOFError", "EOF when reading a line");
    }

    private static async ValueTask<object?> LengthAsync(PythonMachine machine, CallArguments a)
    {
        object? value = a.Need(0);
        (bool has, object? own) = await machine.Calls.TryMethodAsync(value, "__len__");
        return has ? own : value switch
        {
            string text => text.Any(char.IsHighSurrogate) ? (BigInteger)text.EnumerateRunes().Count() : text.Length,
            byte[] bytes => (BigInteger)bytes.Length,
            PythonList list => list.Count,
            PythonTuple tuple => tuple.Items.Count,
            PythonDictionary map => map.Count,
            PythonSet set => set.Keys.Count,
            PythonRange range => range.Count,
            _ => throw PythonErrors.Type($"object of type '{PythonText.TypeName(value)}' has no len()"),
        };
    }

    private static BigInteger Whole(CallArguments a)
    {
        switch (a.Count == 0 ? BigInteger.Zero : a.Values[0])
        {
            case bool truth:
                return new BigInteger(truth ? 1 : 0);
            case BigInteger number:
                return number;
            case double real:
                return double.IsNaN(real) ? throw PythonErrors.Value("cannot convert float NaN to integer") : double.IsInfinity(real) ? throw PythonErrors.New("OverflowError", "cannot convert float infinity to integer") : new BigInteger(real);
            case string or byte[]:
                string text = a.Text(0), digits = text.Trim().Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
                int radix = (int)Math.Clamp(a.Whole(1, "base", 10), 0, 36);
                bool isNegative = digits.StartsWith('-');
                digits = digits.TrimStart('-', '+');
                (radix, digits) = digits is ['0', 'x', ..] && radix is 0 or 16 ? (16, digits[2..]) : digits is ['0', 'o', ..] && radix is 0 or 8 ? (8, digits[2..]) : digits is ['0', 'b', ..] && radix is 0 or 2 ? (2, digits[2..]) : (radix == 0 ? 10 : radix, digits);
                return PythonLexer.Whole(digits, radix) is { } whole ? isNegative ? -whole : whole : throw PythonErrors.Value(FormattableString.Invariant($"invalid literal for int() with base {a.Whole(1, "base", 10)}: {PythonText.Represent(a.Values[0])}"));
            case var other:
                throw PythonErrors.Type($"int() argument must be a string, a bytes-like object or a real number, not '{PythonText.TypeName(other)}'");
        }
    }

    private static double Real(string text) => text.Trim().ToLowerInvariant() switch
    {
        "inf" or "infinity" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        var digits => double.TryParse(digits.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real : throw PythonErrors.Value($"could not convert string to float: {PythonText.Represent(text)}"),
    };

    private static async ValueTask<object?> BytesAsync(PythonMachine machine, CallArguments a)
    {
        switch (a.Count == 0 ? Array.Empty<byte>() : a.Values[0])
        {
            case byte[] bytes:
                return bytes.ToArray();
            case string text:
                return a.Has(1, "encoding") ? PythonEncoding.Encode(text, a.Text(1, "encoding"), "strict") : throw PythonErrors.Type("string argument without an encoding");
            case BigInteger count:
                machine.Reserve((long)BigInteger.Min(count, long.MaxValue));
                return count.Sign < 0 ? throw PythonErrors.Value("negative count") : new byte[(int)count];
            case var other:
                return (await machine.Calls.CollectAsync(other)).Select(item => PythonOperators.Number(item) is BigInteger value && value >= 0 && value < 256 ? (byte)value : throw PythonErrors.Value("bytes must be in range(0, 256)")).ToArray();
        }
    }

    private static PythonRange Range(CallArguments a)
    {
        BigInteger[] numbers = [.. a.Values.Select(value => PythonOperators.Number(value) as BigInteger? ?? throw PythonErrors.Type($"'{PythonText.TypeName(value)}' object cannot be interpreted as an integer"))];
        return numbers switch
        {
            [var to] => new PythonRange(0, to, 1),
            [var from, var to] => new PythonRange(from, to, 1),
            [var from, var to, var step] => step.IsZero ? throw PythonErrors.Value("range() arg 3 must not be zero") : new PythonRange(from, to, step),
            _ => throw PythonErrors.Type(FormattableString.Invariant($"range expected at {(numbers.Length == 0 ? "least 1 argument" : "most 3 arguments")}, got {numbers.Length}")),
        };
    }

    private static object? Round(CallArguments a)
    {
        int places = (int)Math.Clamp(a.Whole(1, "ndigits", 0), 0, 15);
        return a.Need(0) is BigInteger number ? number : a.Get(1, "ndigits") is null ? new BigInteger(Math.Round(a.Real(0), MidpointRounding.ToEven)) : Math.Round(a.Real(0), places, MidpointRounding.ToEven);
    }

    private static string Based(CallArguments a, int radix, string prefix)
    {
        BigInteger number = PythonOperators.Number(a.Need(0)) as BigInteger? ?? throw PythonErrors.Type($"'{PythonText.TypeName(a.Values[0])}' object cannot be interpreted as an integer");
        return (number.Sign < 0 ? "-" : "") + prefix + PythonFormat.Radix(BigInteger.Abs(number), radix);
    }

    private static bool IsInstance(object? value, object? type) => type switch
    {
        PythonTuple several => several.Items.Any(one => IsInstance(value, one)),
        PythonClass wanted => value is PythonObject thing && thing.Type.Is(wanted),
        NativeFunction { Name: "object" } => true,
        NativeFunction { Name: "int" } => value is bool or BigInteger,
        NativeFunction native => string.Equals(PythonText.TypeName(value), native.Name, StringComparison.Ordinal),
        _ => throw PythonErrors.Type("isinstance() arg 2 must be a type, a tuple of types, or a union"),
    };

    /// <summary>What dict() and update() take: a dictionary, pairs, and names.</summary>
    public static async ValueTask FillAsync(PythonMachine machine, PythonDictionary map, CallArguments a, int at)
    {
        machine.Reserve(64);
        if (a.Has(at))
        {
            if (a.Values[at] is PythonDictionary other)
            {
                foreach ((object? key, object? value) in other.Items.ToArray())
                {
                    map[key] = value;
                }
            }
            else
            {
                foreach (object? pair in await machine.Calls.CollectAsync(a.Values[at]))
                {
                    PythonList parts = await machine.Calls.CollectAsync(pair);
                    map[parts.Count == 2 ? parts[0] : throw PythonErrors.Value(FormattableString.Invariant($"dictionary update sequence element #0 has length {parts.Count}; 2 is required"))] = parts[1];
                }
            }
        }

        foreach ((string name, object? value) in a.Named)
        {
            map[name] = value;
        }
    }

    public static async ValueTask<PythonList> SortAsync(PythonMachine machine, PythonList items, CallArguments a)
    {
        object? key = a.Get(100, "key");
        List<(object? Key, object? Value)> keyed = [];
        foreach (object? item in items)
        {
            keyed.Add((key is null ? item : await machine.Calls.CallAsync(key, item), item));
        }

        machine.Reserve(items.Count * 32L);
        Comparer<object?> order = Comparer<object?>.Create((left, right) => PythonOperators.Compare(left, right));
        bool isReverse = PythonOperators.IsTrue(a.Get(100, "reverse"));
        try
        {
            return new PythonList((isReverse ? keyed.OrderByDescending(pair => pair.Key, order) : keyed.OrderBy(pair => pair.Key, order)).Select(pair => pair.Value));
        }
        catch (InvalidOperationException e) when (e.InnerException is PythonException inner)
        {
            throw new PythonException(inner.Value);
        }
    }

    private static async ValueTask<object?> ExtremeAsync(PythonMachine machine, CallArguments a, int sign)
    {
        PythonList items = a.Count == 1 ? await machine.Calls.CollectAsync(a.Values[0]) : new PythonList(a.Values);
        if (items.Count == 0)
        {
            return a.Named.TryGetValue("default", out object? otherwise) ? otherwise : throw PythonErrors.Value($"{a.Name}() iterable argument is empty");
        }

        object? key = a.Get(100, "key"), best = items[0], bestKey = key is null ? best : await machine.Calls.CallAsync(key, best);
        foreach (object? item in items.Skip(1))
        {
            object? itemKey = key is null ? item : await machine.Calls.CallAsync(key, item);
            (best, bestKey) = PythonOperators.Compare(itemKey, bestKey, sign < 0 ? "<" : ">") * sign > 0 ? (item, itemKey) : (best, bestKey);
        }

        return best;
    }

    private static PythonIterator Enumerated(PythonIterator items, BigInteger number) =>
        new("enumerate", async () => await items.NextAsync() is (true, var item) ? (true, new PythonTuple([number++, item])) : (false, null));

    private static async ValueTask<PythonIterator> ZipAsync(PythonMachine machine, CallArguments a)
    {
        List<PythonIterator> all = [];
        foreach (object? value in a.Values)
        {
            all.Add(await machine.Calls.IterateAsync(value));
        }

        return new PythonIterator("zip", async () =>
        {
            List<object?> row = [];
            foreach (PythonIterator one in all)
            {
                if (await one.NextAsync() is not (true, var item))
                {
                    return (false, null);
                }

                row.Add(item);
            }

            return (row.Count > 0, new PythonTuple(row));
        });
    }

    private static async ValueTask<PythonIterator> MapAsync(PythonMachine machine, CallArguments a)
    {
        PythonIterator rows = await ZipAsync(machine, new CallArguments("map", [.. a.Values.Skip(1)], CallArguments.None));
        return new PythonIterator("map", async () => await rows.NextAsync() is (true, PythonTuple row) ? (true, await machine.Calls.CallAsync(a.Need(0), row.Items, CallArguments.None)) : (false, null));
    }

    private static PythonIterator Filtered(PythonMachine machine, object? test, PythonIterator items) => new("filter", async () =>
    {
        while (await items.NextAsync() is (true, var item))
        {
            await machine.StepAsync();
            if (await machine.Calls.IsTrueAsync(test is null ? item : await machine.Calls.CallAsync(test, item)))
            {
                return (true, item);
            }
        }

        return (false, null);
    });
}
