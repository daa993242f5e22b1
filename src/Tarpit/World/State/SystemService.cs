namespace Blackwall.Tarpit.World.State;

/// <summary>A unit of systemd that runs from the start.</summary>
/// <param name="Name">Without ".service".</param>
/// <param name="Command">Its main process, as ps shows it.</param>
/// <param name="User">Of the main process.</param>
/// <param name="Memory">Resident, KiB.</param>
/// <param name="Listens">Where it listens, "tcp 0.0.0.0:22".</param>
internal sealed record SystemService(string Name, string Description, string Command, string User, int Memory, IReadOnlyList<string> Listens)
{
    /// <summary>What its other processes show; they run as <see cref="WorkerUser"/>.</summary>
    public IReadOnlyList<string> Workers { get; init; } = [];

    public string WorkerUser { get; init; } = User;

    /// <summary>Who stops it loses the machine, or the session.</summary>
    public bool IsVital { get; init; }

    /// <summary>The name of its program: "sshd".</summary>
    public string Program => Command.TrimStart('@').Split(' ').First(word => !word.EndsWith(':')).Split('/')[^1];
}
