using System.Buffers.Binary;
using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>struct.</summary>
internal static class StructModule
{
    private const int MostItems = 65_536;
    private static readonly PythonClass s_error = new("error", [PythonErrors.Get("Exception")], "struct");

    public static void Fill(PythonMachine machine, PythonModule module)
    {
        module.Members["error"] = s_error;
        module.Add("calcsize", (m, a) => (BigInteger)Items(a.Text(0)).Sum(item => item.Size));
        module.Add("pack", (m, a) => Pack(a));
        module.Add("unpack", (m, a) => Unpack(a));
    }

    private static List<(char Kind, int Size, bool IsBig)> Items(string format)
    {
        bool isBig = format is ['>' or '!', ..], isNative = format is not (['>' or '!' or '<' or '=', ..]);
        List<(char, int, bool)> items = [];
        int count = 0, offset = 0;
        bool hasCount = false;
        foreach (char c in format.TrimStart('>', '!', '<', '=', '@').Where(c => !char.IsWhiteSpace(c)))
        {
            if (char.IsAsciiDigit(c))
            {
                (count, hasCount) = (Math.Min(MostItems + 1, (count * 10) + c - '0'), true);
                continue;
            }

            int size = c switch { 'x' or 'c' or 'b' or 'B' or '?' or 's' => 1, 'h' or 'H' => 2, 'i' or 'I' or 'f' => 4, 'l' or 'L' => isNative ? 8 : 4, 'q' or 'Q' or 'd' or 'n' or 'N' or 'P' => 8, _ => throw PythonErrors.New(s_error, "bad char in struct format") };
            count = hasCount ? count : 1;
            if (count > MostItems || items.Count + count > MostItems)
            {
                throw PythonErrors.New(s_error, "total struct size too long");
            }

            while (isNative && offset % size != 0)
            {
                items.Add(('x', 1, false));
                offset++;
            }

            items.AddRange(c == 's' ? [('s', count, false)] : Enumerable.Repeat((c, size, isBig), count));
            offset += size * count;
            (count, hasCount) = (0, false);
        }

        return items;
    }

    private static byte[] Pack(CallArguments a)
    {
        List<(char Kind, int Size, bool IsBig)> items = Items(a.Text(0));
        int wanted = items.Count(item => item.Kind != 'x'), at = 1;
        if (a.Count - 1 != wanted)
        {
            throw PythonErrors.New(s_error, FormattableString.Invariant($"pack expected {wanted} items for packing (got {a.Count - 1})"));
        }

        using MemoryStream bytes = new();
        foreach ((char kind, int size, bool isBig) in items)
        {
            byte[] part = new byte[size];
            switch (kind)
            {
                case 'x':
                    break;
                case 's' or 'c':
                    byte[] text = a.Values[at++] as byte[] ?? throw PythonErrors.New(s_error, "argument for 's' must be a bytes object");
                    text.AsSpan(0, Math.Min(size, text.Length)).CopyTo(part);
                    break;
                case 'd':
                    BinaryPrimitives.WriteDoubleLittleEndian(part, a.Real(at++));
                    break;
                case 'f':
                    BinaryPrimitives.WriteSingleLittleEndian(part, (float)a.Real(at++));
                    break;
                default:
                    BigInteger number = PythonOperators.Number(a.Values[at++]) as BigInteger? ?? throw PythonErrors.New(s_error, "required argument is not an integer");
                    bool isSigned = char.IsLower(kind);
                    BigInteger low = isSigned ? -(BigInteger.One << ((size * 8) - 1)) : 0, high = (BigInteger.One << ((size * 8) - (isSigned ? 1 : 0))) - 1;
                    if (number < low || number > high)
                    {
                        throw PythonErrors.New(s_error, size == 8 ? "int too large to convert" : FormattableString.Invariant($"'{kind}' format requires {low} <= number <= {high}"));
                    }

                    BinaryPrimitives.WriteUInt64LittleEndian(part.Length == 8 ? part : part = new byte[8], (ulong)(number & ulong.MaxValue));
                    part = part[..size];
                    break;
            }

            if (isBig && kind is not ('s' or 'c' or 'x'))
            {
                Array.Reverse(part);
            }

            bytes.Write(part);
        }

        return bytes.ToArray();
    }

    private static PythonTuple Unpack(CallArguments a)
    {
        List<(char Kind, int Size, bool IsBig)> items = Items(a.Text(0));
        byte[] bytes = a.Bytes(1);
        int needed = items.Sum(item => item.Size), at = 0;
        if (bytes.Length != needed)
        {
            throw PythonErrors.New(s_error, FormattableString.Invariant($"unpack requires a buffer of {needed} bytes"));
        }

        List<object?> values = [];
        foreach ((char kind, int size, bool isBig) in items)
        {
            byte[] part = bytes[at..(at + size)];
            at += size;
            if (isBig)
            {
                Array.Reverse(part);
            }

            if (kind != 'x')
            {
                values.Add(kind switch
                {
                    's' or 'c' => part,
                    '?' => part[0] != 0,
                    'd' => BinaryPrimitives.ReadDoubleLittleEndian(part),
                    'f' => (double)BinaryPrimitives.ReadSingleLittleEndian(part),
                    _ => new BigInteger(part, isUnsigned: !char.IsLower(kind)),
                });
            }
        }

        return new PythonTuple(values);
    }
}
