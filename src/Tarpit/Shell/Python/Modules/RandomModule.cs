using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>random, secrets, uuid and math.</summary>
internal static class RandomModule
{
    public static void Fill(PythonMachine machine, PythonModule random)
    {
        random.Add("random", (m, a) => m.Random.NextDouble());
        random.Add("seed", (m, a) =>
        {
            m.Random = new Random(a.Get(0) is { } seed ? PythonKeys.Instance.GetHashCode(seed) : Random.Shared.Next());
            return null;
        });
        BigInteger Between(PythonMachine m, long from, long to) => from < to ? m.Random.NextInt64(from, to) : throw PythonErrors.Value(FormattableString.Invariant($"empty range in randrange({from}, {to})"));
        random.Add("randint", (m, a) => Between(m, a.Whole(0), Math.Min(a.Whole(1), long.MaxValue - 1) + 1));
        random.Add("randrange", (m, a) => a.Count == 1 ? Between(m, 0, a.Whole(0)) : Between(m, a.Whole(0), a.Whole(1)));
        random.Add("randbelow", (m, a) => Between(m, 0, a.Whole(0)));
        random.Add("uniform", (m, a) => a.Real(0) + ((a.Real(1) - a.Real(0)) * m.Random.NextDouble()));
        random.Add("getrandbits", (m, a) => new BigInteger(RandomBytes((int)Math.Clamp((a.Whole(0) + 7) / 8, 1, 1024)), isUnsigned: true) & ((BigInteger.One << (int)Math.Clamp(a.Whole(0), 0, 8192)) - 1));
        random.AddAsync("choice", async (m, a) => await m.Calls.CollectAsync(a.Need(0)) is { Count: > 0 } list ? list[m.Random.Next(list.Count)] : throw PythonErrors.New("IndexError", "Cannot choose from an empty sequence"));
        random.AddAsync("choices", async (m, a) =>
        {
            PythonList list = await m.Calls.CollectAsync(a.Need(0));
            long count = a.Whole(2, "k", 1);
            m.Reserve(count * 8);
            return new PythonList(Enumerable.Range(0, (int)count).Select(n => list[m.Random.Next(list.Count)]));
        });
        random.AddAsync("sample", async (m, a) =>
        {
            object?[] list = [.. await m.Calls.CollectAsync(a.Need(0))];
            m.Random.Shuffle(list);
            return a.Whole(1, "k") <= list.Length ? new PythonList(list.Take((int)a.Whole(1, "k"))) : throw PythonErrors.Value("Sample larger than population or is negative");
        });
        random.Add("shuffle", (m, a) =>
        {
            PythonList list = a.Need(0) as PythonList ?? throw PythonErrors.Type($"'{PythonText.TypeName(a.Need(0))}' object does not support item assignment");
            object?[] items = [.. list];
            m.Random.Shuffle(items);
            list.Clear();
            list.AddRange(items);
            return null;
        });
        int Size(CallArguments a) => (int)Math.Clamp(a.Get(0) is null ? 32 : a.Whole(0), 0, 65_536);
        random.Add("token_hex", (m, a) => Convert.ToHexStringLower(RandomBytes(Size(a))));
        random.Add("token_bytes", (m, a) => RandomBytes(Size(a)));
        random.Add("token_urlsafe", (m, a) => Convert.ToBase64String(RandomBytes(Size(a))).TrimEnd('=').Replace('+', '-').Replace('/', '_'));
    }

    private static byte[] RandomBytes(int count) => System.Security.Cryptography.RandomNumberGenerator.GetBytes(count);

    public static void FillUuid(PythonMachine machine, PythonModule uuid)
    {
        foreach (string name in new[] { "uuid1", "uuid4" })
        {
            uuid.Add(name, (m, a) =>
            {
                string text = Guid.NewGuid().ToString();
                PythonClass type = new("UUID", [], "uuid");
                type.Members["__str__"] = new NativeFunction("__str__", (machine, b) => new(text));
                PythonObject made = new(type);
                (made.Members["hex"], made.Members["__repr_text__"]) = (text.Replace("-", "", StringComparison.Ordinal), $"UUID('{text}')");
                return made;
            });
        }

        uuid.Add("getnode", (m, a) => new BigInteger(Convert.FromHexString(m.Call.Machine.HardwareAddress.Replace(":", "", StringComparison.Ordinal)), isUnsigned: true, isBigEndian: true));
    }

    public static void FillMath(PythonMachine machine, PythonModule math)
    {
        (math.Members["pi"], math.Members["e"], math.Members["inf"], math.Members["nan"], math.Members["tau"]) = (Math.PI, Math.E, double.PositiveInfinity, double.NaN, Math.Tau);
        foreach ((string name, Func<double, double> body) in new (string, Func<double, double>)[] { ("sin", Math.Sin), ("cos", Math.Cos), ("tan", Math.Tan), ("asin", Math.Asin), ("acos", Math.Acos), ("atan", Math.Atan), ("exp", Math.Exp), ("fabs", Math.Abs), ("radians", degrees => degrees * Math.PI / 180), ("degrees", angle => angle * 180 / Math.PI) })
        {
            math.Add(name, (m, a) => body(a.Real(0)));
        }

        math.Add("sqrt", (m, a) => a.Real(0) < 0 ? throw PythonErrors.Value("math domain error") : Math.Sqrt(a.Real(0)));
        math.Add("log", (m, a) => a.Real(0) <= 0 ? throw PythonErrors.Value("math domain error") : a.Count > 1 ? Math.Log(a.Real(0)) / Math.Log(a.Real(1)) : Math.Log(a.Real(0)));
        math.Add("log2", (m, a) => a.Real(0) <= 0 ? throw PythonErrors.Value("math domain error") : Math.Log2(a.Real(0)));
        math.Add("log10", (m, a) => a.Real(0) <= 0 ? throw PythonErrors.Value("math domain error") : Math.Log10(a.Real(0)));
        math.Add("pow", (m, a) => Math.Pow(a.Real(0), a.Real(1)));
        math.Add("floor", (m, a) => a.Need(0) is BigInteger number ? number : new BigInteger(Math.Floor(a.Real(0))));
        math.Add("ceil", (m, a) => a.Need(0) is BigInteger number ? number : new BigInteger(Math.Ceiling(a.Real(0))));
        math.Add("trunc", (m, a) => a.Need(0) is BigInteger number ? number : new BigInteger(Math.Truncate(a.Real(0))));
        math.Add("gcd", (m, a) => BigInteger.GreatestCommonDivisor((BigInteger)(PythonOperators.Number(a.Need(0)) ?? BigInteger.Zero), (BigInteger)(PythonOperators.Number(a.Need(1)) ?? BigInteger.Zero)));
        math.Add("isqrt", (m, a) => new BigInteger(Math.Floor(Math.Sqrt(a.Real(0)))));
        math.Add("factorial", (m, a) =>
        {
            const int largest = 2000;
            return a.Whole(0) is < 0 ? throw PythonErrors.Value("factorial() not defined for negative values") : a.Whole(0) > largest ? throw PythonErrors.Memory() : Enumerable.Range(1, (int)a.Whole(0)).Aggregate(BigInteger.One, (product, n) => product * n);
        });
        math.Add("isnan", (m, a) => double.IsNaN(a.Real(0)));
        math.Add("isinf", (m, a) => double.IsInfinity(a.Real(0)));
    }
}
