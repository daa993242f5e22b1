using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>diff(1) and cmp(1): the normal and the unified form.</summary>
internal static class DiffCommand
{
    private const int MostLines = 4000;
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal)
    {
        ["brief"] = 'q', ["unified"] = 'U', ["ignore-case"] = 'i', ["ignore-all-space"] = 'w', ["ignore-space-change"] = 'b', ["ignore-blank-lines"] = 'B', ["recursive"] = 'r', ["new-file"] = 'N', ["report-identical-files"] = 's', ["side-by-side"] = 'y', ["text"] = 'a', ["color"] = 'k', ["label"] = 'L', ["strip-trailing-cr"] = 'k', ["context"] = 'C',
    };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "quU:iwbBrNsyakL:cC:ed", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error, 2);
        }

        if (options.Operands.Count != 2)
        {
            return await i.FailAsync(options.Operands.Count == 0 ? "missing operand after 'diff'\ndiff: Try 'diff --help' for more information." : $"missing operand after '{options.Operands[^1]}'\ndiff: Try 'diff --help' for more information.", 2);
        }

        string first = options.Operands[0], second = options.Operands[1];
        if (i.Files.Find(i.State.Path(first)) is FolderNode && i.Files.Find(i.State.Path(second)) is FolderNode)
        {
            return await FoldersAsync(i, options, first, second);
        }

        return await FilesAsync(i, options, first, second, null);
    }

    private static async ValueTask<int> FoldersAsync(Invocation i, OptionParsing options, string first, string second)
    {
        FolderNode a = (FolderNode)i.Files.Find(i.State.Path(first))!, b = (FolderNode)i.Files.Find(i.State.Path(second))!;
        int status = 0;
        foreach (string name in a.Entries.Keys.Union(b.Entries.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            string left = $"{first.TrimEnd('/')}/{name}", right = $"{second.TrimEnd('/')}/{name}";
            bool hasLeft = a.Entries.TryGetValue(name, out Node? one), hasRight = b.Entries.TryGetValue(name, out Node? other);
            if (hasLeft != hasRight)
            {
                await i.PrintAsync($"Only in {(hasLeft ? first : second)}: {name}\n");
                status = 1;
            }
            else if (one is FolderNode && other is FolderNode)
            {
                if (options.Has('r') && name.Length + first.Length < 4000)
                {
                    status = Math.Max(status, await FoldersAsync(i, options, left, right));
                }
                else
                {
                    await i.PrintAsync($"Common subdirectories: {left} and {right}\n");
                }
            }
            else
            {
                status = Math.Max(status, await FilesAsync(i, options, left, right, $"diff {string.Concat(i.Arguments.Where(argument => argument.StartsWith('-')).Select(argument => argument + " "))}{left} {right}\n"));
            }
        }

        return status;
    }

    private static async ValueTask<int> FilesAsync(Invocation i, OptionParsing options, string first, string second, string? head)
    {
        string Resolved(string name, string other) => name is not "-" && i.Files.Find(i.State.Path(name)) is FolderNode ? $"{name.TrimEnd('/')}/{other.Split('/')[^1]}" : name;
        (first, second) = (Resolved(first, second), Resolved(second, first));
        if (string.Equals(first, second, StringComparison.Ordinal) && (first is "-" || i.Files.Find(i.State.Path(first)) is FileNode))
        {
            await i.PrintAsync(options.Has('s') ? $"Files {first} and {second} are identical\n" : "");
            return 0;
        }

        string? left = await ReadAsync(i, options, first), right = await ReadAsync(i, options, second);
        if (left is null || right is null)
        {
            return 2;
        }

        Func<string, string> key = line =>
        {
            line = options.Has('w') ? string.Concat(line.Where(c => c is not (' ' or '\t'))) : options.Has('b') ? string.Join(' ', line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)) : line;
            return options.Has('i') ? line.ToUpperInvariant() : line;
        };
        string[] a = Lines.Of(left), b = Lines.Of(right);
        if (string.Equals(left, right, StringComparison.Ordinal))
        {
            await i.PrintAsync(options.Has('s') ? $"Files {first} and {second} are identical\n" : "");
            return 0;
        }

        if (left.Contains('\0', StringComparison.Ordinal) || right.Contains('\0', StringComparison.Ordinal) || a.Length > MostLines || b.Length > MostLines)
        {
            await i.PrintAsync($"Binary files {first} and {second} differ\n");
            return 2;
        }

        // A last line without an end is another line.
        string[] keysA = Keys(a, left, key), keysB = Keys(b, right, key);
        i.State.Budget.Charge((long)a.Length * b.Length / 2000);
        List<(int A, int EndA, int B, int EndB)> changes = Changes(keysA, keysB);
        if (options.Has('B'))
        {
            changes.RemoveAll(change => a[change.A..change.EndA].All(line => line.Length == 0) && b[change.B..change.EndB].All(line => line.Length == 0));
        }

        if (changes.Count == 0)
        {
            return 0;
        }

        if (options.Has('q'))
        {
            await i.PrintAsync($"Files {first} and {second} differ\n");
            return 1;
        }

        bool isUnified = options.Has('u') || options.Has('U');
        int context = int.TryParse(options.Value('U'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 3;
        string[] labels = [.. options.Values('L')];
        string Label(int n, string name) => n < labels.Length ? labels[n] : $"{name}\t{Dates.Format("%Y-%m-%d %H:%M:%S.%N %z", name is "-" ? i.Machine.Now : i.Files.Find(i.State.Path(name))?.Modified ?? i.Machine.Now)}";
        string body = isUnified ? $"--- {Label(0, first)}\n+++ {Label(1, second)}\n{Unified(changes, a, b, left, right, context)}" : Normal(changes, a, b, left, right);
        await i.PrintAsync(head + body);
        return 1;
    }

    private static string[] Keys(string[] lines, string text, Func<string, string> key)
    {
        string[] keys = [.. lines.Select(key)];
        if (text.Length > 0 && !text.EndsWith('\n'))
        {
            keys[^1] += "\0";
        }

        return keys;
    }

    private static async ValueTask<string?> ReadAsync(Invocation i, OptionParsing options, string name)
    {
        if (name is "-" || i.Files.Find(i.State.Path(name)) is not null)
        {
            return await Lines.ReadAsync(i, name);
        }

        if (options.Has('N'))
        {
            return "";
        }

        await i.FailAsync($"{name}: No such file or directory");
        return null;
    }

    // By the longest common sequence of lines.
    private static List<(int A, int EndA, int B, int EndB)> Changes(string[] a, string[] b)
    {
        int start = 0, endA = a.Length, endB = b.Length;
        while (start < endA && start < endB && string.Equals(a[start], b[start], StringComparison.Ordinal))
        {
            start++;
        }

        while (endA > start && endB > start && string.Equals(a[endA - 1], b[endB - 1], StringComparison.Ordinal))
        {
            endA--;
            endB--;
        }

        int rows = endA - start, columns = endB - start;
        ushort[,] common = new ushort[rows + 1, columns + 1];
        for (int x = rows - 1; x >= 0; x--)
        {
            for (int y = columns - 1; y >= 0; y--)
            {
                common[x, y] = string.Equals(a[start + x], b[start + y], StringComparison.Ordinal) ? (ushort)(common[x + 1, y + 1] + 1) : Math.Max(common[x + 1, y], common[x, y + 1]);
            }
        }

        List<(int, int, int, int)> changes = [];
        int i = 0, j = 0;
        while (i < rows || j < columns)
        {
            if (i < rows && j < columns && string.Equals(a[start + i], b[start + j], StringComparison.Ordinal))
            {
                i++;
                j++;
                continue;
            }

            int fromA = i, fromB = j;
            while (!(i < rows && j < columns && string.Equals(a[start + i], b[start + j], StringComparison.Ordinal)) && (i < rows || j < columns))
            {
                if (j >= columns || (i < rows && common[i + 1, j] >= common[i, j + 1]))
                {
                    i++;
                }
                else
                {
                    j++;
                }
            }

            changes.Add((start + fromA, start + i, start + fromB, start + j));
        }

        return changes;
    }

    private static string Normal(List<(int A, int EndA, int B, int EndB)> changes, string[] a, string[] b, string left, string right)
    {
        static string Range(int from, int to) => to - from <= 1 ? (to > from ? from + 1 : from).ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{from + 1},{to}");
        StringBuilder text = new();
        foreach ((int fromA, int toA, int fromB, int toB) in changes)
        {
            char kind = fromA == toA ? 'a' : fromB == toB ? 'd' : 'c';
            text.Append(Range(fromA, toA)).Append(kind).Append(Range(fromB, toB)).Append('\n');
            Append(text, "< ", a, fromA, toA, left);
            text.Append(kind == 'c' ? "---\n" : "");
            Append(text, "> ", b, fromB, toB, right);
        }

        return text.ToString();
    }

    private static string Unified(List<(int A, int EndA, int B, int EndB)> changes, string[] a, string[] b, string left, string right, int context)
    {
        StringBuilder text = new();
        for (int n = 0; n < changes.Count;)
        {
            int last = n;
            while (last + 1 < changes.Count && changes[last + 1].A - changes[last].EndA <= 2 * context)
            {
                last++;
            }

            int fromA = Math.Max(0, changes[n].A - context), toA = Math.Min(a.Length, changes[last].EndA + context);
            int fromB = changes[n].B - (changes[n].A - fromA), toB = changes[last].EndB + (toA - changes[last].EndA);
            static string Range(int from, int to) => to - from == 1 ? (from + 1).ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{(to > from ? from + 1 : from)},{to - from}");
            text.Append("@@ -").Append(Range(fromA, toA)).Append(" +").Append(Range(fromB, toB)).Append(" @@\n");
            int at = fromA;
            for (; n <= last; n++)
            {
                Append(text, " ", a, at, changes[n].A, left);
                Append(text, "-", a, changes[n].A, changes[n].EndA, left);
                Append(text, "+", b, changes[n].B, changes[n].EndB, right);
                at = changes[n].EndA;
            }

            Append(text, " ", a, at, toA, left);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string mark, string[] lines, int from, int to, string whole)
    {
        for (int n = from; n < to; n++)
        {
            text.Append(mark).Append(lines[n]).Append('\n');
            if (n == lines.Length - 1 && !whole.EndsWith('\n'))
            {
                text.Append("\\ No newline at end of file\n");
            }
        }
    }

    public static async ValueTask<int> CompareAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "sbln:i:", new Dictionary<string, char>(StringComparer.Ordinal) { ["silent"] = 's', ["quiet"] = 's', ["verbose"] = 'l', ["print-bytes"] = 'b', ["bytes"] = 'n' }, isMixed: true);
        if (options.Error is { } error || options.Operands.Count == 0)
        {
            return options.Error is { } wrong ? await Lines.InvalidOptionAsync(i, wrong, 2) : await i.FailAsync("missing operand after 'cmp'\ncmp: Try 'cmp --help' for more information.", 2);
        }

        string first = options.Operands[0], second = options.Operands.Count > 1 ? options.Operands[1] : "-";
        if (options.Has('s') && new[] { first, second }.Any(name => i.Opened(name) is null && i.Read(name, out _) != Files.FileError.None))
        {
            return 2;
        }

        if (await Lines.ReadAsync(i, first) is not { } a || await Lines.ReadAsync(i, second) is not { } b)
        {
            return 2;
        }

        int most = int.TryParse(options.Value('n'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : int.MaxValue;
        a = a.Length > most ? a[..most] : a;
        b = b.Length > most ? b[..most] : b;
        int length = Math.Min(a.Length, b.Length), status = 0;
        for (int n = 0; n < length; n++)
        {
            if (a[n] == b[n])
            {
                continue;
            }

            status = 1;
            if (options.Has('l'))
            {
                int width = Math.Max(a.Length, b.Length).ToString(CultureInfo.InvariantCulture).Length;
                await i.PrintAsync($"{(n + 1).ToString(CultureInfo.InvariantCulture).PadLeft(width)} {Convert.ToString(a[n], 8),3} {Convert.ToString(b[n], 8),3}\n");
                continue;
            }

            if (!options.Has('s'))
            {
                string bytes = options.Has('b') ? $" is {Convert.ToString(a[n], 8),3} {a[n]} {Convert.ToString(b[n], 8),3} {b[n]}" : "";
                await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{first} {second} differ: byte {n + 1}, line {a.AsSpan(0, n).Count('\n') + 1}{bytes}\n"));
            }

            return 1;
        }

        if (a.Length != b.Length)
        {
            string name = a.Length < b.Length ? first : second, shorter = a.Length < b.Length ? a : b;
            return options.Has('s') ? 1 : await i.FailAsync(shorter.Length == 0 ? $"EOF on {name} which is empty" : options.Has('l') ? string.Create(CultureInfo.InvariantCulture, $"EOF on {name} after byte {shorter.Length}") : string.Create(CultureInfo.InvariantCulture, $"EOF on {name} after byte {shorter.Length}, {(shorter.EndsWith('\n') ? "line" : "in line")} {shorter.AsSpan().Count('\n') + (shorter.EndsWith('\n') ? 0 : 1)}"));
        }

        return status;
    }
}
