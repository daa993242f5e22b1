using System.Collections.Frozen;
using System.Text;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>
/// Options that the programs of coreutils and util-linux take, one program a line (options.txt): name, exit status of a wrong call, family (c, u), letters (":" has a value, "?" may have one),
/// long names ("=" has a value) and how it is called. What a program does not take is told as getopt_long(3) tells it, before the program runs.
/// </summary>
internal sealed class DeclaredOptions
{
    private const string CoreVersion = "9.4";
    private const string UtilLinuxVersion = "2.39.3";

    // These end their options at the first word that is none: what follows is another command, or text.
    private static readonly FrozenSet<string> s_strict = FrozenSet.Create(StringComparer.Ordinal, "env", "nohup", "timeout", "chroot", "stdbuf", "setsid", "flock", "taskset", "ionice", "chrt", "xargs", "unshare", "setarch", "runuser", "basename", "tr", "prlimit", "arch");
    private static readonly FrozenSet<string> s_noOperands = FrozenSet.Create(StringComparer.Ordinal, "uname", "whoami", "logname", "arch", "nproc", "hostid", "tty");
    private static readonly FrozenDictionary<string, DeclaredOptions> s_all = Read().ToFrozenDictionary(options => options._name, StringComparer.Ordinal);

    private readonly string _name;
    private readonly int _status;
    private readonly char _family;
    private readonly string _letters;
    private readonly string[] _longNames;
    private readonly string _synopsis;

    private DeclaredOptions(string line)
    {
        string[] fields = line.Split('\t');
        (_name, _status, _family, _letters, _synopsis) = (fields[0], int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture), fields[2][0], fields[3].TrimEnd('-'), fields[5]);
        _longNames = fields[4] is "-" ? ["help", "version"] : [.. fields[4].Split(' '), "help", "version"];
    }

    /// <summary>The body of a program, called only with options that it takes.</summary>
    public static CommandBody Checked(string name, CommandBody body) => s_all.TryGetValue(name, out DeclaredOptions? options) ? i => options.RunAsync(i, body) : body;

    private static IEnumerable<DeclaredOptions> Read()
    {
        using Stream resource = typeof(DeclaredOptions).Assembly.GetManifestResourceStream("options.txt")!;
        using StreamReader reader = new(resource, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new DeclaredOptions(line))];
    }

    private async ValueTask<int> RunAsync(Invocation i, CommandBody body)
    {
        int operands = 0;
        for (int at = 0; at < i.Arguments.Count; at++)
        {
            string argument = i.Arguments[at];
            if (argument is "--")
            {
                operands += i.Arguments.Count - at - 1;
                break;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                operands++;
                if (s_strict.Contains(_name))
                {
                    break;
                }

                continue;
            }

            string? fault = argument.StartsWith("--", StringComparison.Ordinal) ? Long(i.Arguments, ref at) : Letters(i.Arguments, ref at);
            switch (fault)
            {
                case null:
                    continue;
                case "help":
                    return await SystemCommands.PrintAsync(i, Help());
                case "version":
                    return await SystemCommands.PrintAsync(i, Version());
                default:
                    return await FailAsync(i, fault);
            }
        }

        if (operands > 0 && s_noOperands.Contains(_name))
        {
            string first = i.Arguments.First(argument => argument.Length < 2 || argument[0] != '-');
            return await FailAsync(i, Characters.ToBytes($"extra operand ‘{first}’"));
        }

        return await body(i);
    }

    private async ValueTask<int> FailAsync(Invocation i, string fault)
    {
        await i.Streams.Error.WriteAsync($"{i.Name}: {fault}\nTry '{i.Name} --help' for more information.\n", i.Cancellation);
        return _status;
    }

    private string? Letters(IReadOnlyList<string> arguments, ref int at)
    {
        string argument = arguments[at];
        for (int n = 1; n < argument.Length; n++)
        {
            int known = argument[n] is ':' or '?' ? -1 : _letters.IndexOf(argument[n], StringComparison.Ordinal);
            if (known < 0)
            {
                return $"invalid option -- '{argument[n]}'";
            }

            char kind = known + 1 < _letters.Length ? _letters[known + 1] : '\0';
            if (kind == ':' && n + 1 == argument.Length && ++at >= arguments.Count)
            {
                return $"option requires an argument -- '{argument[n]}'";
            }

            if (kind is ':' or '?')
            {
                return null;
            }
        }

        return _family == 'u' && argument is "-h" && !_letters.Contains('h', StringComparison.Ordinal) ? "help" : _family == 'u' && argument is "-V" ? "version" : null;
    }

    private string? Long(IReadOnlyList<string> arguments, ref int at)
    {
        string[] parts = arguments[at][2..].Split('=', 2);
        string[] found = [.. _longNames.Where(name => name.TrimEnd('=').StartsWith(parts[0], StringComparison.Ordinal))];
        string? exact = found.FirstOrDefault(name => name.TrimEnd('=').Length == parts[0].Length) ?? (found.Length == 1 ? found[0] : null);
        if (exact is null)
        {
            return found.Length == 0 ? $"unrecognized option '--{parts[0]}'" : $"option '--{parts[0]}' is ambiguous; possibilities:{string.Concat(found.Select(name => $" '--{name.TrimEnd('=')}'"))}";
        }

        if (exact.EndsWith('=') && parts.Length == 1 && ++at >= arguments.Count)
        {
            return $"option '{arguments[^1]}' requires an argument";
        }

        return exact is "help" or "version" ? exact : null;
    }

    private string Version() => _family == 'u'
        ? $"{_name} from util-linux {UtilLinuxVersion}\n"
        : $"{_name} (GNU coreutils) {CoreVersion}\nCopyright (C) 2023 Free Software Foundation, Inc.\nLicense GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.\nThis is free software: you are free to change and redistribute it.\nThere is NO WARRANTY, to the extent permitted by law.\n";

    private string Help()
    {
        StringBuilder text = new($"{(_family == 'u' ? "\nUsage:\n " : "Usage: ")}{_synopsis}\n\n{(_family == 'u' ? "Options:\n" : "")}");
        foreach (string name in _longNames.SkipLast(2))
        {
            text.Append("      --").Append(name.EndsWith('=') ? name + "ARG" : name).Append('\n');
        }

        text.Append("      --help        display this help and exit\n      --version     output version information and exit\n");
        return text.Append(_family == 'u' ? $"\nFor more details see {_name}(1).\n" : $"\nGNU coreutils online help: <https://www.gnu.org/software/coreutils/>\nFull documentation <https://www.gnu.org/software/coreutils/{_name}>\nor available locally via: info '(coreutils) {_name} invocation'\n").ToString();
    }
}
