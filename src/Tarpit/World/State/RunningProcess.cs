namespace Blackwall.Tarpit.World.State;

/// <summary>A process as ps, top and /proc know it.</summary>
/// <param name="User">Its name, in full.</param>
/// <param name="Terminal">"pts/0"; "?": it has none.</param>
/// <param name="Memory">Resident, KiB; 0: it is the kernel's.</param>
internal sealed record RunningProcess(int Id, int Parent, string User, string Terminal, DateTimeOffset Started, string Command, int Memory)
{
    /// <summary>The service that it belongs to; null: none.</summary>
    public SystemService? Service { get; init; }

    /// <summary>The folder that it works in.</summary>
    public string Folder { get; init; } = "/";

    /// <summary>Share of one processor that it takes, percent.</summary>
    public double Load { get; init; }

    /// <summary>Processor time that it has used: what it does by itself, and its load.</summary>
    public TimeSpan UsedTime(DateTimeOffset now) => (now - Started) * ((Load + IdleLoads.Of(this)) / 100);

    /// <summary>Its arguments; null: those that the command has between its blanks.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Path of its program; null: as the command tells.</summary>
    public string? Executable { get; init; }

    /// <summary>Its variables, each with a NUL behind it; null: those of its kind.</summary>
    public Func<string>? Environment { get; init; }

    /// <summary>What its descriptors lead to; null: what is usual.</summary>
    public IReadOnlyList<(int Number, string Target)>? Descriptors { get; init; }

    public bool IsKernels => Memory == 0 && Command.StartsWith('[');

    public bool IsStopped { get; init; }

    /// <summary>It has the terminal.</summary>
    public bool IsForeground { get; init; }

    /// <summary>As the kernel shortens it: the name of the program, 15 bytes.</summary>
    public string ShortName
    {
        get
        {
            string name = IsKernels ? Command.Trim('[', ']') : Command.StartsWith("sshd:", StringComparison.Ordinal) ? "sshd" : Program(Command).Split('/')[^1];
            name = name is "init" ? "systemd" : name;
            return name.Length <= 15 ? name : name[..15];
        }
    }

    // Of a script it is the script: the kernel ran that, and put the interpreter's path before it.
    private static string Program(string command) => command.TrimStart('@', '-').Split(' ') switch
    {
        ["/bin/sh" or "/bin/bash" or "/bin/dash" or "/usr/bin/bash" or "/usr/bin/sh" or "/usr/bin/python3" or "/usr/bin/perl", ['/' or '.', ..] script, ..] => script,
        [var first, ..] => first,
        _ => "",
    };
}
