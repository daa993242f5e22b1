using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Methods of lists, tuples, dictionaries, sets, numbers and iterators.</summary>
internal static class PythonContainerMethods
{
    public static IReadOnlyDictionary<string, NativeBody> Lists { get; } = new Dictionary<string, NativeBody>(StringComparer.Ordinal)
    {
        ["append"] = (machine, a) => Change(machine, a, list => list.Add(a.Need(1))),
        ["extend"] = async (machine, a) => List(a).AddAll(await machine.Calls.CollectAsync(a.Need(1))),
        ["insert"] = (machine, a) => Change(machine, a, list => list.Insert((int)Math.Clamp(a.Whole(1) < 0 ? list.Count + a.Whole(1) : a.Whole(1), 0, list.Count), a.Need(2))),
        ["pop"] = (machine, a) => new(Pop(List(a), a)),
        ["remove"] = (machine, a) => Change(machine, a, list => list.RemoveAt(Index(list, a.Need(1), "list.remove(x): x not in list"))),
        ["clear"] = (machine, a) => Change(machine, a, list => list.Clear()),
        ["reverse"] = (machine, a) => Change(machine, a, list => list.Reverse()),
        ["copy"] = (machine, a) => new(new PythonList(List(a))),
        ["index"] = (machine, a) => new((BigInteger)Index(List(a), a.Need(1), $"{PythonText.Represent(a.Need(1))} is not in list")),
        ["count"] = (machine, a) => new((BigInteger)List(a).Count(item => PythonOperators.AreEqual(item, a.Need(1)))),
        ["sort"] = async (machine, a) =>
        {
            PythonList list = List(a), sorted = await PythonBuiltins.SortAsync(machine, list, a);
            list.Clear();
            list.AddRange(sorted);
            return null;
        },
        ["__len__"] = (machine, a) => new((BigInteger)List(a).Count),
    };

    public static IReadOnlyDictionary<string, NativeBody> Tuples { get; } = new Dictionary<string, NativeBody>(StringComparer.Ordinal)
    {
        ["index"] = async (machine, a) => (BigInteger)Index(await machine.Calls.CollectAsync(a.Values[0]), a.Need(1), "tuple.index(x): x not in tuple"),
        ["count"] = async (machine, a) => (BigInteger)(await machine.Calls.CollectAsync(a.Values[0])).Count(item => PythonOperators.AreEqual(item, a.Need(1))),
    };

    public static IReadOnlyDictionary<string, NativeBody> Dictionaries { get; } = new Dictionary<string, NativeBody>(StringComparer.Ordinal)
    {
        ["keys"] = (machine, a) => new(View("dict_keys", Map(a).Items.Select(item => item.Key))),
        ["values"] = (machine, a) => new(View("dict_values", Map(a).Items.Select(item => item.Value))),
        ["items"] = (machine, a) => new(View("dict_items", Map(a).Items.Select(item => (object?)new PythonTuple([item.Key, item.Value])))),
        ["get"] = (machine, a) => new(Map(a).TryGet(a.Need(1), out object? value) ? value : a.Get(2)),
        ["pop"] = (machine, a) => new(Take(Map(a), a)),
        ["popitem"] = (machine, a) => new(TakeLast(Map(a))),
        ["setdefault"] = (machine, a) =>
        {
            if (!Map(a).TryGet(a.Need(1), out object? value))
            {
                machine.Reserve(64);
                Map(a)[a.Need(1)] = value = a.Get(2);
            }

            return new(value);
        },
        ["update"] = async (machine, a) =>
        {
            await PythonBuiltins.FillAsync(machine, Map(a), a, 1);
            return null;
        },
        ["clear"] = (machine, a) =>
        {
            Map(a).Clear();
            return new((object?)null);
        },
        ["copy"] = (machine, a) =>
        {
            PythonDictionary copy = new();
            machine.Reserve(Map(a).Count * 64L);
            foreach ((object? key, object? value) in Map(a).Items)
            {
                copy[key] = value;
            }

            return new(copy);
        },
        ["fromkeys"] = async (machine, a) =>
        {
            PythonDictionary map = new();
            foreach (object? key in await machine.Calls.CollectAsync(a.Need(a.Values[0] is PythonDictionary ? 1 : 0)))
            {
                map[key] = a.Get(a.Values[0] is PythonDictionary ? 2 : 1);
            }

            return map;
        },
        ["most_common"] = (machine, a) => new(new PythonList(Map(a).Items.OrderByDescending(item => item.Value is BigInteger count ? count : 0).Take((int)Math.Min(a.Whole(1, "n", int.MaxValue), int.MaxValue)).Select(item => (object?)new PythonTuple([item.Key, item.Value])))),
        ["__len__"] = (machine, a) => new((BigInteger)Map(a).Count),
    };

    public static IReadOnlyDictionary<string, NativeBody> Sets { get; } = new Dictionary<string, NativeBody>(StringComparer.Ordinal)
    {
        ["add"] = (machine, a) =>
        {
            machine.Reserve(64);
            Set(a).Keys[a.Need(1)] = null;
            return new((object?)null);
        },
        ["discard"] = (machine, a) => new(Set(a).Keys.Remove(a.Need(1)) ? null : (object?)null),
        ["remove"] = (machine, a) => new(Set(a).Keys.Remove(a.Need(1)) ? (object?)null : throw PythonErrors.New("KeyError", a.Need(1))),
        ["update"] = async (machine, a) =>
        {
            foreach (object? item in await machine.Calls.CollectAsync(a.Need(1)))
            {
                Set(a).Keys[item] = null;
            }

            return null;
        },
        ["union"] = async (machine, a) => new PythonSet(Set(a).Items.Concat(await machine.Calls.CollectAsync(a.Need(1)))),
        ["intersection"] = async (machine, a) => new PythonSet((await machine.Calls.CollectAsync(a.Need(1))).Where(Set(a).Keys.Has)),
        ["difference"] = async (machine, a) => await machine.Calls.CollectAsync(a.Need(1)) is var other ? new PythonSet(Set(a).Items.Except(other, PythonKeys.Instance!)) : null,
        ["copy"] = (machine, a) => new(new PythonSet(Set(a).Items)),
        ["clear"] = (machine, a) =>
        {
            Set(a).Keys.Clear();
            return new((object?)null);
        },
    };

    public static IReadOnlyDictionary<string, NativeBody> Numbers { get; } = new Dictionary<string, NativeBody>(StringComparer.Ordinal)
    {
        ["bit_length"] = (machine, a) => new((BigInteger)((BigInteger)PythonOperators.Number(a.Values[0])!).GetBitLength()),
        ["to_bytes"] = (machine, a) => new(ToBytes(a)),
        ["from_bytes"] = (machine, a) => new(new BigInteger(a.Bytes(0, "bytes"), isUnsigned: !PythonOperators.IsTrue(a.Get(9, "signed")), isBigEndian: a.Get(1, "byteorder", "big") is not "little")),
        ["is_integer"] = (machine, a) => new(a.Values[0] is not double real || real == Math.Floor(real)),
        ["hex"] = (machine, a) => new(Convert.ToString((long)a.Real(0), 16)),
    };

    public static IReadOnlyDictionary<string, NativeBody> Iterators { get; } = new Dictionary<string, NativeBody>(StringComparer.Ordinal)
    {
        ["__next__"] = async (machine, a) => await ((PythonIterator)a.Values[0]!).NextAsync() is (true, var value) ? value : throw PythonErrors.New("StopIteration"),
        ["send"] = async (machine, a) => await ((PythonIterator)a.Values[0]!).NextAsync() is (true, var value) ? value : throw PythonErrors.New("StopIteration"),
        ["close"] = (machine, a) => new((object?)null),
    };

    private static PythonList List(CallArguments a) => (PythonList)a.Values[0]!;

    private static PythonDictionary Map(CallArguments a) => (PythonDictionary)a.Values[0]!;

    private static PythonSet Set(CallArguments a) => (PythonSet)a.Values[0]!;

    // Views are shown, counted and gone through like lists.
    private static PythonList View(string kind, IEnumerable<object?> items) => kind.Length > 0 ? new PythonList(items) : [];

    private static object? AddAll(this PythonList list, PythonList more)
    {
        list.AddRange(more);
        return null;
    }

    private static ValueTask<object?> Change(PythonMachine machine, CallArguments a, Action<PythonList> change)
    {
        machine.Reserve(16);
        change(List(a));
        return new((object?)null);
    }

    private static object? Pop(PythonList list, CallArguments a)
    {
        if (list.Count == 0)
        {
            throw PythonErrors.New("IndexError", "pop from empty list");
        }

        long at = a.Whole(1, null, -1) is < 0 and var back ? list.Count + back : a.Whole(1, null, -1);
        object? value = at >= 0 && at < list.Count ? list[(int)at] : throw PythonErrors.New("IndexError", "pop index out of range");
        list.RemoveAt((int)at);
        return value;
    }

    private static int Index(PythonList list, object? value, string error) => list.FindIndex(item => PythonOperators.AreEqual(item, value)) is >= 0 and var at ? at : throw PythonErrors.Value(error);

    private static object? Take(PythonDictionary map, CallArguments a)
    {
        object? value = map.TryGet(a.Need(1), out object? found) ? found : a.Has(2) ? a.Get(2) : throw PythonErrors.New("KeyError", a.Need(1));
        map.Remove(a.Need(1));
        return value;
    }

    private static PythonTuple TakeLast(PythonDictionary map)
    {
        KeyValuePair<object?, object?> last = map.Count > 0 ? map.Items.Last() : throw PythonErrors.New("KeyError", "popitem(): dictionary is empty");
        map.Remove(last.Key);
        return new PythonTuple([last.Key, last.Value]);
    }

    private static byte[] ToBytes(CallArguments a)
    {
        int length = (int)Math.Clamp(a.Whole(1, "length", 1), 0, 1 << 16);
        BigInteger number = (BigInteger)PythonOperators.Number(a.Values[0])!;
        byte[] bytes = number.Sign < 0 && !PythonOperators.IsTrue(a.Get(9, "signed")) ? throw PythonErrors.New("OverflowError", "can't convert negative int to unsigned") : number.ToByteArray(isUnsigned: number.Sign >= 0);
        if (bytes.Length > length)
        {
            throw PythonErrors.New("OverflowError", "int too big to convert");
        }

        byte[] padded = [.. bytes, .. Enumerable.Repeat((byte)(number.Sign < 0 ? 255 : 0), length - bytes.Length)];
        if (a.Get(2, "byteorder", "big") is not "little")
        {
            Array.Reverse(padded);
        }

        return padded;
    }
}
