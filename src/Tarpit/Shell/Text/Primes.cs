using System.Numerics;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>Prime factors of numbers of 64 bits: small ones by trial, large ones by Pollard's rho.</summary>
internal static class Primes
{
    private const ulong Tried = 2000;
    private static readonly ulong[] s_witnesses = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

    /// <summary>In their order; none of 0 and 1.</summary>
    public static IEnumerable<ulong> Of(ulong number)
    {
        List<ulong> factors = [];
        for (ulong factor = 2; factor < Tried && number > 1; factor++)
        {
            while (number % factor == 0)
            {
                factors.Add(factor);
                number /= factor;
            }
        }

        Divide(number, factors);
        factors.Sort();
        return factors;
    }

    private static void Divide(ulong number, List<ulong> factors)
    {
        if (number < 2)
        {
            return;
        }

        if (IsPrime(number))
        {
            factors.Add(number);
            return;
        }

        ulong divisor = Divisor(number);
        Divide(divisor, factors);
        Divide(number / divisor, factors);
    }

    // Miller and Rabin with witnesses that decide all of 64 bits.
    private static bool IsPrime(ulong number)
    {
        int twos = BitOperations.TrailingZeroCount(number - 1);
        foreach (ulong witness in s_witnesses)
        {
            if (number % witness == 0)
            {
                return number == witness;
            }

            BigInteger power = BigInteger.ModPow(witness, (number - 1) >> twos, number);
            bool passes = power.IsOne || power == number - 1;
            for (int n = 1; n < twos && !passes; n++)
            {
                power = power * power % number;
                passes = power == number - 1;
            }

            if (!passes)
            {
                return false;
            }
        }

        return true;
    }

    private static ulong Divisor(ulong number)
    {
        for (ulong step = 1; ; step++)
        {
            ulong slow = 2, fast = 2, divisor = 1;
            while (divisor == 1)
            {
                slow = Next(slow, step, number);
                fast = Next(Next(fast, step, number), step, number);
                divisor = (ulong)BigInteger.GreatestCommonDivisor(slow > fast ? slow - fast : fast - slow, number);
            }

            if (divisor != number)
            {
                return divisor;
            }
        }
    }

    private static ulong Next(ulong value, ulong step, ulong number) => (ulong)((((UInt128)value * value) + step) % number);
}
