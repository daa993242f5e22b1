using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>paste(1), comm(1) and join(1).</summary>
internal static class JoiningCommands
{
    public static async ValueTask<int> PasteAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "d:sz", new Dictionary<string, char>(StringComparer.Ordinal) { ["delimiters"] = 'd', ["serial"] = 's', ["zero-terminated"] = 'z' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        string given = options.Value('d') ?? "\t";
        string[] delimiters = given.Length == 0 ? [""] : [.. Delimiters(given)];
        List<string[]> files = [];
        IReadOnlyList<string> names = options.Operands.Count == 0 ? ["-"] : options.Operands;
        int inputs = names.Count(name => name is "-");
        string[] shared = inputs > 0 ? Lines.Of(await Lines.ReadAsync(i, "-") ?? "") : [];
        int seen = 0;
        foreach (string name in names)
        {
            await i.GiveWayAsync(files.Sum(file => file.Sum(line => (long)line.Length)));
            if (name is "-")
            {
                // Each "-" takes the next line in turn.
                int own = seen++;
                files.Add(inputs == 1 ? shared : options.Has('s') ? own == 0 ? shared : [] : [.. shared.Where((_, at) => at % inputs == own)]);
            }
            else if (await Lines.ReadAsync(i, name) is { } text)
            {
                files.Add(Lines.Of(text));
            }
            else
            {
                return 1;
            }
        }

        StringBuilder made = new();
        if (options.Has('s'))
        {
            foreach (string[] lines in files)
            {
                for (int n = 0; n < lines.Length; n++)
                {
                    made.Append(n > 0 ? delimiters[(n - 1) % delimiters.Length] : "").Append(lines[n]);
                }

                made.Append('\n');
            }
        }
        else
        {
            int most = files.Max(lines => lines.Length);
            for (int n = 0; n < most; n++)
            {
                for (int f = 0; f < files.Count; f++)
                {
                    made.Append(f > 0 ? delimiters[(f - 1) % delimiters.Length] : "").Append(n < files[f].Length ? files[f][n] : "");
                }

                made.Append('\n');
            }
        }

        await i.PrintAsync(made.ToString());
        return 0;
    }

    private static IEnumerable<string> Delimiters(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                yield return text[i] switch { 'n' => "\n", 't' => "\t", '0' => "", _ => text[i].ToString() };
            }
            else
            {
                yield return text[i].ToString();
            }
        }
    }

    public static async ValueTask<int> CompareAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "123zo:tc", new Dictionary<string, char>(StringComparer.Ordinal) { ["output-delimiter"] = 'o', ["total"] = 't', ["check-order"] = 'c', ["nocheck-order"] = 'c' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (options.Operands.Count != 2)
        {
            return await i.FailAsync(options.Operands.Count == 0 ? "missing operand\nTry 'comm --help' for more information." : Characters.ToBytes($"missing operand after ‘{options.Operands[0]}’\nTry 'comm --help' for more information."));
        }

        if (await Lines.ReadAsync(i, options.Operands[0]) is not { } left || await Lines.ReadAsync(i, options.Operands[1]) is not { } right)
        {
            return 1;
        }

        string[] a = Lines.Of(left), b = Lines.Of(right);
        string delimiter = options.Value('o') ?? "\t";
        string second = options.Has('1') ? "" : delimiter, third = second + (options.Has('2') ? "" : delimiter);
        StringBuilder made = new();
        int x = 0, y = 0, common = 0;
        while (x < a.Length || y < b.Length)
        {
            int order = x >= a.Length ? 1 : y >= b.Length ? -1 : string.CompareOrdinal(a[x], b[y]);
            _ = order < 0 ? (options.Has('1') ? made : made.Append(a[x]).Append('\n')) : order > 0 ? (options.Has('2') ? made : made.Append(second).Append(b[y]).Append('\n')) : options.Has('3') ? made : made.Append(third).Append(a[x]).Append('\n');
            x += order <= 0 ? 1 : 0;
            y += order >= 0 ? 1 : 0;
            common += order == 0 ? 1 : 0;
        }

        if (options.Has('t'))
        {
            made.Append(CultureInfo.InvariantCulture, $"{a.Length - common}{delimiter}{b.Length - common}{delimiter}{common}{delimiter}total\n");
        }

        await i.PrintAsync(made.ToString());
        bool IsSorted(string[] lines) => Array.TrueForAll([.. lines.Skip(1).Zip(lines)], pair => string.CompareOrdinal(pair.Second, pair.First) <= 0);
        int unsorted = !IsSorted(a) ? 1 : !IsSorted(b) ? 2 : 0;
        return unsorted == 0 || options.Has('c') ? 0 : await i.FailAsync(string.Create(CultureInfo.InvariantCulture, $"file {unsorted} is not in sorted order\ncomm: input is not in sorted order"));
    }

    public static async ValueTask<int> JoinAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "a:v:1:2:j:t:o:e:i", null, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (options.Operands.Count != 2)
        {
            return await i.FailAsync("missing operand\nTry 'join --help' for more information.");
        }

        if (await Lines.ReadAsync(i, options.Operands[0]) is not { } left || await Lines.ReadAsync(i, options.Operands[1]) is not { } right)
        {
            return 1;
        }

        int firstField = Field(options.Value('1') ?? options.Value('j')), secondField = Field(options.Value('2') ?? options.Value('j'));
        string? separator = options.Value('t');
        string[] Split(string line) => separator is null ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : line.Split(separator);
        string[][] a = [.. Lines.Of(left).Select(Split)], b = [.. Lines.Of(right).Select(Split)];
        string Key(string[] fields, int field)
        {
            string key = field < fields.Length ? fields[field] : "";
            return options.Has('i') ? key.ToUpperInvariant() : key;
        }

        string[] unpaired = [.. options.Values('a')], only = [.. options.Values('v')];
        string between = separator ?? " ", empty = options.Value('e') ?? "";
        StringBuilder made = new();
        void Add(string[]? one, string[]? other)
        {
            string key = one is not null ? firstField < one.Length ? one[firstField] : "" : secondField < other!.Length ? other[secondField] : "";
            IEnumerable<string> fields = options.Value('o') is { } list && list is not "auto"
                ? list.Split(',', ' ').Select(part => part is "0" ? key : Chosen(part, one, other, empty))
                : new[] { key }.Concat(one?.Where((_, n) => n != firstField) ?? []).Concat(other?.Where((_, n) => n != secondField) ?? []);
            made.AppendJoin(between, fields).Append('\n');
        }

        int x = 0, y = 0;
        while (x < a.Length || y < b.Length)
        {
            await i.GiveWayAsync();
            int order = x >= a.Length ? 1 : y >= b.Length ? -1 : string.CompareOrdinal(Key(a[x], firstField), Key(b[y], secondField));
            if (order == 0)
            {
                string key = Key(a[x], firstField);
                int endX = x, endY = y;
                while (endX < a.Length && string.Equals(Key(a[endX], firstField), key, StringComparison.Ordinal))
                {
                    endX++;
                }

                while (endY < b.Length && string.Equals(Key(b[endY], secondField), key, StringComparison.Ordinal))
                {
                    endY++;
                }

                for (int m = x; m < endX && only.Length == 0 && made.Length < 4 << 20; m++)
                {
                    for (int n = y; n < endY && made.Length < 4 << 20; n++)
                    {
                        await i.GiveWayAsync();
                        Add(a[m], b[n]);
                    }
                }

                (x, y) = (endX, endY);
            }
            else if (order < 0)
            {
                if (unpaired.Contains("1", StringComparer.Ordinal) || only.Contains("1", StringComparer.Ordinal))
                {
                    Add(a[x], null);
                }

                x++;
            }
            else
            {
                if (unpaired.Contains("2", StringComparer.Ordinal) || only.Contains("2", StringComparer.Ordinal))
                {
                    Add(null, b[y]);
                }

                y++;
            }
        }

        await i.PrintAsync(made.ToString());
        return 0;
    }

    private static string Chosen(string part, string[]? one, string[]? other, string empty)
    {
        string[] pieces = part.Split('.');
        string[]? from = pieces[0] is "1" ? one : other;
        int field = pieces.Length > 1 ? Field(pieces[1]) : 0;
        return from is not null && field < from.Length && from[field].Length > 0 ? from[field] : empty;
    }

    private static int Field(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number - 1 : 0;
}
