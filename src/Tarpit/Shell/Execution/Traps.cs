namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>What runs at signals and at the shell's own events (trap), and signals that have come and are not handled yet.</summary>
internal sealed class Traps
{
    private static readonly string[] Names =
    [
        "EXIT", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    private const int MostPending = 64;

    private readonly SortedDictionary<int, string> _commands = [];
    private readonly HashSet<int> _fixed = [];
    private TaskCompletionSource? _arrival;
    private IReadOnlyDictionary<int, string>? _inherited;

    /// <summary>Numbers of DEBUG, ERR and RETURN, behind all signals.</summary>
    public const int Debug = 65, Error = 66, Return = 67;

    /// <summary>SIGKILL and SIGCHLD.</summary>
    public const int Kill = 9, ChildEnded = 17;

    /// <summary>The trap that runs, and the status before it; null: none does.</summary>
    public (int Signal, int Status)? Running { get; set; }

    /// <summary>The signal that ended the shell; 0: none did.</summary>
    public int Fatal { get; set; }

    public Queue<int> Pending { get; } = new();

    /// <summary>Those that are set, by number; in a subshell those of its shell until it sets its own.</summary>
    public IReadOnlyDictionary<int, string> All => _inherited ?? _commands;

    /// <summary>Null: not set.</summary>
    public string? Get(int signal) => _commands.GetValueOrDefault(signal);

    /// <summary>Ends when a signal has come that is not handled yet.</summary>
    public Task Arrival => Pending.Count > 0 ? Task.CompletedTask : (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Whether a signal does nothing to a process that does not handle it.</summary>
    public static bool IsHarmless(int signal) => signal is 0 or 17 or 18 or 19 or 20 or 21 or 22 or 23 or 28;

    /// <summary>A signal comes; false: it is not handled, and ends the shell.</summary>
    public bool TryReceive(int signal)
    {
        if (Get(signal) is not { } command)
        {
            return IsHarmless(signal);
        }

        if (command.Length > 0)
        {
            Receive(signal);
        }

        return true;
    }

    /// <summary>A signal comes and is handled, or ends the shell, behind the command that runs.</summary>
    public void Receive(int signal)
    {
        if (Pending.Count < MostPending)
        {
            Pending.Enqueue(signal);
        }

        _arrival?.TrySetResult();
        _arrival = null;
    }

    /// <summary>What a command in the background ignores, as long as it sets nothing else.</summary>
    public void Ignore(int signal) => _commands.TryAdd(signal, "");

    public void Set(int signal, string? command)
    {
        if (_fixed.Contains(signal))
        {
            return;
        }

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

    /// <summary>For a program: signals that are ignored stay so, whatever it sets.</summary>
    public void ClearForProgram()
    {
        foreach (int signal in _commands.Keys.Where(signal => signal is 0 or >= Debug || _commands[signal].Length > 0).ToArray())
        {
            _commands.Remove(signal);
        }

        _fixed.UnionWith(_commands.Keys);
        Running = null;
        _inherited = null;
    }

    /// <summary>For a subshell: what is ignored stays ignored, and the others are shown until it sets its own, but never run.</summary>
    /// <param name="keeps">Whether it has this one too (set -E, set -T).</param>
    public Traps Copy(Func<int, bool> keeps)
    {
        Traps copy = new() { Running = Running, _inherited = new SortedDictionary<int, string>(_commands) };
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

    /// <summary>What a shell says of a process that a signal ended.</summary>
    public static string Describe(int signal) => signal switch
    {
        1 => "Hangup",
        2 => "Interrupt",
        3 => "Quit",
        4 => "Illegal instruction",
        5 => "Trace/breakpoint trap",
        6 => "Aborted",
        7 => "Bus error",
        8 => "Floating point exception",
        Kill => "Killed",
        10 => "User defined signal 1",
        11 => "Segmentation fault",
        12 => "User defined signal 2",
        13 => "Broken pipe",
        14 => "Alarm clock",
        15 => "Terminated",
        16 => "Stack fault",
        24 => "CPU time limit exceeded",
        25 => "File size limit exceeded",
        26 => "Virtual timer expired",
        27 => "Profiling timer expired",
        29 => "I/O possible",
        30 => "Power failure",
        31 => "Bad system call",
        _ => $"Real-time signal {Math.Max(0, signal - 34)}",
    };

    /// <summary>What its shell has set is not shown.</summary>
    public void Forget() => _inherited = null;
}
