using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>uniq(1).</summary>
internal static class UniqueCommand
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["count"] = 'c', ["repeated"] = 'd', ["all-repeated"] = 'D', ["unique"] = 'u', ["ignore-case"] = 'i', ["skip-fields"] = 'f', ["skip-chars"] = 's', ["check-chars"] = 'w', ["zero-terminated"] = 'z' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "cdDuif:s:w:z", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (await Lines.ReadAsync(i, options.Operands.Count > 0 ? options.Operands[0] : "-") is not { } text)
        {
            return 1;
        }

        char end = options.Has('z') ? '\0' : '\n';
        int fields = Number(options, 'f', 0), skipped = Number(options, 's', 0), checkedOnly = Number(options, 'w', int.MaxValue);
        string Key(string line)
        {
            int at = 0;
            for (int n = 0; n < fields; n++)
            {
                while (at < line.Length && line[at] is ' ' or '\t')
                {
                    at++;
                }

                while (at < line.Length && line[at] is not (' ' or '\t'))
                {
                    at++;
                }
            }

            at = Math.Min(line.Length, at + skipped);
            string key = line.Substring(at, Math.Min(checkedOnly, line.Length - at));
            return options.Has('i') ? key.ToUpperInvariant() : key;
        }

        List<(string Key, List<string> Lines)> runs = [];
        foreach (string line in Lines.Of(text, end))
        {
            string key = Key(line);
            if (runs.Count > 0 && string.Equals(runs[^1].Key, key, StringComparison.Ordinal))
            {
                runs[^1].Lines.Add(line);
            }
            else
            {
                runs.Add((key, [line]));
            }
        }

        IEnumerable<List<string>> shown = runs.Select(run => run.Lines).Where(lines => (!options.Has('d') && !options.Has('D')) || lines.Count > 1).Where(lines => !options.Has('u') || lines.Count == 1);
        string made = Lines.Join(options.Has('D') ? shown.SelectMany(lines => lines) : shown.Select(lines => options.Has('c') ? string.Create(CultureInfo.InvariantCulture, $"{lines.Count,7} {lines[0]}") : lines[0]), end);
        if (options.Operands.Count < 2 || options.Operands[1] is "-")
        {
            await i.PrintAsync(made);
            return 0;
        }

        FileError written = i.Files.Write(i.State.Path(options.Operands[1]), System.Text.Encoding.Latin1.GetBytes(made), i.State.Visit.UserId, i.State.Visit.UserId);
        return written == FileError.None ? 0 : await i.FailAsync($"{options.Operands[1]}: {written.Text()}");
    }

    private static int Number(OptionParsing options, char letter, int otherwise) => int.TryParse(options.Value(letter), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
