using System.Globalization;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Options as getopt(3) reads them: letters that stand together, values in the same word or in the next one.</summary>
internal sealed class OptionParsing
{
    private const string Missing = "requires an argument";

    private readonly List<(char Letter, string? Value)> _options = [];
    private readonly bool _isLenient;

    /// <param name="letters">Those that are known; a colon follows those with a value.</param>
    /// <param name="longNames">"--name" and the letter that it stands for; the letter says whether it has a value.</param>
    /// <param name="isMixed">Options may stand behind operands, as GNU programs have it.</param>
    /// <param name="isLenient">What is unknown is passed over, and a value that is missing is empty.</param>
    public OptionParsing(IReadOnlyList<string> arguments, string letters, IReadOnlyDictionary<string, char>? longNames = null, bool isMixed = false, bool isLenient = false)
    {
        _isLenient = isLenient;
        List<string> operands = [];
        int at = 0;
        for (; at < arguments.Count; at++)
        {
            string argument = arguments[at];
            if (argument is "--")
            {
                at++;
                break;
            }

            if (longNames is not null && argument.StartsWith("--", StringComparison.Ordinal))
            {
                ReadLong(arguments, ref at, letters, longNames);
            }
            else if (argument.Length > 1 && argument[0] == '-')
            {
                ReadLetters(arguments, ref at, letters);
            }
            else if (isMixed)
            {
                operands.Add(argument);
            }
            else
            {
                break;
            }

            if (Error is not null && !isLenient)
            {
                break;
            }
        }

        Operands = [.. operands, .. arguments.Skip(at)];
    }

    /// <summary>The first option that is unknown, or has no value; null: none.</summary>
    public string? Error { get; private set; }

    public IReadOnlyList<string> Operands { get; }

    /// <summary>An error in the words of getopt_long(3).</summary>
    public static string Describe(string error)
    {
        bool isLong = error.StartsWith("--", StringComparison.Ordinal);
        return error.EndsWith(Missing, StringComparison.Ordinal) ? isLong ? $"option '{error.Split(':')[0]}' {Missing}" : $"option {Missing} -- '{error[1]}'"
            : isLong ? $"unrecognized option '{error}'" : $"invalid option -- '{error.TrimStart('-')}'";
    }

    /// <summary>Options of a program that is not strict about them.</summary>
    public static OptionParsing Lenient(IReadOnlyList<string> arguments, string letters, params (string Name, char Letter)[] names) =>
        new(arguments, letters, names.ToDictionary(name => name.Name, name => name.Letter, StringComparer.Ordinal), isMixed: true, isLenient: true);

    public bool Has(char letter) => _options.Exists(option => option.Letter == letter);

    /// <summary>The value that was given last; null: none.</summary>
    public string? Value(char letter) => _options.FindLast(option => option.Letter == letter).Value;

    public IEnumerable<string> Values(char letter) => _options.Where(option => option.Letter == letter).Select(option => option.Value ?? "");

    /// <summary>Which of these was given last; NUL: none.</summary>
    public char Last(string letters) => _options.FindLast(option => letters.Contains(option.Letter, StringComparison.Ordinal)).Letter;

    /// <summary>In the order in which they were given.</summary>
    public IReadOnlyList<(char Letter, string? Value)> All => _options;

    private void ReadLetters(IReadOnlyList<string> arguments, ref int at, string letters)
    {
        string argument = arguments[at];
        for (int i = 1; i < argument.Length; i++)
        {
            int known = argument[i] == ':' ? -1 : letters.IndexOf(argument[i], StringComparison.Ordinal);
            if (known < 0)
            {
                Error ??= $"-{argument[i]}";
                if (_isLenient)
                {
                    continue;
                }

                return;
            }

            if (known + 1 >= letters.Length || letters[known + 1] != ':')
            {
                _options.Add((argument[i], null));
                continue;
            }

            if (i + 1 < argument.Length)
            {
                _options.Add((argument[i], argument[(i + 1)..]));
            }
            else if (at + 1 < arguments.Count)
            {
                _options.Add((argument[i], arguments[++at]));
            }
            else if (_isLenient)
            {
                _options.Add((argument[i], ""));
            }
            else
            {
                Error = $"-{argument[i]}: option {Missing}";
            }

            return;
        }
    }

    private void ReadLong(IReadOnlyList<string> arguments, ref int at, string letters, IReadOnlyDictionary<string, char> longNames)
    {
        string name = arguments[at][2..];
        int equals = name.IndexOf('=', StringComparison.Ordinal);
        string? value = equals < 0 ? null : name[(equals + 1)..];
        name = equals < 0 ? name : name[..equals];
        if (!longNames.TryGetValue(name, out char letter))
        {
            // An abbreviation, if it is that of one name alone.
            char[] found = [.. longNames.Where(pair => pair.Key.StartsWith(name, StringComparison.Ordinal)).Select(pair => pair.Value).Distinct()];
            if (found.Length != 1)
            {
                Error ??= arguments[at];
                return;
            }

            letter = found[0];
        }

        int known = letters.IndexOf(letter, StringComparison.Ordinal);
        bool takes = known >= 0 && known + 1 < letters.Length && letters[known + 1] == ':';
        if (takes && value is null && at + 1 < arguments.Count)
        {
            value = arguments[++at];
        }

        if (takes && value is null && !_isLenient)
        {
            Error ??= $"--{name}: option {Missing}";
            return;
        }

        _options.Add((letter, value ?? (_isLenient ? "" : null)));
    }

    /// <summary>The builtin getopts.</summary>
    public static async ValueTask<int> GetOptionAsync(Invocation i)
    {
        if (i.Arguments.Count < 2)
        {
            await i.Streams.Error.WriteAsync("getopts: usage: getopts optstring name [arg ...]\n", i.Cancellation);
            return 2;
        }

        if (i.Arguments[0] is ['-', not '-', ..] wrong)
        {
            return await Builtin.InvalidOptionAsync(i, wrong[..2], "getopts optstring name [arg ...]");
        }

        ShellState state = i.State;
        string wanted = i.Arguments[0], name = i.Arguments[1];
        bool isSilent = wanted.StartsWith(':');
        IReadOnlyList<string> words = i.Arguments.Count > 2 ? [.. i.Arguments.Skip(2)] : state.Arguments;
        int index = int.TryParse(state.Get("OPTIND"), NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at > 0 ? at : 1;
        int place = Math.Max(1, state.Variables.Find("OPTIND")?.Place ?? 0);
        index = Math.Min(index, words.Count + 1);
        if (index > words.Count || words[index - 1] is not ['-', _, ..] || words[index - 1] is "--" || place >= words[index - 1].Length)
        {
            index = index <= words.Count && words[index - 1] is "--" ? index + 1 : index;
            state.Variables.Remove("OPTARG");
            if (!Builtin.IsReference(name))
            {
                return await Builtin.ShellErrorAsync(i, $"`{name}': not a valid identifier");
            }

            Set(state, name, "?", index);
            return 1;
        }

        string word = words[index - 1];
        char letter = word[place];
        int known = letter == ':' ? -1 : wanted.IndexOf(letter, StringComparison.Ordinal);
        bool takes = known >= 0 && known + 1 < wanted.Length && wanted[known + 1] == ':', isLast = place + 1 >= word.Length;
        state.Variables.Remove("OPTARG");
        string found = letter.ToString();
        if (known < 0)
        {
            found = "?";
            if (isSilent)
            {
                state.Set("OPTARG", letter.ToString());
            }
            else if (state.Find("OPTERR") is not "0")
            {
                await i.Streams.Error.WriteAsync($"{state.Name}: illegal option -- {letter}\n", i.Cancellation);
            }
        }
        else if (takes)
        {
            string? value = !isLast ? word[(place + 1)..] : index < words.Count ? words[index++] : null;
            isLast = true;
            if (value is null)
            {
                found = isSilent ? ":" : "?";
                if (isSilent)
                {
                    state.Set("OPTARG", letter.ToString());
                }
                else if (state.Find("OPTERR") is not "0")
                {
                    await i.Streams.Error.WriteAsync($"{state.Name}: option requires an argument -- {letter}\n", i.Cancellation);
                }
            }
            else
            {
                state.Set("OPTARG", value);
            }
        }

        index += isLast ? 1 : 0;
        if (Syntax.ParameterReader.NameEnd(name, 0) != name.Length)
        {
            state.Set("OPTIND", index.ToString(CultureInfo.InvariantCulture));
            return await Builtin.ShellErrorAsync(i, $"`{name}': not a valid identifier");
        }

        Set(state, name, found, index);
        state.Variables.Make("OPTIND").Place = isLast ? 0 : place + 1;
        return 0;
    }

    private static void Set(ShellState state, string name, string value, int index)
    {
        state.Set(name, value);
        state.Set("OPTIND", index.ToString(CultureInfo.InvariantCulture));
    }
}
