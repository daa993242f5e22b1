using System.Globalization;
using Org.BouncyCastle.Math;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>A group of Diffie-Hellman: those of RFC 3526, and those that a server chooses from its moduli file.</summary>
internal sealed record DhGroup(BigInteger Prime, BigInteger Generator)
{
    private static readonly Lazy<IReadOnlyList<DhGroup>> Moduli = new(Read);

    public static DhGroup Group14 { get; } = Rfc3526(2048);

    public static DhGroup Group16 { get; } = Rfc3526(4096);

    public static DhGroup Group18 { get; } = Rfc3526(8192);

    /// <summary>One group that is at least as large as wanted and within the limits, as OpenSSH's choose_dh picks it.</summary>
    public static DhGroup Choose(int min, int wanted, int max)
    {
        int best = 0;
        foreach (DhGroup group in Moduli.Value)
        {
            int bits = group.Prime.BitLength;
            if (bits <= max && bits >= min && ((bits > wanted && bits < best) || (bits > best && best < wanted)))
            {
                best = bits;
            }
        }

        DhGroup[] fitting = [.. Moduli.Value.Where(group => group.Prime.BitLength == best)];
        return fitting.Length == 0 ? max < 3072 ? Group14 : max < 6144 ? Group16 : Group18 : fitting[System.Security.Cryptography.RandomNumberGenerator.GetInt32(fitting.Length)];
    }

    private static List<DhGroup> Read()
    {
        using StreamReader reader = new(typeof(DhGroup).Assembly.GetManifestResourceStream("moduli.txt")!);
        List<DhGroup> groups = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ') is [var size, var generator, var prime] && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                groups.Add(new DhGroup(new BigInteger(prime, 16), new BigInteger(generator, 16)));
            }
        }

        return groups;
    }

    private static DhGroup Rfc3526(int bits)
    {
        var known = bits switch
        {
            2048 => Org.BouncyCastle.Crypto.Agreement.DHStandardGroups.rfc3526_2048,
            4096 => Org.BouncyCastle.Crypto.Agreement.DHStandardGroups.rfc3526_4096,
            _ => Org.BouncyCastle.Crypto.Agreement.DHStandardGroups.rfc3526_8192,
        };
        return new DhGroup(known.P, known.G);
    }
}
