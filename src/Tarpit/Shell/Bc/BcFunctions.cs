using System.Numerics;

namespace Blackwall.Tarpit.Shell.Bc;

/// <summary>What -l adds: s, c, a, l and e, by their series in fixed point with digits to spare.</summary>
internal static class BcFunctions
{
    private const int Spare = 12;
    private const int LargestExponent = 4000;

    /// <summary>Null: it is none of them.</summary>
    public static BcNumber? Compute(string name, BcNumber x, int scale)
    {
        int digits = scale + Spare;
        BigInteger unit = BigInteger.Pow(10, digits), value = x.To(digits).Digits;
        BigInteger? made = name switch
        {
            "s" => Sine(value, unit),
            "c" => Sine(value + (Pi(unit) / 2), unit),
            "a" => ArcTangent(value, unit),
            "e" => Exponential(value, unit),
            "l" => value.Sign <= 0 ? (BigInteger.One - BigInteger.Pow(10, scale)) * unit : Logarithm(value, unit),
            _ => null,
        };
        return made is { } result ? new BcNumber(result, digits).To(scale) : null;
    }

    private static BigInteger Pi(BigInteger unit) => 4 * ((4 * Inverse(5, unit)) - Inverse(239, unit));

    // arctan(1/n).
    private static BigInteger Inverse(int n, BigInteger unit)
    {
        BigInteger power = unit / n, sum = power;
        for (int k = 3; !power.IsZero; k += 2)
        {
            power /= -n * n;
            sum += power / k;
        }

        return sum;
    }

    private static BigInteger Sine(BigInteger x, BigInteger unit)
    {
        BigInteger circle = 2 * Pi(unit);
        x %= circle;
        BigInteger term = x, sum = x, square = x * x / unit;
        for (int k = 2; !term.IsZero; k += 2)
        {
            term = -term * square / unit / (k * (k + 1));
            sum += term;
        }

        return sum;
    }

    private static BigInteger ArcTangent(BigInteger x, BigInteger unit)
    {
        if (x.Sign < 0)
        {
            return -ArcTangent(-x, unit);
        }

        if (x > unit)
        {
            return (Pi(unit) / 2) - ArcTangent(unit * unit / x, unit);
        }

        // Halved until the series is short: arctan x = 2 arctan(x / (1 + sqrt(1 + x x))).
        int times = 0;
        while (x * 10 > unit)
        {
            x = x * unit / (unit + Root(unit * unit + (x * x)));
            times++;
        }

        BigInteger power = x, sum = x, square = x * x / unit;
        for (int k = 3; !power.IsZero; k += 2)
        {
            power = -power * square / unit;
            sum += power / k;
        }

        return sum << times;
    }

    private static BigInteger Root(BigInteger value)
    {
        BigInteger root = BigInteger.One << (int)((value.GetBitLength() / 2) + 1);
        for (BigInteger next = (root + (value / root)) >> 1; next < root; next = (root + (value / root)) >> 1)
        {
            root = next;
        }

        return root;
    }

    private static BigInteger Exponential(BigInteger x, BigInteger unit)
    {
        if (x > unit * LargestExponent)
        {
            throw new BcErrorException("exponent too large in raise");
        }

        if (x.Sign < 0)
        {
            return unit * unit / Exponential(-x, unit);
        }

        int halved = 0;
        while (x > unit)
        {
            x >>= 1;
            halved++;
        }

        // What is squared again loses a digit each time.
        BigInteger wide = unit * BigInteger.Pow(10, 20), term = wide, sum = wide, argument = x * BigInteger.Pow(10, 20);
        for (int k = 1; !term.IsZero; k++)
        {
            term = term * argument / wide / k;
            sum += term;
        }

        for (; halved > 0; halved--)
        {
            sum = sum * sum / wide;
        }

        return sum / BigInteger.Pow(10, 20);
    }

    private static BigInteger Logarithm(BigInteger x, BigInteger unit)
    {
        int twos = 0;
        while (x > 2 * unit)
        {
            x >>= 1;
            twos++;
        }

        while (2 * x < unit)
        {
            x <<= 1;
            twos--;
        }

        return Series(x, unit) + (twos == 0 ? BigInteger.Zero : twos * Series(2 * unit, unit));
    }

    // ln x = 2 artanh((x - 1) / (x + 1)).
    private static BigInteger Series(BigInteger x, BigInteger unit)
    {
        BigInteger ratio = (x - unit) * unit / (x + unit), power = ratio, sum = ratio, square = ratio * ratio / unit;
        for (int k = 3; !power.IsZero; k += 2)
        {
            power = power * square / unit;
            sum += power / k;
        }

        return 2 * sum;
    }
}
