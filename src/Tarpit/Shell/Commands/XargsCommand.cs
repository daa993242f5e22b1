using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>xargs: words of the input become arguments.</summary>
internal static class XargsCommand
{
    private const int LongestLine = 120_000;
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["null"] = '0', ["no-run-if-empty"] = 'r', ["max-args"] = 'n', ["max-lines"] = 'L', ["replace"] = 'I', ["delimiter"] = 'd', ["verbose"] = 't', ["arg-file"] = 'a', ["max-procs"] = 'P', ["exit"] = 'x', ["max-chars"] = 's' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        // -e, -i and -l have their value in the same word, or a usual one.
        int own = i.Arguments.TakeWhile(argument => argument.StartsWith('-')).Count();
        OptionParsing options = new([.. i.Arguments.Select((argument, at) => at >= own ? argument : argument is "-i" ? "-I{}" : argument.StartsWith("-i", StringComparison.Ordinal) ? "-I" + argument[2..] : argument is "-l" ? "-L1" : argument.StartsWith("-l", StringComparison.Ordinal) ? "-L" + argument[2..] : argument is "-e" ? "-x" : argument.StartsWith("-e", StringComparison.Ordinal) ? "-E" + argument[2..] : argument)], "0rtxpn:L:I:d:P:s:a:E:", LongNames);
        if (options.Error is { } error)
        {
            return await Text.Lines.InvalidOptionAsync(i, error);
        }

        string text;
        if (options.Value('a') is { } file)
        {
            Files.FileError failure = i.Read(file, out byte[] content);
            if (failure != Files.FileError.None)
            {
                return await i.FailAsync($"{file}: {Files.FileErrors.Text(failure)}");
            }

            text = Encoding.Latin1.GetString(content);
        }
        else
        {
            text = Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation));
        }

        IReadOnlyList<string> command = options.Operands.Count == 0 ? ["echo"] : options.Operands;
        string? place = options.Value('I');
        (List<string[]> lines, string? wrong) = Words(text, options, place is not null);
        if (options.Value('E') is { Length: > 0 } end && lines.FindIndex(line => line.Contains(end, StringComparer.Ordinal)) is >= 0 and var last)
        {
            lines[last] = [.. lines[last].TakeWhile(word => !string.Equals(word, end, StringComparison.Ordinal))];
            lines = [.. lines.Take(last + 1).Where(line => line.Length > 0)];
        }

        int status = 0;
        foreach (string[] part in Parts(lines, options, place is not null, command.Sum(word => word.Length + 1)))
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            List<string> words = place is null ? [.. command, .. part] : [.. command.Select(word => word.Replace(place, part[0], StringComparison.Ordinal))];
            if (options.Has('t'))
            {
                await i.Streams.Error.WriteAsync(string.Join(' ', words) + "\n", i.Cancellation);
            }

            int one = await CallAsync(i, words);
            if (one is 126 or 127 or 255)
            {
                return one == 255 ? await i.FailAsync($"{words[0]}: exited with status 255; aborting", 124) : one;
            }

            status = one is > 0 and < 126 || one > 127 ? 123 : status;
        }

        return wrong is null ? status : await i.FailAsync(wrong);
    }

    private static async ValueTask<int> CallAsync(Invocation i, List<string> words)
    {
        if (!words[0].Contains('/', StringComparison.Ordinal) && i.Interpreter.FindProgram(words[0]) is null)
        {
            await i.Streams.Error.WriteAsync($"xargs: {words[0]}: No such file or directory\n", i.Cancellation);
            return 127;
        }

        Interpreter shell = new(i.State.CopyForProgram(), i.Streams with { Input = ShellInput.Empty });
        return await shell.CallProgramAsync(words[0], [.. words.Skip(1)], i.Streams with { Input = ShellInput.Empty }, i.Cancellation);
    }

    // Lines with the words in them; quotes and backslashes protect blanks unless a delimiter is given.
    private static (List<string[]> Lines, string? Error) Words(string text, OptionParsing options, bool isByLine)
    {
        if (options.Has('0') || options.Value('d') is not null)
        {
            string delimiter = options.Has('0') ? "\0" : Escapes.Decode(options.Value('d')!);
            string[] items = text.Split(delimiter.Length > 0 ? delimiter[0] : '\0');
            return ([.. (items[^1].Length == 0 ? items[..^1] : items).Select(item => new[] { item })], null);
        }

        List<string[]> lines = [];
        List<string> line = [];
        StringBuilder word = new();
        bool isWord = false;
        char quote = '\0';
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else if (c == '\n')
                {
                    return (lines, $"unmatched {(quote == '"' ? "double" : "single")} quote; by default quotes are special to xargs unless you use the -0 option");
                }
                else
                {
                    word.Append(c);
                }
            }
            else if (c is '"' or '\'')
            {
                (quote, isWord) = (c, true);
            }
            else if (c == '\\' && at + 1 < text.Length)
            {
                word.Append(text[++at]);
                isWord = true;
            }
            else if (c == '\n' || (c is ' ' or '\t' or '\v' or '\f' or '\r' && (!isByLine || !isWord) && (c is ' ' or '\t' || isByLine)))
            {
                if (isWord)
                {
                    line.Add(word.ToString());
                }

                word.Clear();
                isWord = false;
                if (c == '\n' && line.Count > 0)
                {
                    lines.Add([.. line]);
                    line.Clear();
                }
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (quote != '\0')
        {
            return (lines, $"unmatched {(quote == '"' ? "double" : "single")} quote; by default quotes are special to xargs unless you use the -0 option");
        }

        if (isWord)
        {
            line.Add(word.ToString());
        }

        if (line.Count > 0)
        {
            lines.Add([.. line]);
        }

        return (lines, null);
    }

    private static IEnumerable<string[]> Parts(List<string[]> lines, OptionParsing options, bool isByLine, int length)
    {
        if (isByLine)
        {
            return lines;
        }

        if (options.Value('L') is { } most && int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
        {
            return lines.Chunk(count).Select(chunk => chunk.SelectMany(line => line).ToArray());
        }

        string[] all = [.. lines.SelectMany(line => line)];
        if (all.Length == 0)
        {
            return options.Has('r') ? [] : [[]];
        }

        return options.Value('n') is { } number && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int each) && each > 0 ? all.Chunk(each) : Fitting(all, length, Most(options));
    }

    private static int Most(OptionParsing options) => int.TryParse(options.Value('s'), NumberStyles.None, CultureInfo.InvariantCulture, out int most) && most > 0 ? Math.Min(most, LongestLine) : LongestLine;

    private static IEnumerable<string[]> Fitting(string[] words, int length, int most)
    {
        List<string> part = [];
        int size = length;
        foreach (string word in words)
        {
            if (size + word.Length + 1 > most && part.Count > 0)
            {
                yield return [.. part];
                part.Clear();
                size = length;
            }

            part.Add(word);
            size += word.Length + 1;
        }

        yield return [.. part];
    }
}
