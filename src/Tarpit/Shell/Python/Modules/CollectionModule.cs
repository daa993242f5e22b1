using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>collections, itertools, functools and threading.</summary>
internal static class CollectionModule
{
    private const int MostCombinations = 100_000;
    private static readonly string[] s_thread = ["join", "setDaemon", "is_alive"], s_lock = ["acquire", "release"];

    public static void Fill(PythonMachine machine, PythonModule collections)
    {
        collections.AddAsync("OrderedDict", async (m, a) => await FilledAsync(m, new PythonDictionary(), a, 0));
        collections.AddAsync("defaultdict", async (m, a) => await FilledAsync(m, new PythonDictionary { Factory = a.Get(0), Kind = "defaultdict" }, a, 1));
        collections.AddAsync("Counter", async (m, a) =>
        {
            PythonDictionary counts = new() { Kind = "Counter", Factory = m.Builtins["int"] };
            foreach (object? item in a.Count == 0 ? [] : await m.Calls.CollectAsync(a.Need(0)))
            {
                counts[item] = (counts.TryGet(item, out object? count) && count is BigInteger number ? number : 0) + 1;
            }

            return counts;
        });
        collections.AddAsync("deque", async (m, a) => a.Count == 0 ? new PythonList() : await m.Calls.CollectAsync(a.Need(0)));
        collections.AddAsync("namedtuple", async (m, a) =>
        {
            string[] fields = a.Need(1) is string text ? text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries) : [.. (await m.Calls.CollectAsync(a.Need(1))).OfType<string>()];
            return new NativeFunction(a.Text(0), (machine, b) => new(OsModule.Record(a.Text(0), [.. fields.Select((field, n) => (field, b.Need(n, field)))])));
        });
    }

    private static async ValueTask<object?> FilledAsync(PythonMachine machine, PythonDictionary map, CallArguments a, int at)
    {
        await PythonBuiltins.FillAsync(machine, map, a, at);
        return map;
    }

    public static void FillItertools(PythonMachine machine, PythonModule itertools)
    {
        itertools.Add("count", (m, a) => PythonIterator.Of("itertools.count", Counted(a.Whole(0, "start", 0), a.Whole(1, "step", 1))));
        itertools.AddAsync("chain", async (m, a) =>
        {
            PythonList all = [];
            foreach (object? part in a.Values)
            {
                all.AddRange(await m.Calls.CollectAsync(part));
            }

            return PythonIterator.Of("itertools.chain", all);
        });
        itertools.AddAsync("product", async (m, a) =>
        {
            List<PythonList> parts = [];
            foreach (object? part in Enumerable.Repeat(a.Values, (int)Math.Clamp(a.Whole(100, "repeat", 1), 1, 16)).SelectMany(values => values))
            {
                parts.Add(await m.Calls.CollectAsync(part));
            }

            return PythonIterator.Of("itertools.product", Product(parts));
        });
        itertools.AddAsync("permutations", async (m, a) => PythonIterator.Of("itertools.permutations", Chosen(await m.Calls.CollectAsync(a.Need(0)), (int)Math.Clamp(a.Whole(1, "r", 99), 0, 99), isOrdered: true)));
        itertools.AddAsync("combinations", async (m, a) => PythonIterator.Of("itertools.combinations", Chosen(await m.Calls.CollectAsync(a.Need(0)), (int)Math.Clamp(a.Whole(1, "r"), 0, 99), isOrdered: false)));
        itertools.AddAsync("cycle", async (m, a) => PythonIterator.Of("itertools.cycle", Cycled(await m.Calls.CollectAsync(a.Need(0)))));
        itertools.Add("repeat", (m, a) => PythonIterator.Of("itertools.repeat", Enumerable.Repeat(a.Need(0), (int)Math.Clamp(a.Whole(1, "times", int.MaxValue), 0, int.MaxValue))));
        itertools.AddAsync("islice", async (m, a) =>
        {
            PythonIterator items = await m.Calls.IterateAsync(a.Need(0));
            PythonList taken = [];
            long from = a.Count > 2 ? a.Whole(1) : 0, to = a.Whole(a.Count > 2 ? 2 : 1);
            for (long n = 0; n < to && await items.NextAsync() is (true, var item); n++)
            {
                m.Reserve(16);
                await m.StepAsync();
                if (n >= from)
                {
                    taken.Add(item);
                }
            }

            return PythonIterator.Of("itertools.islice", taken);
        });
    }

    private static IEnumerable<object?> Counted(BigInteger from, BigInteger step)
    {
        for (BigInteger n = from; ; n += step)
        {
            yield return n;
        }
    }

    private static IEnumerable<object?> Cycled(PythonList items)
    {
        while (items.Count > 0)
        {
            foreach (object? item in items)
            {
                yield return item;
            }
        }
    }

    private static IEnumerable<object?> Product(List<PythonList> parts)
    {
        int[] at = new int[parts.Count];
        while (parts.TrueForAll(part => part.Count > 0))
        {
            yield return new PythonTuple(parts.Select((part, n) => part[at[n]]));
            int last = parts.Count - 1;
            while (last >= 0 && ++at[last] == parts[last].Count)
            {
                at[last--] = 0;
            }

            if (last < 0)
            {
                yield break;
            }
        }
    }

    private static IEnumerable<object?> Chosen(PythonList items, int count, bool isOrdered)
    {
        count = count == 99 ? items.Count : count;
        int given = 0;
        return count > items.Count ? [] : Choose([], 0);

        IEnumerable<object?> Choose(List<int> taken, int from)
        {
            if (taken.Count == count)
            {
                yield return ++given < MostCombinations ? new PythonTuple(taken.Select(n => items[n])) : throw PythonErrors.Memory();
                yield break;
            }

            for (int n = isOrdered ? 0 : from; n < items.Count; n++)
            {
                if (taken.Contains(n))
                {
                    continue;
                }

                foreach (object? row in Choose([.. taken, n], n + 1))
                {
                    yield return row;
                }
            }
        }
    }

    public static void FillFunctools(PythonMachine machine, PythonModule functools)
    {
        functools.AddAsync("reduce", async (m, a) =>
        {
            PythonList items = await m.Calls.CollectAsync(a.Need(1));
            object? total = a.Has(2) ? a.Get(2) : items.Count > 0 ? items[0] : throw PythonErrors.Type("reduce() of empty iterable with no initial value");
            foreach (object? item in items.Skip(a.Has(2) ? 0 : 1))
            {
                total = await m.Calls.CallAsync(a.Need(0), total, item);
            }

            return total;
        });
        functools.Add("partial", (m, a) => new NativeFunction("partial", (machine, b) => machine.Calls.CallAsync(a.Need(0), [.. a.Values.Skip(1), .. b.Values], a.Named.Concat(b.Named).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal))));
        functools.Add("wraps", (m, a) => new NativeFunction("wraps", (machine, b) => new(b.Need(0))));
        functools.Add("lru_cache", (m, a) => a.Count == 1 && a.Values[0] is PythonFunction function ? function : new NativeFunction("lru_cache", (machine, b) => new(b.Need(0))));
    }

    /// <summary>A thread runs when it is started, to its end: what it prints comes before what the others do.</summary>
    public static void FillThreading(PythonMachine machine, PythonModule threading)
    {
        threading.Add("Thread", (m, a) =>
        {
            PythonObject thread = new(new PythonClass("Thread", [], "threading"));
            thread.Members["daemon"] = false;
            foreach (string name in s_thread)
            {
                thread.Members[name] = new NativeFunction(name, (machine, b) => new((object?)(name is "is_alive" ? false : null)));
            }

            thread.Members["start"] = new NativeFunction("start", async (machine, b) =>
            {
                PythonList values = a.Get(3, "args") is { } given ? await machine.Calls.CollectAsync(given) : [];
                try
                {
                    await machine.Calls.CallAsync(a.Get(1, "target"), [.. values]);
                }
                catch (PythonException e) when (!e.Value.Type.Is(PythonErrors.Get("SystemExit")))
                {
                    await machine.WriteErrorAsync($"Exception in thread Thread-1:\n{PythonErrors.Describe(e)}");
                }

                return null;
            });
            return thread;
        });
        threading.Add("Lock", (m, a) =>
        {
            PythonObject made = new(new PythonClass("lock", [], "_thread")) { Native = new object() };
            foreach (string name in s_lock)
            {
                made.Members[name] = new NativeFunction(name, (machine, b) => new(name is "acquire" ? true : null));
            }

            return made;
        });
        threading.Add("active_count", (m, a) => BigInteger.One);
    }
}
