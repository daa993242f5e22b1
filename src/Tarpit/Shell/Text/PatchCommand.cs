using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Archives;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>patch(1) for unified differences: changes, makes and removes files.</summary>
internal static class PatchCommand
{
    private const int MostHunks = 2000;
    private const int MostFuzz = 2;

    // Lines, while a place is looked for.
    private const long MostCompared = 4_000_000;

    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal)
    {
        ["strip"] = 'p', ["input"] = 'i', ["reverse"] = 'R', ["forward"] = 'N', ["silent"] = 's', ["quiet"] = 's', ["dry-run"] = 'D', ["backup"] = 'b', ["force"] = 'f', ["batch"] = 't', ["directory"] = 'd', ["output"] = 'o', ["unified"] = 'u', ["remove-empty-files"] = 'E',
    };

    private sealed record Hunk(int Start, List<string> Before, List<string> After, List<string> Text);

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "p:i:RNsDbftd:o:uE", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            await i.Streams.Error.WriteAsync($"patch: {OptionParsing.Describe(error)}\npatch: Try 'patch --help' for more information.\n", i.Cancellation);
            return 2;
        }

        string source = options.Value('i') ?? (options.Operands.Count > 1 ? options.Operands[1] : "-");
        if (i.Opened(source) is null && i.Read(source, out _) is var failure && failure != FileError.None)
        {
            return await FatalAsync(i, $"Can't open patch file {source} : {failure.Text()}");
        }

        string[] lines = Lines.Of(await Lines.ReadAsync(i, source) ?? "");
        int status = 0;
        bool isFound = false;
        for (int at = 0; at + 2 < lines.Length; at++)
        {
            if (lines[at].StartsWith("--- ", StringComparison.Ordinal) && lines[at + 1].StartsWith("+++ ", StringComparison.Ordinal) && lines[at + 2].StartsWith("@@ -", StringComparison.Ordinal))
            {
                isFound = true;
                string before = Name(lines[at]), after = Name(lines[at + 1]);
                at += 2;
                List<Hunk> hunks = Read(lines, ref at, options.Has('R'));
                at--;
                status = Math.Max(status, await ChangeAsync(i, options, options.Has('R') ? (after, before) : (before, after), hunks));
                await i.State.Budget.StepAsync(i.Cancellation);
            }
        }

        return isFound || lines.Length == 0 ? status : await FatalAsync(i, "Only garbage was found in the patch input.");
    }

    private static async ValueTask<int> FatalAsync(Invocation i, string text)
    {
        await i.Streams.Error.WriteAsync($"patch: **** {text}\n", i.Cancellation);
        return 2;
    }

    private static string Name(string line) => line[4..].Split('\t')[0].TrimEnd();

    // Hunks that follow; a line "\ No newline" takes the end of the line before it.
    private static List<Hunk> Read(string[] lines, ref int at, bool isReversed)
    {
        List<Hunk> hunks = [];
        while (at < lines.Length && lines[at].StartsWith("@@ -", StringComparison.Ordinal) && hunks.Count < MostHunks)
        {
            string[] words = lines[at++].Split(' ');
            (int start, int before) = Range(words[1]);
            (int newStart, int after) = Range(words.Length > 2 ? words[2] : "+0");
            Hunk hunk = new(isReversed ? newStart : start, [], [], [lines[at - 1]]);
            while (at < lines.Length && (before > 0 || after > 0 || lines[at].StartsWith('\\')))
            {
                string line = lines[at++];
                hunk.Text.Add(line);
                char kind = line.Length == 0 ? ' ' : line[0];
                if (kind == '\\')
                {
                    continue;
                }

                string text = (line.Length == 0 ? "" : line[1..]) + (at < lines.Length && lines[at].StartsWith('\\') ? "" : "\n");
                if (kind is ' ' or '-')
                {
                    before--;
                    (isReversed ? hunk.After : hunk.Before).Add(text);
                }

                if (kind is ' ' or '+')
                {
                    after--;
                    (isReversed ? hunk.Before : hunk.After).Add(text);
                }
            }

            hunks.Add(hunk);
        }

        return hunks;
    }

    private static (int Start, int Count) Range(string text)
    {
        string[] parts = text.TrimStart('-', '+').Split(',');
        static int Value(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;
        return (Value(parts[0]), parts.Length > 1 ? Value(parts[1]) : 1);
    }

    private static async ValueTask<int> ChangeAsync(Invocation i, OptionParsing options, (string Before, string After) names, List<Hunk> hunks)
    {
        int strip = int.TryParse(options.Value('p'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : -1;
        string folder = options.Value('d') is { } inside ? inside.TrimEnd('/') + "/" : "";
        string Stripped(string name) => strip < 0 ? name.Split('/')[^1] : string.Join('/', name.Split('/').Skip(strip));
        string[] candidates = [.. new[] { names.Before, names.After }.Where(one => one is not "/dev/null").Select(Stripped).Where(one => one.Length > 0)];
        string? name = options.Operands.Count > 0 ? options.Operands[0] : candidates.FirstOrDefault(one => i.Read(folder + one, out _) == FileError.None) ?? (names.Before is "/dev/null" || hunks is [{ Before.Count: 0, Start: 0 }] ? candidates.LastOrDefault() : null);
        if (name is null)
        {
            await i.PrintAsync($"can't find file to patch at input line 3\n{(strip < 0 ? "Perhaps you should have used the -p or --strip option?" : "Perhaps you used the wrong -p or --strip option?")}\nThe text leading up to this was:\n--------------------------\n|--- {names.Before}\n|+++ {names.After}\n--------------------------\nFile to patch: \nSkip this patch? [y] \nSkipping patch.\n{hunks.Count} out of {hunks.Count} hunk{(hunks.Count == 1 ? "" : "s")} ignored\n");
            return 1;
        }

        string text = i.Read(folder + name, out byte[] content) == FileError.None ? Encoding.Latin1.GetString(content) : "";
        i.Hold(text.Length * 4);
        List<string> file = [.. Lines.Split(text, '\n')];
        file = [.. file.Take(file.Count - 1).Select(line => line + "\n"), .. file[^1].Length > 0 ? [file[^1]] : Array.Empty<string>()];
        StringBuilder told = new();
        told.Append(options.Has('s') ? "" : $"{(options.Has('D') ? "checking" : "patching")} file {name}\n");
        int offset = 0, failed = 0, number = 0;
        List<string> rejected = [];
        if (hunks.Count > 0 && Place(file, hunks[0], 0, 0) is null && Place(file, new Hunk(hunks[0].Start, hunks[0].After, hunks[0].Before, []), 0, 0) is not null && hunks[0].After.Count > 0)
        {
            told.Append("Reversed (or previously applied) patch detected!  ").Append(options.Has('N') ? "Skipping patch.\n" : "Assume -R? [n] \nApply anyway? [n] \nSkipping patch.\n");
            told.Append(CultureInfo.InvariantCulture, $"{hunks.Count} out of {hunks.Count} hunk{(hunks.Count == 1 ? "" : "s")} ignored{(options.Has('D') ? "" : $" -- saving rejects to file {name}.rej")}\n");
            await i.PrintAsync(told.ToString());
            return options.Has('D') || await RejectAsync(i, folder + name, hunks.SelectMany(hunk => hunk.Text)) == 0 ? 1 : 2;
        }

        foreach (Hunk hunk in hunks)
        {
            number++;
            i.State.Budget.Charge((int)(Math.Min((long)file.Count * hunk.Before.Count, MostCompared) / 4096));
            await i.State.Budget.StepAsync(i.Cancellation);
            if (Enumerable.Range(0, MostFuzz + 1).Select(fuzz => (Fuzz: fuzz, At: Place(file, hunk, offset, fuzz))).FirstOrDefault(tried => tried.At is not null) is not { At: { } at } found)
            {
                failed++;
                rejected.AddRange(hunk.Text);
                told.Append(CultureInfo.InvariantCulture, $"Hunk #{number} FAILED at {hunk.Start}.\n");
                continue;
            }

            int expected = Math.Max(0, hunk.Start - (hunk.Before.Count == 0 ? 0 : 1)) + found.Fuzz + offset, moved = at - expected;
            if (moved != 0 || found.Fuzz > 0)
            {
                told.Append(CultureInfo.InvariantCulture, $"Hunk #{number} succeeded at {at - found.Fuzz + 1}{(found.Fuzz > 0 ? $" with fuzz {found.Fuzz}" : "")}{(moved != 0 ? $" (offset {moved} line{(Math.Abs(moved) == 1 ? "" : "s")})" : "")}.\n");
            }

            List<string> before = hunk.Before[found.Fuzz..(hunk.Before.Count - found.Fuzz)], after = hunk.After[found.Fuzz..(hunk.After.Count - found.Fuzz)];
            file.RemoveRange(at, before.Count);
            file.InsertRange(at, after);
            offset += after.Count - before.Count + moved;
        }

        if (failed > 0)
        {
            told.Append(CultureInfo.InvariantCulture, $"{failed} out of {hunks.Count} hunk{(hunks.Count == 1 ? "" : "s")} FAILED{(options.Has('D') ? "" : $" -- saving rejects to file {name}.rej")}\n");
        }

        await i.PrintAsync(told.ToString());
        if (options.Has('D'))
        {
            return failed > 0 ? 1 : 0;
        }

        if (options.Has('b') && content.Length > 0 && await ArchiveCommands.StoreAsync(i, folder + name + ".orig", content) != 0)
        {
            return 2;
        }

        if (file.Count == 0 && (names.After is "/dev/null" || options.Has('E')))
        {
            return i.Files.Remove(i.State.Path(folder + name)) == FileError.None ? 0 : 2;
        }

        if (failed > 0)
        {
            await RejectAsync(i, folder + name, rejected);
        }

        int stored = await ArchiveCommands.StoreAsync(i, options.Value('o') ?? folder + name, Encoding.Latin1.GetBytes(string.Concat(file)));
        return stored != 0 ? 2 : failed > 0 ? 1 : 0;
    }

    private static ValueTask<int> RejectAsync(Invocation i, string name, IEnumerable<string> lines) =>
        ArchiveCommands.StoreAsync(i, name + ".rej", Encoding.Latin1.GetBytes($"--- {name}\n+++ {name}\n{Lines.Join(lines)}"));

    // Where the old lines of a hunk stand, nearest to where they should; so many lines at both ends may differ.
    private static int? Place(List<string> file, Hunk hunk, int offset, int fuzz)
    {
        int count = hunk.Before.Count - (2 * fuzz), wanted = Math.Max(0, hunk.Start - (hunk.Before.Count == 0 ? 0 : 1)) + fuzz + offset;
        if (count < 0 || (fuzz > 0 && (count == 0 || hunk.After.Count < 2 * fuzz)))
        {
            return null;
        }

        bool Fits(int at) => at >= 0 && at + count <= file.Count && Enumerable.Range(0, count).All(n => string.Equals(file[at + n], hunk.Before[fuzz + n], StringComparison.Ordinal));
        if (count == 0)
        {
            return Math.Min(wanted, file.Count);
        }

        for (int away = 0; away <= file.Count && (long)away * count < MostCompared; away++)
        {
            if (Fits(wanted + away))
            {
                return wanted + away;
            }

            if (Fits(wanted - away))
            {
                return wanted - away;
            }
        }

        return null;
    }
}
