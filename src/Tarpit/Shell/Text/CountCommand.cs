using System.Globalization;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>wc(1).</summary>
internal static class CountCommand
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["bytes"] = 'c', ["chars"] = 'm', ["lines"] = 'l', ["words"] = 'w', ["max-line-length"] = 'L', ["total"] = 't', ["files0-from"] = 'f' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "cmlwLt:f:", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        bool isDefault = !"cmlwL".Any(options.Has);
        bool[] shown = [options.Has('l') || isDefault, options.Has('w') || isDefault, options.Has('m'), options.Has('c') || isDefault, options.Has('L')];
        List<(string Name, long[] Counts)> rows = [];
        int status = 0;
        bool isPlain = true;
        foreach (string name in options.Operands.Count == 0 ? ["-"] : options.Operands)
        {
            if (i.Read(name, out _) == Files.FileError.IsFolder)
            {
                status = await i.FailAsync($"{name}: Is a directory");
                rows.Add((name, new long[5]));
                continue;
            }

            if (await CountAsync(i, name, needsText: options.Has('m') || options.Has('L')) is { } counted)
            {
                rows.Add((name is "-" && options.Operands.Count == 0 ? "" : name, counted));
                isPlain &= name is not "-" || i.Streams.Input.IsFile;
            }
            else
            {
                status = 1;
            }
        }

        long[] sums = [.. Enumerable.Range(0, 5).Select(n => n == 4 ? rows.Count == 0 ? 0 : rows.Max(row => row.Counts[n]) : rows.Sum(row => row.Counts[n]))];
        bool isOne = rows.Count == 1 && options.Operands.Count <= 1;
        if (options.Operands.Count > 1)
        {
            rows.Add(("total", sums));
        }

        // Columns are as wide as the sum of all sizes; input that is no file counts as seven digits.
        int width = isOne && shown.Count(s => s) == 1 ? 1 : !isPlain ? 7 : sums[3].ToString(CultureInfo.InvariantCulture).Length;
        foreach ((string name, long[] counts) in rows)
        {
            string text = string.Join(' ', counts.Where((_, n) => shown[n]).Select(count => count.ToString(CultureInfo.InvariantCulture).PadLeft(width)));
            await i.PrintAsync($"{text}{(name.Length > 0 ? " " + name : "")}\n");
        }

        return status;
    }

    // Null: it cannot be read, which was told. Characters and widths need the whole text; the rest is counted as it comes.
    private static async ValueTask<long[]?> CountAsync(Invocation i, string name, bool needsText)
    {
        long[] counts = new long[5];
        bool isWord = false;
        if (!needsText && i.Opened(name) is { } input)
        {
            for (byte[] some = await input.ReadSomeAsync(i.Cancellation); some.Length > 0; some = await input.ReadSomeAsync(i.Cancellation))
            {
                await i.State.Budget.StepAsync(i.Cancellation);
                Count(counts, some, ref isWord);
            }

            return counts;
        }

        if (await Lines.ReadAsync(i, name) is not { } text)
        {
            return null;
        }

        Count(counts, System.Text.Encoding.Latin1.GetBytes(text), ref isWord);
        if (needsText)
        {
            counts[2] = Characters.Count(text);
            foreach (Range line in text.AsSpan().Split('\n'))
            {
                counts[4] = Math.Max(counts[4], Width(text[line]));
            }
        }

        return counts;
    }

    private static void Count(long[] counts, ReadOnlySpan<byte> bytes, ref bool isWord)
    {
        counts[0] += bytes.Count((byte)'\n');
        counts[3] += bytes.Length;
        foreach (byte c in bytes)
        {
            bool isBlank = c is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');
            counts[1] += !isBlank && !isWord ? 1 : 0;
            isWord = !isBlank;
        }
    }

    private static int Width(string line)
    {
        int width = 0;
        foreach (char c in Characters.Of(line))
        {
            width = c == '\t' ? (width / 8 * 8) + 8 : c < ' ' ? width : width + 1;
        }

        return width;
    }
}
