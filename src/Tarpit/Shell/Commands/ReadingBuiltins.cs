using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>read, mapfile and getopts (bash(1), SHELL BUILTIN COMMANDS).</summary>
internal static class ReadingBuiltins
{
    private const int MostLines = 16_384;

    public static async ValueTask<int> ReadAsync(Invocation i)
    {
        if (i.Value('p') is { } prompt && i.State.Io.Terminal is not null)
        {
            await i.Streams.Error.WriteAsync(prompt, i.Cancellation);
        }

        bool isRaw = i.Arguments.TakeWhile(argument => argument.StartsWith('-')).Any(argument => argument.Contains('r', StringComparison.Ordinal));
        (string? line, bool isEnded) = await LineAsync(i, isRaw);
        string text = line ?? "";
        IReadOnlyList<string> names = i.OperandsWithout("pntduaNi");
        string separators = i.State.Variables.GetValueOrDefault("IFS", " \t\n");
        if (ArrayName(i) is { } array)
        {
            i.State.Variables.Remove(array);
            ShellArray elements = i.State.Array(array);
            elements.Clear();
            foreach (string word in Split(text, separators, int.MaxValue))
            {
                elements.Add(word);
            }
        }
        else if (names.Count == 0)
        {
            i.State.Set("REPLY", text);
        }
        else
        {
            List<string> words = Split(text, separators, names.Count);
            for (int n = 0; n < names.Count; n++)
            {
                i.State.Set(names[n], n < words.Count ? words[n] : "");
            }
        }

        return isEnded ? 0 : 1;
    }

    public static async ValueTask<int> ReadLinesAsync(Invocation i)
    {
        string name = i.OperandsWithout("nOsudcC") is [{ } given, ..] ? given : "MAPFILE";
        string text = Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation));
        i.State.Variables.Remove(name);
        ShellArray array = i.State.Array(name);
        array.Clear();
        foreach (string line in TextCommands.Lines(text).Take(Math.Min(MostLines, i.Value('n') is { } most && int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : MostLines)))
        {
            array.Add(i.Has('t') ? line : line + "\n");
        }

        return 0;
    }

    public static ValueTask<int> GetOption(Invocation i)
    {
        if (i.Arguments.Count < 2)
        {
            return new(2);
        }

        string wanted = i.Arguments[0], name = i.Arguments[1];
        IReadOnlyList<string> words = i.Arguments.Count > 2 ? [.. i.Arguments.Skip(2)] : i.State.Arguments;
        int index = int.TryParse(i.State.Get("OPTIND"), NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at > 0 ? at : 1;
        int place = int.TryParse(i.State.Get("OPTPLACE "), NumberStyles.None, CultureInfo.InvariantCulture, out int within) && within > 0 ? within : 1;
        if (index > words.Count || words[index - 1] is not ['-', _, ..] || words[index - 1] is "--")
        {
            i.State.Set(name, "?");
            i.State.Set("OPTIND", (index <= words.Count && words[index - 1] is "--" ? index + 1 : index).ToString(CultureInfo.InvariantCulture));
            return new(1);
        }

        string word = words[index - 1];
        char letter = word[place];
        int known = letter == ':' ? -1 : wanted.IndexOf(letter, StringComparison.Ordinal);
        bool takes = known >= 0 && known + 1 < wanted.Length && wanted[known + 1] == ':';
        i.State.Variables.Remove("OPTARG");
        if (takes)
        {
            string? value = place + 1 < word.Length ? word[(place + 1)..] : index < words.Count ? words[index] : null;
            index += place + 1 < word.Length ? 1 : 2;
            place = 1;
            i.State.Set("OPTARG", value ?? (wanted.StartsWith(':') ? letter.ToString() : ""));
            i.State.Set(name, value is not null ? letter.ToString() : wanted.StartsWith(':') ? ":" : "?");
        }
        else
        {
            if (known < 0 && wanted.StartsWith(':'))
            {
                i.State.Set("OPTARG", letter.ToString());
            }

            i.State.Set(name, known < 0 ? "?" : letter.ToString());
            (index, place) = place + 1 < word.Length ? (index, place + 1) : (index + 1, 1);
        }

        i.State.Set("OPTIND", index.ToString(CultureInfo.InvariantCulture));
        i.State.Set("OPTPLACE ", place.ToString(CultureInfo.InvariantCulture));
        return new(0);
    }

    /// <summary>A line without its end; backslashes are taken away unless it is raw, and one at the end joins the next line.</summary>
    private static async ValueTask<(string? Line, bool IsEnded)> LineAsync(Invocation i, bool isRaw)
    {
        StringBuilder line = new();
        int most = (i.Value('n') ?? i.Value('N')) is { } given && int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int letters) ? letters : int.MaxValue;
        char end = i.Value('d') is { } delimiter ? (delimiter.Length > 0 ? delimiter[0] : '\0') : '\n';
        while (line.Length < most)
        {
            if (await i.Streams.Input.ReadByteAsync(i.Cancellation) is not { } letter)
            {
                return (line.Length > 0 ? line.ToString() : null, false);
            }

            char c = (char)letter;
            if (c == '\\' && !isRaw)
            {
                if (await i.Streams.Input.ReadByteAsync(i.Cancellation) is { } next && next != '\n')
                {
                    line.Append((char)next);
                }

                continue;
            }

            if (c == end)
            {
                return (line.ToString(), true);
            }

            line.Append(c);
        }

        return (line.ToString(), true);
    }

    // The last word takes the rest, with the separators in it but without white space at its end.
    private static List<string> Split(string text, string separators, int most)
    {
        bool IsBlank(char c) => c is ' ' or '\t' or '\n' && separators.Contains(c, StringComparison.Ordinal);
        List<string> words = [];
        int at = 0;
        while (at < text.Length && IsBlank(text[at]))
        {
            at++;
        }

        while (at < text.Length && words.Count < most)
        {
            if (words.Count == most - 1)
            {
                string rest = text[at..];
                int end = rest.Length;
                while (end > 0 && IsBlank(rest[end - 1]))
                {
                    end--;
                }

                rest = rest[..end];

                // One separator at its very end, with nothing else, goes too.
                words.Add(rest.Length > 0 && separators.Contains(rest[^1], StringComparison.Ordinal) && !IsBlank(rest[^1]) && rest.AsSpan(0, rest.Length - 1).IndexOfAny(separators) < 0 ? rest[..^1] : rest);
                return words;
            }

            int start = at;
            while (at < text.Length && !separators.Contains(text[at], StringComparison.Ordinal))
            {
                at++;
            }

            words.Add(text[start..at]);
            while (at < text.Length && IsBlank(text[at]))
            {
                at++;
            }

            if (at < text.Length && separators.Contains(text[at], StringComparison.Ordinal))
            {
                at++;
                while (at < text.Length && IsBlank(text[at]))
                {
                    at++;
                }
            }
        }

        return words;
    }

    private static string? ArrayName(Invocation i)
    {
        for (int n = 0; n < i.Arguments.Count && i.Arguments[n].StartsWith('-'); n++)
        {
            if (i.Arguments[n].EndsWith('a') && n + 1 < i.Arguments.Count)
            {
                return i.Arguments[n + 1];
            }
        }

        return null;
    }
}
