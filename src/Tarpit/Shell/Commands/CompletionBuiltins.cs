using System.Runtime.CompilerServices;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Execution;
using Blackwall.Tarpit.Shell.Expansion;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>complete and compgen: rules for the tab key, and lists of names as it would offer them.</summary>
internal static class CompletionBuiltins
{
    private const int MostRules = 64;
    private const int LongestRule = 4096;
    private const int MostNames = 8192;
    private const string ListOptions = "abcdefgjksuvo:A:G:W:F:C:X:P:S:";
    private const string Options = ListOptions + "prDEI";
    private const string CompleteUsage = "complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]";
    private const string CompgenUsage = "compgen [-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [word]";

    private static readonly (char Letter, string Action)[] s_letters =
    [
        ('a', "alias"), ('b', "builtin"), ('c', "command"), ('d', "directory"), ('e', "export"), ('f', "file"), ('g', "group"), ('j', "job"), ('k', "keyword"), ('s', "service"), ('u', "user"), ('v', "variable"),
    ];

    private static readonly string[] s_actions = ["arrayvar", "binding", "disabled", "enabled", "function", "helptopic", "hostname", "running", "setopt", "shopt", "signal", "stopped"];
    private static readonly string[] s_ways = ["bashdefault", "default", "dirnames", "filenames", "noquote", "nosort", "nospace", "plusdirs"];
    private static readonly string[] s_keywords = ["if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in", "function", "time", "{", "}", "!", "[[", "]]", "coproc"];

    // Rules belong to a shell, and end with it.
    private static readonly ConditionalWeakTable<ShellState, SortedDictionary<string, string>> s_rules = [];

    public static async ValueTask<int> CompleteAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, Options);
        if (options.Error is { } error)
        {
            return await Builtin.InvalidOptionAsync(i, error, CompleteUsage);
        }

        if (await WrongAsync(i, options))
        {
            return 2;
        }

        SortedDictionary<string, string> rules = Rules(i.State);
        string[] names = [.. options.Operands, .. "DEI".Where(options.Has).Select(letter => $"-{letter}")];
        if (options.Has('r'))
        {
            return await RemoveAsync(i, rules, names);
        }

        if (options.Has('p') || options.All.Count == 0)
        {
            return await PrintAsync(i, rules, names);
        }

        if (names.Length == 0)
        {
            await i.Streams.Error.WriteAsync($"complete: usage: {CompleteUsage}\n", i.Cancellation);
            return 2;
        }

        string rule = Rule(options);
        foreach (string name in names.Where(name => rules.Count < MostRules && name.Length + rule.Length < LongestRule))
        {
            i.State.Reserve(name.Length + rule.Length);
            rules[name] = rule;
        }

        return 0;
    }

    public static async ValueTask<int> ListAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, ListOptions);
        if (options.Error is { } error)
        {
            return await Builtin.InvalidOptionAsync(i, error, CompgenUsage);
        }

        if (await WrongAsync(i, options))
        {
            return 2;
        }

        string word = options.Operands is [var first, ..] ? first : "";
        List<string> found = [];
        foreach (string action in options.All.Select(option => option.Letter == 'A' ? option.Value! : Array.Find(s_letters, pair => pair.Letter == option.Letter).Action).OfType<string>())
        {
            found.AddRange(Names(i, action, word).Take(MostNames));
        }

        if (options.Value('W') is { } list)
        {
            string text = await ((Interpreter)i.Interpreter).ExpandAsync(list, i.Cancellation), separators = i.State.Find("IFS") ?? " \t\n";
            found.AddRange(text.Split([.. separators], StringSplitOptions.RemoveEmptyEntries).Where(name => name.StartsWith(word, StringComparison.Ordinal)).Take(MostNames));
        }

        if (options.Value('X') is { Length: > 0 } filter)
        {
            bool keeps = filter.StartsWith('!');
            string pattern = Pattern(keeps ? filter[1..] : filter, word);
            found.RemoveAll(name => Globs.IsMatch(pattern, name) != keeps);
        }

        found = [.. found.Select(name => options.Value('P') + name + options.Value('S'))];
        HashSet<string> ways = [.. options.Values('o')];
        found.AddRange(ways.Contains("plusdirs") || (found.Count == 0 && ways.Contains("dirnames")) ? Paths(i, word, onlyFolders: true) : found.Count == 0 && ways.Contains("default") ? Paths(i, word, onlyFolders: false) : []);
        i.Hold(found.Sum(name => (long)name.Length) * sizeof(char));
        await i.PrintAsync(string.Concat(found.Take(MostNames).Select(name => name + "\n")));
        return found.Count > 0 ? 0 : 1;
    }

    // Those of a subshell are the ones of its parent until it sets its own.
    private static SortedDictionary<string, string> Rules(ShellState state)
    {
        if (!s_rules.TryGetValue(state, out SortedDictionary<string, string>? rules))
        {
            rules = state.Parent is { } parent ? new(Rules(parent), StringComparer.Ordinal) : new(StringComparer.Ordinal);
            s_rules.Add(state, rules);
        }

        return rules;
    }

    private static async ValueTask<bool> WrongAsync(Invocation i, OptionParsing options)
    {
        string? action = options.Values('A').FirstOrDefault(name => !s_actions.Contains(name, StringComparer.Ordinal) && !Array.Exists(s_letters, pair => string.Equals(pair.Action, name, StringComparison.Ordinal)));
        string? way = options.Values('o').FirstOrDefault(name => !s_ways.Contains(name, StringComparer.Ordinal));
        return (action ?? way) is { } wrong && await Builtin.ShellErrorAsync(i, $"{wrong}: invalid {(action is null ? "option" : "action")} name") > 0;
    }

    private static async ValueTask<int> RemoveAsync(Invocation i, SortedDictionary<string, string> rules, string[] names)
    {
        if (names.Length == 0)
        {
            rules.Clear();
        }

        foreach (string name in names.Where(name => !rules.Remove(name)))
        {
            await Builtin.ShellErrorAsync(i, $"{name}: no completion specification");
        }

        return 0;
    }

    private static async ValueTask<int> PrintAsync(Invocation i, SortedDictionary<string, string> rules, string[] names)
    {
        int status = 0;
        foreach (string name in names.Length > 0 ? names : [.. rules.Keys])
        {
            if (rules.TryGetValue(name, out string? rule))
            {
                await i.PrintAsync($"complete {rule}{name}\n");
            }
            else
            {
                status = await Builtin.ShellErrorAsync(i, $"{name}: no completion specification");
            }
        }

        return status;
    }

    private static string Rule(OptionParsing options)
    {
        HashSet<string> actions = [.. options.Values('A'), .. s_letters.Where(pair => options.Has(pair.Letter)).Select(pair => pair.Action)];
        StringBuilder rule = new();
        rule.AppendJoin("", s_ways.Where(way => options.Values('o').Contains(way, StringComparer.Ordinal)).Select(way => $"-o {way} "));
        rule.AppendJoin("", s_letters.Where(pair => actions.Contains(pair.Action)).Select(pair => $"-{pair.Letter} "));
        rule.AppendJoin("", s_actions.Where(actions.Contains).Select(action => $"-A {action} "));
        rule.AppendJoin("", "GWPSXC".Where(options.Has).Select(letter => $"-{letter} {Quoting.Single(options.Value(letter)!)} "));
        return rule.Append(options.Value('F') is { } function ? $"-F {function} " : "").ToString();
    }

    // "&" is the word that is completed.
    private static string Pattern(string filter, string word)
    {
        StringBuilder pattern = new();
        for (int at = 0; at < filter.Length; at++)
        {
            bool isEscaped = filter[at] == '\\' && at + 1 < filter.Length;
            _ = isEscaped ? filter[at + 1] == '&' ? pattern.Append('&') : pattern.Append(filter, at, 2) : filter[at] == '&' ? pattern.Append(word) : pattern.Append(filter[at]);
            at += isEscaped ? 1 : 0;
        }

        return pattern.ToString();
    }

    private static IEnumerable<string> Names(Invocation i, string action, string word)
    {
        ShellState state = i.State;
        if (action is "file" or "directory")
        {
            return Paths(i, word, action is "directory");
        }

        IEnumerable<string> all = action switch
        {
            "alias" => state.Aliases.Keys.Order(StringComparer.Ordinal),
            "builtin" => EnableBuiltin.Names,
            "enabled" => EnableBuiltin.Names.Where(name => !EnableBuiltin.IsDisabled(state, name)),
            "disabled" => EnableBuiltin.Names.Where(name => EnableBuiltin.IsDisabled(state, name)),
            "command" => state.Aliases.Keys.Concat(s_keywords).Concat(state.Functions.Keys).Concat(EnableBuiltin.Names).Concat(Programs(i)),
            "export" => state.Exported,
            "variable" => state.Variables.All.Where(pair => pair.Value.IsSet).Select(pair => pair.Key),
            "arrayvar" => state.Variables.All.Where(pair => pair.Value.Array is not null).Select(pair => pair.Key),
            "function" => state.Functions.Keys.Order(StringComparer.Ordinal),
            "keyword" => s_keywords,
            "user" => Fields(i, "/etc/passwd"),
            "group" => Fields(i, "/etc/group"),
            "helptopic" => HelpBuiltin.Topics,
            "hostname" => [state.HostName, "localhost"],
            "setopt" => OptionNames.OfSet,
            "shopt" => OptionNames.OfShopt.Select(option => option.Name),
            "signal" => Enumerable.Range(0, 32).Select(Traps.Name).Append("DEBUG").Append("ERR").Append("RETURN"),
            _ => [],
        };
        return all.Where(name => name.StartsWith(word, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Fields(Invocation i, string path) =>
        i.Files.Read(path, out byte[] content) == FileError.None ? Encoding.Latin1.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]) : [];

    private static IEnumerable<string> Programs(Invocation i) =>
        i.State.Get("PATH").Split(':').Take(MostRules).Where(folder => folder.Length > 0).Select(folder => i.Files.Find(i.State.Path(folder))).OfType<FolderNode>()
            .SelectMany(folder => folder.Entries.Where(entry => entry.Value is LinkNode || (entry.Value is FileNode file && Access.MayExecute(file, i.State.Visit.UserId))).Select(entry => entry.Key));

    private static IEnumerable<string> Paths(Invocation i, string word, bool onlyFolders)
    {
        int slash = word.LastIndexOf('/') + 1;
        string head = word[..slash], start = word[slash..];
        string place = head.StartsWith("~/", StringComparison.Ordinal) ? i.State.Get("HOME") + head[1..] : head;
        return i.Files.Find(i.State.Path(place)) is not FolderNode folder ? []
            : folder.Entries.Where(entry => entry.Key.StartsWith(start, StringComparison.Ordinal) && (!onlyFolders || i.Files.Find(i.State.Path(place + entry.Key)) is FolderNode)).Select(entry => head + entry.Key).Order(StringComparer.Ordinal).Take(MostNames);
    }
}
