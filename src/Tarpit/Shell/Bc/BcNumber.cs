using System.Globalization;
using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Bc;

/// <summary>A decimal number of any length: digits, and how many of them stand behind the point. Bounded.</summary>
internal readonly record struct BcNumber(BigInteger Digits, int Scale)
{
    private const int MostDigits = 5000;
    private const int LineLength = 69;

    public static BcNumber Zero => new(BigInteger.Zero, 0);

    public static BcNumber One => new(BigInteger.One, 0);

    public bool IsZero => Digits.IsZero;

    /// <summary>Reads digits of a base; letters are capitals.</summary>
    public static BcNumber Parse(string text, int radix)
    {
        string[] parts = text.Split('.', 2);
        BigInteger whole = BigInteger.Zero;
        foreach (char c in parts[0])
        {
            // A single letter is its value; in longer numbers no digit is above the base.
            whole = (whole * radix) + (parts[0].Length == 1 ? Value(c) : Math.Min(Value(c), radix - 1));
        }

        if (parts.Length == 1 || parts[1].Length == 0)
        {
            return new BcNumber(whole, 0).Checked();
        }

        if (radix == 10)
        {
            return new BcNumber((whole * Power(parts[1].Length)) + BigInteger.Parse("0" + parts[1], NumberStyles.None, CultureInfo.InvariantCulture), parts[1].Length).Checked();
        }

        BigInteger fraction = BigInteger.Zero, unit = BigInteger.One;
        foreach (char c in parts[1])
        {
            fraction = (fraction * radix) + Math.Min(Value(c), radix - 1);
            unit *= radix;
        }

        return new BcNumber((whole * Power(parts[1].Length)) + (fraction * Power(parts[1].Length) / unit), parts[1].Length).Checked();
    }

    private static int Value(char c) => char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10;

    private static BigInteger Power(int exponent) => BigInteger.Pow(10, exponent);

    private BcNumber Checked() => Digits.GetBitLength() > MostDigits * 4 || Scale > MostDigits ? throw new BcErrorException("Number too large") : this;

    /// <summary>With this many digits behind the point; what is more is cut off.</summary>
    public BcNumber To(int scale) => scale >= Scale ? new BcNumber(Digits * Power(scale - Scale), scale) : new BcNumber(BigInteger.Divide(Digits, Power(Scale - scale)), scale);

    public static BcNumber operator +(BcNumber a, BcNumber b) => new BcNumber(a.To(Math.Max(a.Scale, b.Scale)).Digits + b.To(Math.Max(a.Scale, b.Scale)).Digits, Math.Max(a.Scale, b.Scale)).Checked();

    public static BcNumber operator -(BcNumber a, BcNumber b) => a + -b;

    public static BcNumber operator -(BcNumber a) => a with { Digits = -a.Digits };

    public static BcNumber Multiply(BcNumber a, BcNumber b, int scale) => new BcNumber(a.Digits * b.Digits, a.Scale + b.Scale).Checked().To(Math.Min(a.Scale + b.Scale, Math.Max(scale, Math.Max(a.Scale, b.Scale))));

    public static BcNumber Divide(BcNumber a, BcNumber b, int scale) => b.IsZero ? throw new BcErrorException("Divide by zero")
        : new BcNumber(BigInteger.Divide(a.Digits * Power(Math.Max(0, scale + b.Scale - a.Scale)), b.Digits * Power(Math.Max(0, a.Scale - scale - b.Scale))), scale).Checked();

    public static BcNumber Remainder(BcNumber a, BcNumber b, int scale)
    {
        BcNumber quotient = Divide(a, b, scale);
        return (a - new BcNumber(quotient.Digits * b.Digits, quotient.Scale + b.Scale)).To(Math.Max(scale + b.Scale, a.Scale));
    }

    public BcNumber Raise(BcNumber exponent, int scale)
    {
        BigInteger power = exponent.To(0).Digits;
        if (BigInteger.Abs(power) > MostDigits * 4 || Digits.GetBitLength() * (long)BigInteger.Abs(power) > MostDigits * 8L)
        {
            throw new BcErrorException("exponent too large in raise");
        }

        int times = (int)power;
        if (times < 0)
        {
            return Divide(One, new BcNumber(BigInteger.Pow(Digits, -times), Scale * -times), scale);
        }

        return new BcNumber(BigInteger.Pow(Digits, times), Scale * times).To(Math.Min(Scale * times, Math.Max(scale, Scale)));
    }

    public BcNumber SquareRoot(int scale)
    {
        if (Digits.Sign < 0)
        {
            throw new BcErrorException("Square root of a negative number");
        }

        int digits = Math.Max(scale, Scale);
        BigInteger square = To(2 * digits).Digits;
        if (square.IsZero)
        {
            return new BcNumber(BigInteger.Zero, digits);
        }

        BigInteger root = BigInteger.One << (int)((square.GetBitLength() / 2) + 1);
        while (true)
        {
            BigInteger next = (root + (square / root)) >> 1;
            if (next >= root)
            {
                return new BcNumber(root, digits);
            }

            root = next;
        }
    }

    public static int Compare(BcNumber a, BcNumber b) => (a - b).Digits.Sign;

    /// <summary>How many digits there are.</summary>
    public int Length => Math.Max(1, Math.Max(BigInteger.Abs(Digits).ToString(CultureInfo.InvariantCulture).TrimStart('0').Length, Scale));

    /// <summary>As bc prints it: no zero before the point, and long numbers on lines that end with a backslash.</summary>
    public string Text(int radix)
    {
        string text = radix == 10 ? Decimal() : Other(radix);
        StringBuilder lines = new();
        for (int at = 0; at < text.Length; at += LineLength - 1)
        {
            bool fits = text.Length - at <= LineLength;
            lines.Append(text, at, fits ? text.Length - at : LineLength - 1).Append(fits ? "" : "\\\n");
            if (fits)
            {
                break;
            }
        }

        return lines.ToString();
    }

    private string Decimal()
    {
        string digits = BigInteger.Abs(Digits).ToString(CultureInfo.InvariantCulture);
        if (Digits.IsZero)
        {
            return "0";
        }

        digits = digits.PadLeft(Scale, '0');
        string whole = digits[..^Scale].TrimStart('0'), sign = Digits.Sign < 0 ? "-" : "";
        return Scale == 0 ? sign + digits : $"{sign}{whole}.{digits[^Scale..]}";
    }

    private string Other(int radix)
    {
        BigInteger left = BigInteger.Abs(To(0).Digits);
        List<int> digits = [];
        for (; !left.IsZero; left /= radix)
        {
            digits.Add((int)(left % radix));
        }

        StringBuilder text = new(Digits.Sign < 0 ? "-" : "");
        foreach (int digit in digits.AsEnumerable().Reverse())
        {
            Append(text, digit, radix);
        }

        if (Scale > 0)
        {
            // As many digits as hold the same precision.
            text.Append('.');
            BigInteger unit = Power(Scale), rest = BigInteger.Abs(Digits) % unit;
            for (BigInteger reached = BigInteger.One; reached < unit; reached *= radix)
            {
                rest *= radix;
                Append(text, (int)(rest / unit), radix);
                rest %= unit;
            }
        }

        return text.Length == 0 ? "0" : text.ToString();
    }

    private static void Append(StringBuilder text, int digit, int radix)
    {
        if (radix <= 16)
        {
            text.Append("0123456789ABCDEF"[digit]);
            return;
        }

        int width = (radix - 1).ToString(CultureInfo.InvariantCulture).Length;
        text.Append(' ').Append(digit.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'));
    }
}
