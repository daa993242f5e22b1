using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>help, and what builtins say to options that none of them has.</summary>
internal static class HelpBuiltin
{
    private const int NarrowestScreen = 7;
    private const string Arrays = "[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]";
    private const string Completes = "[-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix]";

    /// <summary>In the order in which they are listed.</summary>
    private static readonly (string Name, string Synopsis, string About)[] s_topics =
    [
        ("%", "job_spec [&]", "Resume job in foreground."), ("(( ... ))", "(( expression ))", "Evaluate arithmetic expression."),
        (".", ". filename [arguments]", "Execute commands from a file in the current shell."), (":", ":", "Null command."),
        ("[", "[ arg... ]", "Evaluate conditional expression."), ("[[ ... ]]", "[[ expression ]]", "Execute conditional command."),
        ("alias", "alias [-p] [name[=value] ... ]", "Define or display aliases."), ("bg", "bg [job_spec ...]", "Move jobs to the background."),
        ("bind", "bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]", "Set Readline key bindings and variables."),
        ("break", "break [n]", "Exit for, while, or until loops."), ("builtin", "builtin [shell-builtin [arg ...]]", "Execute shell builtins."),
        ("caller", "caller [expr]", "Return the context of the current subroutine call."), ("case", "case WORD in [PATTERN [| PATTERN]...) COMMANDS ;;]... esac", "Execute commands based on pattern matching."),
        ("cd", "cd [-L|[-P [-e]] [-@]] [dir]", "Change the shell working directory."), ("command", "command [-pVv] command [arg ...]", "Execute a simple command or display information about commands."),
        ("compgen", $"compgen [-abcdefgjksuv] {Completes} [word]", "Display possible completions depending on the options."),
        ("complete", $"complete [-abcdefgjksuv] [-pr] [-DEI] {Completes} [name ...]", "Specify how arguments are to be completed by Readline."),
        ("compopt", "compopt [-o|+o option] [-DEI] [name ...]", "Modify or display completion options."), ("continue", "continue [n]", "Resume for, while, or until loops."),
        ("coproc", "coproc [NAME] command [redirections]", "Create a coprocess named NAME."), ("declare", "declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]", "Set variable values and attributes."),
        ("dirs", "dirs [-clpv] [+N] [-N]", "Display directory stack."), ("disown", "disown [-h] [-ar] [jobspec ... | pid ...]", "Remove jobs from current shell."),
        ("echo", "echo [-neE] [arg ...]", "Write arguments to the standard output."), ("enable", "enable [-a] [-dnps] [-f filename] [name ...]", "Enable and disable shell builtins."),
        ("eval", "eval [arg ...]", "Execute arguments as a shell command."), ("exec", "exec [-cl] [-a name] [command [argument ...]] [redirection ...]", "Replace the shell with the given command."),
        ("exit", "exit [n]", "Exit the shell."), ("export", "export [-fn] [name[=value] ...] or export -p", "Set export attribute for shell variables."),
        ("false", "false", "Return an unsuccessful result."), ("fc", "fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]", "Display or execute commands from the history list."),
        ("fg", "fg [job_spec]", "Move job to the foreground."), ("for", "for NAME [in WORDS ... ] ; do COMMANDS; done", "Execute commands for each member in a list."),
        ("for ((", "for (( exp1; exp2; exp3 )); do COMMANDS; done", "Arithmetic for loop."), ("function", "function name { COMMANDS ; } or name () { COMMANDS ; }", "Define shell function."),
        ("getopts", "getopts optstring name [arg ...]", "Parse option arguments."), ("hash", "hash [-lr] [-p pathname] [-dt] [name ...]", "Remember or display program locations."),
        ("help", "help [-dms] [pattern ...]", "Display information about builtin commands."),
        ("history", "history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]", "Display or manipulate the history list."),
        ("if", "if COMMANDS; then COMMANDS; [ elif COMMANDS; then COMMANDS; ]... [ else COMMANDS; ] fi", "Execute commands based on conditional."),
        ("jobs", "jobs [-lnprs] [jobspec ...] or jobs -x command [args]", "Display status of jobs."),
        ("kill", "kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]", "Send a signal to a job."),
        ("let", "let arg [arg ...]", "Evaluate arithmetic expressions."), ("local", "local [option] name[=value] ...", "Define local variables."), ("logout", "logout [n]", "Exit a login shell."),
        ("mapfile", $"mapfile {Arrays}", "Read lines from the standard input into an indexed array variable."), ("popd", "popd [-n] [+N | -N]", "Remove directories from stack."),
        ("printf", "printf [-v var] format [arguments]", "Formats and prints ARGUMENTS under control of the FORMAT."), ("pushd", "pushd [-n] [+N | -N | dir]", "Add directories to stack."),
        ("pwd", "pwd [-LP]", "Print the name of the current working directory."),
        ("read", "read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]", "Read a line from the standard input and split it into fields."),
        ("readarray", $"readarray {Arrays}", "Read lines from a file into an array variable."), ("readonly", "readonly [-aAf] [name[=value] ...] or readonly -p", "Mark shell variables as unchangeable."),
        ("return", "return [n]", "Return from a shell function."), ("select", "select NAME [in WORDS ... ;] do COMMANDS; done", "Select words from a list and execute commands."),
        ("set", "set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]", "Set or unset values of shell options and positional parameters."), ("shift", "shift [n]", "Shift positional parameters."),
        ("shopt", "shopt [-pqsu] [-o] [optname ...]", "Set and unset shell options."), ("source", "source filename [arguments]", "Execute commands from a file in the current shell."),
        ("suspend", "suspend [-f]", "Suspend shell execution."), ("test", "test [expr]", "Evaluate conditional expression."), ("time", "time [-p] pipeline", "Report time consumed by pipeline's execution."),
        ("times", "times", "Display process times."), ("trap", "trap [-lp] [[arg] signal_spec ...]", "Trap signals and other events."), ("true", "true", "Return a successful result."),
        ("type", "type [-afptP] name [name ...]", "Display information about command type."), ("typeset", "typeset [-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]", "Set variable values and attributes."),
        ("ulimit", "ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]", "Modify shell resource limits."), ("umask", "umask [-p] [-S] [mode]", "Display or set file mode mask."),
        ("unalias", "unalias [-a] name [name ...]", "Remove each NAME from the list of defined aliases."), ("unset", "unset [-f] [-v] [-n] [name ...]", "Unset values and attributes of shell variables and functions."),
        ("until", "until COMMANDS; do COMMANDS-2; done", "Execute commands as long as a test does not succeed."), ("variables", "variables - Names and meanings of some shell variables", "Common shell variable names and usage."),
        ("wait", "wait [-fn] [-p var] [id ...]", "Wait for job completion and return exit status."), ("while", "while COMMANDS; do COMMANDS-2; done", "Execute commands as long as a test succeeds."),
        ("{ ... }", "{ COMMANDS ; }", "Group commands as a unit."),
    ];

    /// <summary>Names of all topics.</summary>
    public static IEnumerable<string> Topics => s_topics.Select(topic => topic.Name);

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "dms");
        if (options.Error is { } error)
        {
            return await Builtin.InvalidOptionAsync(i, error, "help [-dms] [pattern ...]");
        }

        if (options.Operands.Count == 0)
        {
            await i.PrintAsync(Listing(i.State));
            return 0;
        }

        if (options.Operands.Any(operand => operand.AsSpan().IndexOfAny("*?[") >= 0 && operand is not ("[" or "[[")))
        {
            await i.PrintAsync($"Shell commands matching keyword{(options.Operands.Count > 1 ? "s" : "")} `{string.Join(", ", options.Operands)}'\n\n");
        }

        bool isFound = false;
        foreach (string pattern in options.Operands)
        {
            (string Name, string Synopsis, string About)[] found = [.. s_topics.Where(topic => Globs.IsMatch(pattern, topic.Name, ignoresCase: false) || string.Equals(pattern, topic.Name, StringComparison.Ordinal))];
            found = found.Length > 0 ? found : [.. s_topics.Where(topic => topic.Name.StartsWith(pattern, StringComparison.Ordinal))];
            isFound |= found.Length > 0;
            foreach ((string name, string synopsis, string about) in found)
            {
                await i.PrintAsync(options.Has('d') ? $"{name} - {about}\n" : $"{name}: {synopsis}\n{(options.Has('s') ? "" : $"    {about}\n")}");
            }
        }

        string last = options.Operands[^1];
        return isFound ? 0 : await Builtin.ShellErrorAsync(i, $"no help topics match `{last}'.  Try `help help' or `man -k {last}' or `info {last}'.");
    }

    /// <summary>Whether a builtin that takes options takes this first word for one that it does not have.</summary>
    public static bool Refuses(string name, string word) => word.Length > 2 && word.StartsWith("--", StringComparison.Ordinal)
        && !(name is "echo" or "test" or "[" or ":" or "true" or "false" or "let" or "kill" || (name is "type" && word is "--type" or "--path" or "--all"))
        && (word is "--help" || name is not ("pushd" or "popd" or "dirs" or "shift" or "return" or "break" or "continue" or "exit" or "logout" or "bg" or "fg" or "bind"));

    /// <summary>What it says to that word.</summary>
    public static async ValueTask<int> RefuseAsync(Invocation i)
    {
        (_, string synopsis, string about) = Array.Find(s_topics, topic => string.Equals(topic.Name, i.Name, StringComparison.Ordinal));
        if (i.Arguments[0] is not "--help")
        {
            return await Builtin.InvalidOptionAsync(i, "--", synopsis);
        }

        await i.PrintAsync($"{i.Name}: {synopsis}\n    {about}\n");
        return 2;
    }

    // Two columns; what is too wide for one ends with ">".
    private static string Listing(ShellState state)
    {
        StringBuilder text = new($"GNU bash, version {Expansion.ShellParameters.Find(state, "BASH_VERSION")} (x86_64-pc-linux-gnu)\n");
        text.Append("These shell commands are defined internally.  Type `help' to see this list.\nType `help name' to find out more about the function `name'.\nUse `info bash' to find out more about the shell in general.\nUse `man -k' or `info' to find out more about commands not in this list.\n\nA star (*) next to a name means that the command is disabled.\n\n");
        int width = Math.Max(NarrowestScreen, int.TryParse(state.Find("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && columns > 0 ? Math.Min(columns, 500) : 80) / 2, rows = (s_topics.Length + 1) / 2;
        string Cell(int at, int most)
        {
            string cell = (EnableBuiltin.IsDisabled(state, s_topics[at].Name) ? "*" : " ") + s_topics[at].Synopsis;
            return cell.Length > most ? cell[..(most - 1)] + ">" : cell;
        }

        for (int row = 0; row < rows; row++)
        {
            text.Append(row + rows < s_topics.Length ? Cell(row, width - 1).PadRight(width) + Cell(row + rows, width - 2) : Cell(row, width - 1)).Append('\n');
        }

        return text.ToString();
    }
}
