using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Pacing;

/// <summary>A machine whose programs write slowly. File transfers are not slowed: a client that gives up brings no file.</summary>
internal sealed class PacedHost(IHost host, Pacer pacer) : IHost
{
    public Task<ExitStatus> ShellAsync(IProgramIo io, ISessionLog log, CancellationToken cancellation) => host.ShellAsync(new PacedIo(io, pacer), log, cancellation);

    public Task<ExitStatus> ExecuteAsync(string command, IProgramIo io, ISessionLog log, CancellationToken cancellation) =>
        host.ExecuteAsync(command, IsTransfer(command) ? io : new PacedIo(io, pacer), log, cancellation);

    public Func<IProgramIo, ISessionLog, CancellationToken, Task<ExitStatus>>? Subsystem(string name) => host.Subsystem(name);

    private static bool IsTransfer(string command) => command.StartsWith("scp ", StringComparison.Ordinal) && (command.Contains(" -t", StringComparison.Ordinal) || command.Contains(" -f", StringComparison.Ordinal));

    public string OpenAgent() => host.OpenAgent();

    public void CloseAgent() => host.CloseAgent();
}
