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

    public bool IsKernels => Memory == 0 && Command.StartsWith('[');

    public bool IsStopped { get; init; }

    /// <summary>As the kernel shortens it: the name of the program, 15 bytes.</summary>
    public string ShortName
    {
        get
        {
            string name = IsKernels ? Command.Trim('[', ']') : Command.StartsWith("sshd:", StringComparison.Ordinal) ? "sshd" : Command.TrimStart('@', '-').Split(' ')[0].Split('/')[^1];
            name = name is "init" ? "systemd" : name;
            return name.Length <= 15 ? name : name[..15];
        }
    }
}
