using System.Globalization;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Benchmarks.Programs;

/// <summary>Policies as large as wished, the same at each run: hosts at random, prefixes of the lengths that public block lists have.</summary>
internal static class SamplePolicy
{
    // 198.18.0.0/15 and the documentation networks are what the benchmarks' own packets come from.
    private static readonly Prefix[] s_spared =
    [
        Prefix.Parse("198.18.0.0/15"), Prefix.Parse("198.51.100.0/24"), Prefix.Parse("203.0.113.0/24"), Prefix.Parse("10.0.0.0/8"),
    ];

    public static PolicyEntry[] Entries(params IEnumerable<Prefix>[] scopes) =>
        [.. scopes.SelectMany(s => s).Select((scope, i) => new PolicyEntry(scope, i + 1, long.MaxValue, Verdict.Drop, 2))];

    public static PolicyEntry Allow(string scope) => new(Prefix.Parse(scope), 1_000_000_000, long.MaxValue, Verdict.Pass, 1);

    /// <summary>An IPv4 address, as it is written.</summary>
    public static string Text(uint v4) => Address.FromV4(v4).ToString(null, CultureInfo.InvariantCulture);

    public static List<Prefix> Hosts(int count, int seed = 1) => Distinct(count, seed, random => Prefix.Host(RandomV4(random)));

    public static List<Prefix> Prefixes4(int count, int seed = 2) => Distinct(count, seed, random =>
    {
        // Seven in ten are /24, two are longer, one is /20 to /23.
        int length = random.Next(10) switch
        {
            < 7 => 24,
            < 9 => random.Next(25, 30),
            _ => random.Next(20, 24),
        };
        return Prefix.Around(RandomV4(random), length);
    });

    public static List<Prefix> Prefixes6(int count, int seed = 3) => Distinct(count, seed, random =>
        Prefix.Around(new Address(((UInt128)(0x2000_0000_0000_0000ul | ((ulong)random.NextInt64() >> 3)) << 64) | (ulong)random.NextInt64()), random.Next(3) switch
        {
            0 => 32,
            1 => 48,
            _ => 64,
        }));

    private static Address RandomV4(Random random)
    {
        while (true)
        {
            uint value = (uint)random.NextInt64(1u << 24, 224u << 24);
            Address address = Address.FromV4(value);
            if (value >> 24 is not (127 or 169 or 172 or 192) && !s_spared.Any(s => s.Contains(Prefix.Around(address, 20)) || s.Contains(address)))
            {
                return address;
            }
        }
    }

    private static List<Prefix> Distinct(int count, int seed, Func<Random, Prefix> make)
    {
#pragma warning disable CA5394 // The same policy at each run is what is wanted.
        Random random = new(seed);
#pragma warning restore CA5394
        HashSet<Prefix> seen = new(count);
        List<Prefix> all = new(count);
        while (all.Count < count)
        {
            Prefix prefix = make(random);
            if (seen.Add(prefix))
            {
                all.Add(prefix);
            }
        }

        return all;
    }
}
