namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>What runs at signals and at the shell's own events (trap), and signals that have come and are not handled yet.</summary>
internal sealed class Traps
{
    private static readonly string[] Names =
    [
        "EXIT", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    private readonly SortedDictionary<int, string> _commands = [];
    private IReadOnlyDictionary<int, string>? _inherited;

    /// <summary>Numbers of DEBUG, ERR and RETURN, behind all signals.</summary>
    public const int Debug = 65, Error = 66, Return = 67;

    public Queue<int> Pending { get; } = new();

    /// <summary>Those that are set, by number; in a subshell those of its shell until it sets its own.</summary>
    public IReadOnlyDictionary<int, string> All => _inherited ?? _commands;

    /// <summary>Null: not set.</summary>
    public string? Get(int signal) => _commands.GetValueOrDefault(signal);

    public void Set(int signal, string? command)
    {
        _inherited = null;
        if (command is null)
        {
            _commands.Remove(signal);
        }
        else
        {
            _commands[signal] = command;
        }
    }

    public void Clear() => _commands.Clear();

    /// <summary>For a subshell: what is ignored stays ignored, and the others are shown until it sets its own, but never run.</summary>
    /// <param name="keeps">Whether it has this one too (set -E, set -T).</param>
    public Traps Copy(Func<int, bool> keeps)
    {
        Traps copy = new() { _inherited = new SortedDictionary<int, string>(_commands) };
        foreach ((int signal, string command) in _commands)
        {
            if (command.Length == 0 || keeps(signal))
            {
                copy._commands[signal] = command;
            }
        }

        return copy;
    }

    /// <summary>By number or name, with or without SIG; null: there is none.</summary>
    public static int? Parse(string text)
    {
        if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int number))
        {
            return number is >= 0 and < 65 ? number : null;
        }

        string name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        int known = Array.IndexOf(Names, name);
        return known >= 0 ? known : name switch { "DEBUG" => Debug, "ERR" => Error, "RETURN" => Return, "CLD" => 17, _ => null };
    }

    /// <summary>As trap -p has it.</summary>
    public static string Name(int signal) => signal switch { 0 => "EXIT", Debug => "DEBUG", Error => "ERR", Return => "RETURN", _ => signal < Names.Length ? "SIG" + Names[signal] : $"SIGRTMIN+{signal - 34}" };

    public static IReadOnlyList<string> Signals => Names;
}
