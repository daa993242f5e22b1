using System.Text;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>getopt(1) of util-linux: puts the options of a script in order and quotes them for eval.</summary>
internal sealed class GetoptCommand
{
    private const string Try = "Try 'getopt --help' for more information.";

    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal)
    {
        ["alternative"] = 'a', ["longoptions"] = 'l', ["name"] = 'n', ["options"] = 'o', ["quiet"] = 'q', ["quiet-output"] = 'Q', ["shell"] = 's', ["test"] = 'T', ["unquoted"] = 'u',
    };

    private readonly Invocation _call;
    private readonly string _name;
    private readonly string _letters;
    private readonly List<(string Name, int Values)> _long = [];
    private readonly bool _isQuoted;
    private readonly bool _isQuiet;
    private readonly bool _isAlternative;
    private readonly StringBuilder _made = new();
    private bool _failed;

    private GetoptCommand(Invocation call, OptionParsing? options, string letters)
    {
        (_call, _letters) = (call, letters);
        (_isQuoted, _isQuiet, _isAlternative, _name) = (options is not null && !options.Has('u'), options?.Has('q') == true, options?.Has('a') == true, options?.Value('n') ?? "getopt");
        foreach (string name in options?.Values('l').SelectMany(list => list.Split([',', ' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)) ?? [])
        {
            string bare = name.TrimEnd(':');
            _long.Add((bare, Math.Min(2, name.Length - bare.Length)));
        }
    }

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        if (i.Arguments.Count == 0)
        {
            return await i.FailAsync($"missing optstring argument\n{Try}", 2);
        }

        if (i.Arguments[0] is not ['-', ..])
        {
            // The old form quotes nothing.
            return await new GetoptCommand(i, null, i.Arguments[0]).ReadAsync([.. i.Arguments.Skip(1)], prints: true);
        }

        OptionParsing options = new(i.Arguments, "al:n:o:qQs:TuhV", LongNames);
        if (options.Error is { } error)
        {
            return await Text.Lines.InvalidOptionAsync(i, error, 2);
        }

        if (options.Has('V'))
        {
            await i.PrintAsync("getopt from util-linux 2.39.3\n");
            return 0;
        }

        if (options.Has('T'))
        {
            return 4;
        }

        if (options.Value('o') is null && options.Operands.Count == 0)
        {
            return await i.FailAsync($"missing optstring argument\n{Try}", 2);
        }

        string letters = options.Value('o') ?? options.Operands[0];
        return await new GetoptCommand(i, options, letters).ReadAsync([.. options.Operands.Skip(options.Value('o') is null ? 1 : 0)], prints: !options.Has('Q'));
    }

    private async ValueTask<int> ReadAsync(string[] words, bool prints)
    {
        List<string> others = [];
        bool stops = _letters.StartsWith('+') || _call.State.Find("POSIXLY_CORRECT") is not null, keepsOrder = _letters.StartsWith('-');
        int at = 0;
        for (; at < words.Length; at++)
        {
            string word = words[at];
            if (word is "--")
            {
                at++;
                break;
            }

            if (word is not ['-', _, ..])
            {
                if (stops)
                {
                    break;
                }

                _ = keepsOrder ? _made.Append(' ').Append(Quoted(word)) : null;
                if (!keepsOrder)
                {
                    others.Add(word);
                }

                continue;
            }

            at = word.StartsWith("--", StringComparison.Ordinal) || (_isAlternative && Found(word[1..].Split('=')[0]).Count > 0) ? await LongAsync(words, at) : await LettersAsync(words, at);
        }

        _made.Append(" --");
        foreach (string word in others.Concat(words.Skip(at)))
        {
            _made.Append(' ').Append(Quoted(word));
        }

        if (prints)
        {
            await _call.PrintAsync(_made.Append('\n').ToString());
        }

        return _failed ? 1 : 0;
    }

    private async ValueTask<int> LettersAsync(string[] words, int at)
    {
        string word = words[at];
        for (int n = 1; n < word.Length; n++)
        {
            int known = word[n] == ':' ? -1 : _letters.IndexOf(word[n], StringComparison.Ordinal);
            if (known < 0 || word[n] is '+' or '-')
            {
                await WrongAsync($"invalid option -- '{word[n]}'");
                continue;
            }

            bool takes = known + 1 < _letters.Length && _letters[known + 1] == ':', may = takes && known + 2 < _letters.Length && _letters[known + 2] == ':';
            if (!takes)
            {
                _made.Append(" -").Append(word[n]);
                continue;
            }

            string? value = n + 1 < word.Length ? word[(n + 1)..] : may ? "" : at + 1 < words.Length ? words[++at] : null;
            if (value is null)
            {
                await WrongAsync($"option requires an argument -- '{word[n]}'");
            }
            else
            {
                _made.Append(" -").Append(word[n]).Append(' ').Append(Quoted(value));
            }

            break;
        }

        return at;
    }

    private async ValueTask<int> LongAsync(string[] words, int at)
    {
        string dashes = words[at].StartsWith("--", StringComparison.Ordinal) ? "--" : "-", word = words[at][dashes.Length..];
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word : word[..equals];
        string? value = equals < 0 ? null : word[(equals + 1)..];
        List<(string Name, int Values)> found = Found(name);
        if (found.Count != 1)
        {
            await WrongAsync(found.Count == 0 ? $"unrecognized option '{dashes}{name}'" : $"option '{dashes}{word}' is ambiguous; possibilities:{string.Concat(found.Select(one => $" '--{one.Name}'"))}");
            return at;
        }

        (string full, int values) = found[0];
        if (values == 0 && value is not null)
        {
            await WrongAsync($"option '--{full}' doesn't allow an argument");
            return at;
        }

        value ??= values == 1 && at + 1 < words.Length ? words[++at] : values == 2 ? "" : null;
        if (values == 1 && value is null)
        {
            await WrongAsync($"option '--{full}' requires an argument");
            return at;
        }

        _made.Append(" --").Append(full);
        _ = values > 0 ? _made.Append(' ').Append(Quoted(value!)) : null;
        return at;
    }

    private List<(string Name, int Values)> Found(string name)
    {
        (string Name, int Values)[] exact = [.. _long.Where(one => string.Equals(one.Name, name, StringComparison.Ordinal)).Take(1)];
        return exact.Length > 0 ? [.. exact] : [.. _long.Where(one => one.Name.StartsWith(name, StringComparison.Ordinal))];
    }

    private async ValueTask WrongAsync(string text)
    {
        _failed = true;
        if (!_isQuiet && !_letters.StartsWith(':'))
        {
            await _call.Streams.Error.WriteAsync($"{_name}: {text}\n", _call.Cancellation);
        }
    }

    private string Quoted(string word) => _isQuoted ? $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'" : word;
}
