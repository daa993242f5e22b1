namespace Blackwall.Fuzz;

/// <summary>Makes inputs out of seeds: flips, cuts, repeats, splices and bytes that parsers find interesting. The same seed gives the same inputs.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, Random random, int longest = 2048)
{
    private static readonly byte[] Interesting = [0, 1, 0x0a, 0x0d, 0x20, 0x25, 0x2e, 0x2f, 0x30, 0x3a, 0x5c, 0x7f, 0x80, 0xc0, 0xff];

    public byte[] Next()
    {
        List<byte> input = [.. seeds[random.Next(seeds.Count)]];
        for (int steps = random.Next(1, 8); steps > 0; steps--)
        {
            Step(input);
        }

        return [.. input.Take(longest)];
    }

    private void Step(List<byte> input)
    {
        int at = random.Next(input.Count + 1);
        switch (random.Next(8))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 2:
                input.Insert(at, Interesting[random.Next(Interesting.Length)]);
                break;
            case 3 when at < input.Count:
                input.RemoveRange(at, random.Next(1, input.Count - at + 1));
                break;
            case 4 when at < input.Count:
                List<byte> part = input.GetRange(at, random.Next(1, Math.Min(32, input.Count - at) + 1));
                for (int times = random.Next(1, 8); times > 0; times--)
                {
                    input.InsertRange(at, part);
                }

                break;
            case 5:
                byte[] other = seeds[random.Next(seeds.Count)];
                int from = random.Next(other.Length + 1);
                input.InsertRange(at, other[from..]);
                break;
            case 6 when at < input.Count:
                input[at] = Interesting[random.Next(Interesting.Length)];
                break;
            default:
                input.Insert(at, (byte)random.Next(256));
                break;
        }
    }
}
