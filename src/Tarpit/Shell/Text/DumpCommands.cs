using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>od(1), xxd(1), hexdump(1) and strings(1).</summary>
internal static class DumpCommands
{
    private const int MostBytes = 1 << 20;
    private static readonly string[] Names = ["nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si", "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp"];

    public static async ValueTask<int> OctalAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "A:t:N:j:w:vabcdefhilosxBDFHILOX", new Dictionary<string, char>(StringComparer.Ordinal) { ["address-radix"] = 'A', ["format"] = 't', ["read-bytes"] = 'N', ["skip-bytes"] = 'j', ["output-duplicates"] = 'v', ["width"] = 'w', ["traditional"] = 'v' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (await ReadAllAsync(i, options.Operands) is not { } bytes)
        {
            return 1;
        }

        int skipped = (int)Math.Min(Number(options.Value('j'), 0), bytes.Length);
        bytes = bytes[skipped..];
        bytes = bytes[..(int)Math.Min(Number(options.Value('N'), MostBytes), bytes.Length)];
        List<(char Kind, int Size)> formats = [];
        foreach ((char letter, string? value) in options.All)
        {
            if (letter == 't')
            {
                formats.AddRange(Formats(value!));
            }
            else if ("abcdefosxhiBDFIOXHlL".Contains(letter, StringComparison.Ordinal))
            {
                formats.Add(letter switch { 'a' => ('a', 1), 'b' => ('o', 1), 'c' => ('c', 1), 'd' => ('u', 2), 'o' or 'B' => ('o', 2), 's' => ('d', 2), 'i' => ('d', 4), 'D' => ('u', 4), 'l' or 'L' or 'I' => ('d', 8), 'e' or 'F' => ('f', 8), 'f' => ('f', 4), 'X' or 'H' => ('x', 4), 'O' => ('o', 4), _ => ('x', 2) });
            }
        }

        if (formats.Count == 0)
        {
            formats.Add(('o', 2));
        }

        int width = (int)Math.Clamp(Number(options.Value('w'), 16), 1, 4096);
        await i.PrintAsync(Dump(bytes, formats, options.Value('A') ?? "o", width, skipped, options.Has('v')));
        return 0;
    }

    private static string Dump(byte[] bytes, List<(char Kind, int Size)> formats, string radix, int width, int offset, bool showsAll)
    {
        StringBuilder text = new();
        // Columns of all formats stand below one another.
        int per = formats.Max(format => (Width(format.Kind, format.Size) + 1) * (width / format.Size));
        string? last = null;
        bool isStarred = false;
        for (int at = 0; at < bytes.Length; at += width)
        {
            int count = Math.Min(width, bytes.Length - at);
            string key = Encoding.Latin1.GetString(bytes, at, count);
            if (!showsAll && count == width && string.Equals(key, last, StringComparison.Ordinal))
            {
                text.Append(isStarred ? "" : "*\n");
                isStarred = true;
                continue;
            }

            (last, isStarred) = (key, false);
            for (int f = 0; f < formats.Count; f++)
            {
                (char kind, int size) = formats[f];
                text.Append(f == 0 ? Address(at + offset, radix) : new string(' ', Address(0, radix).Length));
                int cell = per / (width / size);
                for (int n = 0; n < count; n += size)
                {
                    text.Append(Cell(bytes, at + n, Math.Min(size, count - n), kind, size).PadLeft(cell));
                }

                text.Append('\n');
            }
        }

        return text.Append(radix is "n" ? "" : Address(bytes.Length + offset, radix) + "\n").ToString();
    }

    private static int Width(char kind, int size) => kind switch { 'a' or 'c' => 3, 'o' => ((size * 8) + 2) / 3, 'x' => size * 2, 'f' => size == 4 ? 15 : 24, 'd' => size switch { 1 => 4, 2 => 6, 4 => 11, _ => 20 }, _ => size switch { 1 => 3, 2 => 5, 4 => 10, _ => 20 } };

    private static string Cell(byte[] bytes, int at, int count, char kind, int size)
    {
        ulong value = 0;
        for (int n = count - 1; n >= 0; n--)
        {
            value = (value << 8) | bytes[at + n];
        }

        switch (kind)
        {
            case 'a':
                int low = (int)value & 0x7F;
                return low <= 32 ? Names[low] : low == 127 ? "del" : ((char)low).ToString();
            case 'c':
                return value switch { 0 => "\\0", 7 => "\\a", 8 => "\\b", 9 => "\\t", 10 => "\\n", 11 => "\\v", 12 => "\\f", 13 => "\\r", >= 32 and < 127 => ((char)value).ToString(), _ => Convert.ToString((long)value, 8).PadLeft(3, '0') };
            case 'o':
                return Convert.ToString(unchecked((long)value), 8).PadLeft(Width('o', size), '0');
            case 'x':
                return value.ToString("x", CultureInfo.InvariantCulture).PadLeft(size * 2, '0');
            case 'd':
                int shift = 64 - (8 * size);
                return (unchecked((long)(value << shift)) >> shift).ToString(CultureInfo.InvariantCulture);
            case 'f':
                return size == 4 ? Real(BitConverter.UInt32BitsToSingle((uint)value).ToString("R", CultureInfo.InvariantCulture)) : Real(BitConverter.UInt64BitsToDouble(value).ToString("R", CultureInfo.InvariantCulture));
            default:
                return value.ToString(CultureInfo.InvariantCulture);
        }
    }

    // As printf writes the shortest digits: an exponent of two digits at least.
    private static string Real(string text)
    {
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        return mark < 0 ? text : $"{text[..mark]}e{text[mark + 1]}{text[(mark + 2)..].PadLeft(2, '0')}";
    }

    private static string Address(int at, string radix) => radix switch { "n" => "", "x" => at.ToString("x6", CultureInfo.InvariantCulture), "d" => at.ToString("D7", CultureInfo.InvariantCulture), _ => Convert.ToString(at, 8).PadLeft(7, '0') };

    private static IEnumerable<(char Kind, int Size)> Formats(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            char kind = text[at++];
            int size = kind is 'a' or 'c' ? 1 : kind == 'f' ? 8 : 4;
            if (at < text.Length && text[at] is 'C' or 'S' or 'I' or 'L')
            {
                size = text[at++] switch { 'C' => 1, 'S' => 2, 'I' => 4, _ => 8 };
            }
            else if (at < text.Length && text[at] is '1' or '2' or '4' or '8')
            {
                size = text[at++] - '0';
            }

            at += at < text.Length && text[at] == 'z' ? 1 : 0;
            yield return (kind is 'a' or 'c' or 'o' or 'x' or 'd' or 'u' or 'f' ? kind : 'o', kind == 'f' && size is not (4 or 8) ? 8 : size);
        }
    }

    public static async ValueTask<int> HexAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "abc:Eeg:il:n:o:prs:ud", new Dictionary<string, char>(StringComparer.Ordinal) { ["plain"] = 'p', ["ps"] = 'p', ["revert"] = 'r', ["len"] = 'l', ["cols"] = 'c', ["include"] = 'i', ["bits"] = 'b' }, isMixed: true);
        if (await ReadAllAsync(i, [.. options.Operands.Take(1)]) is not { } bytes)
        {
            return 2;
        }

        if (options.Has('r'))
        {
            await i.Streams.Output.WriteAsync(Reverted(Encoding.Latin1.GetString(bytes), options.Has('p')), i.Cancellation);
            return 0;
        }

        int start = (int)Math.Clamp(Number(options.Value('s')?.TrimStart('+'), 0), 0, bytes.Length);
        bytes = bytes[start..][..(int)Math.Min(Number(options.Value('l'), MostBytes), bytes.Length - start)];
        long shift = Number(options.Value('o'), 0);
        StringBuilder text = new();
        if (options.Has('p'))
        {
            // Zero columns: all in one line.
            int each = options.Value('c') is "0" or "-1" ? Math.Max(1, bytes.Length) : (int)Math.Clamp(Number(options.Value('c'), 30), 1, 256);
            await i.PrintAsync(Lines.Join(bytes.Chunk(each).Select(chunk => options.Has('u') ? Convert.ToHexString(chunk) : Convert.ToHexStringLower(chunk))));
            return 0;
        }

        if (options.Has('i'))
        {
            // A file that has a name becomes a declaration.
            string list = string.Join(",\n", bytes.Chunk(12).Select(chunk => "  " + string.Join(", ", chunk.Select(b => "0x" + b.ToString("x2", CultureInfo.InvariantCulture))))) + (bytes.Length > 0 ? "\n" : "");
            string? named = options.Operands.FirstOrDefault(operand => operand is not "-") is { } operand ? string.Concat(operand.Select((c, n) => !char.IsAsciiLetterOrDigit(c) ? "_" : n == 0 && char.IsAsciiDigit(c) ? "__" + c : c.ToString())) : null;
            await i.PrintAsync(named is null ? list : string.Create(CultureInfo.InvariantCulture, $"unsigned char {named}[] = {{\n{list}}};\nunsigned int {named}_len = {bytes.Length};\n"));
            return 0;
        }

        int columns = (int)Math.Clamp(Number(options.Value('c'), options.Has('b') ? 6 : 16), 1, 256), group = (int)Math.Clamp(Number(options.Value('g'), options.Has('b') ? 1 : 2), 0, 256);
        group = group == 0 ? columns : group;
        int cell = options.Has('b') ? 8 : 2, width = (columns * cell) + ((columns + group - 1) / group) - 1;
        for (int at = 0; at < bytes.Length; at += columns)
        {
            byte[] row = bytes[at..Math.Min(at + columns, bytes.Length)];
            string hex = string.Join(' ', row.Chunk(group).Select(part => string.Concat(part.Select(b => options.Has('b') ? Convert.ToString(b, 2).PadLeft(8, '0') : b.ToString(options.Has('u') ? "X2" : "x2", CultureInfo.InvariantCulture)))));
            text.Append((at + start + shift).ToString("x8", CultureInfo.InvariantCulture)).Append(": ").Append(hex.PadRight(width)).Append("  ").Append(string.Concat(row.Select(b => b is >= 32 and < 127 ? (char)b : '.'))).Append('\n');
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }

    private static byte[] Reverted(string text, bool isPlain)
    {
        List<byte> bytes = [];
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string hex = isPlain ? line : colon < 0 ? "" : line[(colon + 1)..].Split("  ")[0];
            string digits = isPlain ? Plain(hex) : string.Concat(hex.Where(char.IsAsciiHexDigit));
            for (int n = 0; n + 1 < digits.Length; n += 2)
            {
                bytes.Add(byte.Parse(digits.AsSpan(n, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }

        return [.. bytes];
    }

    // One bad character is passed over, and takes a digit right before it along; two end the line.
    private static string Plain(string line)
    {
        StringBuilder digits = new();
        int bad = 0;
        foreach (char c in line.Where(c => !char.IsWhiteSpace(c)))
        {
            if (char.IsAsciiHexDigit(c))
            {
                digits.Append(c);
                bad = 0;
                continue;
            }

            digits.Length -= digits.Length % 2;
            if (++bad == 2)
            {
                break;
            }
        }

        return digits.ToString();
    }

    public static async ValueTask<int> HexdumpAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "bcCdoxe:f:n:s:v", null, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (await ReadAllAsync(i, options.Operands) is not { } bytes)
        {
            return await i.FailAsync("all input file arguments failed");
        }

        int start = (int)Math.Clamp(Number(options.Value('s'), 0), 0, bytes.Length);
        bytes = bytes[start..][..(int)Math.Min(Number(options.Value('n'), MostBytes), bytes.Length - start)];
        if (options.Has('e') && string.Join(' ', options.Values('e')) is var format)
        {
            await i.PrintAsync(DumpFormat.Apply(format, bytes, options.Has('v')));
            return 0;
        }

        bool isCanonical = options.Has('C') || i.Name.EndsWith("hd", StringComparison.Ordinal);
        string address = isCanonical ? "x8" : "x7";
        StringBuilder text = new();
        string? last = null;
        bool isStarred = false;
        for (int at = 0; at < bytes.Length; at += 16)
        {
            byte[] row = bytes[at..Math.Min(at + 16, bytes.Length)];
            string key = Encoding.Latin1.GetString(row);
            if (!options.Has('v') && row.Length == 16 && string.Equals(key, last, StringComparison.Ordinal))
            {
                text.Append(isStarred ? "" : "*\n");
                isStarred = true;
                continue;
            }

            (last, isStarred) = (key, false);
            text.Append((at + start).ToString(address, CultureInfo.InvariantCulture)).Append(isCanonical ? Canonical(row) : Row(row, options)).Append('\n');
        }

        await i.PrintAsync(bytes.Length == 0 ? "" : text.Append((bytes.Length + start).ToString(address, CultureInfo.InvariantCulture)).Append('\n').ToString());
        return 0;
    }

    private static string Canonical(byte[] row)
    {
        StringBuilder text = new(" ");
        for (int n = 0; n < 16; n++)
        {
            text.Append(n == 8 ? " " : "").Append(n < row.Length ? " " + row[n].ToString("x2", CultureInfo.InvariantCulture) : "   ");
        }

        return text.Append("  |").Append(string.Concat(row.Select(b => b is >= 32 and < 127 ? (char)b : '.'))).Append('|').ToString();
    }

    private static string Row(byte[] row, OptionParsing options)
    {
        if (options.Has('b'))
        {
            return string.Concat(row.Select(b => " " + Convert.ToString(b, 8).PadLeft(3, '0'))).PadRight(64);
        }

        if (options.Has('c'))
        {
            return string.Concat(Enumerable.Range(0, row.Length).Select(n => Cell(row, n, 1, 'c', 1).PadLeft(4))).PadRight(64);
        }

        char kind = options.Has('d') ? 'u' : options.Has('o') ? 'o' : 'x';
        bool isWide = options.Has('x') || options.Has('d') || options.Has('o');
        return string.Concat(Enumerable.Range(0, (row.Length + 1) / 2).Select(n => (isWide ? "   " : " ") + Cell(row, n * 2, Math.Min(2, row.Length - (n * 2)), kind, 2).PadLeft(kind == 'u' ? 5 : 4, kind == 'u' ? '0' : ' '))).PadRight(isWide ? 64 : 40)[..];
    }

    public static async ValueTask<int> StringsAsync(Invocation i)
    {
        OptionParsing options = new([.. i.Arguments.Select(argument => argument.Length > 1 && argument[0] == '-' && char.IsAsciiDigit(argument[1]) ? "-n" + argument[1..] : argument)], "an:t:e:fo", new Dictionary<string, char>(StringComparer.Ordinal) { ["all"] = 'a', ["bytes"] = 'n', ["radix"] = 't' }, isMixed: true);
        if (await ReadAllAsync(i, options.Operands) is not { } bytes)
        {
            return 1;
        }

        int least = (int)Number(options.Value('n'), 4);
        StringBuilder found = new(), run = new();
        for (int at = 0; at <= bytes.Length; at++)
        {
            if (at < bytes.Length && bytes[at] is >= 32 and <= 126 or 9)
            {
                run.Append((char)bytes[at]);
                continue;
            }

            if (run.Length >= least)
            {
                int start = at - run.Length;
                found.Append(options.Value('t') switch { "d" => start.ToString(CultureInfo.InvariantCulture).PadLeft(7) + " ", "x" => start.ToString("x", CultureInfo.InvariantCulture).PadLeft(7) + " ", "o" => Convert.ToString(start, 8).PadLeft(7) + " ", _ => "" }).Append(run).Append('\n');
            }

            run.Clear();
        }

        await i.PrintAsync(found.ToString());
        return 0;
    }

    private static async ValueTask<byte[]?> ReadAllAsync(Invocation i, IReadOnlyList<string> names)
    {
        using MemoryStream bytes = new();
        foreach (string name in names.Count == 0 ? ["-"] : names)
        {
            if (bytes.Length >= MostBytes * 4)
            {
                break;
            }

            await i.State.Budget.GiveWayAsync(i.Cancellation);
            if (name is "-")
            {
                bytes.Write(await i.Streams.Input.ReadAllAsync(i.Cancellation));
            }
            else if (i.Read(name, out byte[] content) is var error && error == FileError.None)
            {
                bytes.Write(content);
            }
            else
            {
                await i.FailAsync($"{name}: {error.Text()}");
                return null;
            }
        }

        return bytes.GetBuffer().AsSpan(0, (int)Math.Min(bytes.Length, MostBytes * 4)).ToArray();
    }

    private static long Number(string? text, long otherwise) => text is not null && CNumbers.TryInteger(text.TrimEnd('b', 'k', 'K', 'M'), out long number, out _) ? number * (text.EndsWith('k') || text.EndsWith('K') ? 1024 : 1) : otherwise;
}
