using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Sessions;

/// <summary>The machine that a logged-in peer believes to be on.</summary>
internal interface IHost
{
    /// <summary>A login shell at a terminal or on a pipe.</summary>
    Task<ExitStatus> ShellAsync(IProgramIo io, ISessionLog log, CancellationToken cancellation);

    /// <summary>One command, as <c>sh -c</c> of the user's shell runs it.</summary>
    Task<ExitStatus> ExecuteAsync(string command, IProgramIo io, ISessionLog log, CancellationToken cancellation);

    /// <summary>Makes the socket at which a forwarded authentication agent would answer.</summary>
    /// <returns>Its path.</returns>
    string OpenAgent();

    /// <summary>Removes the agent's socket, if there is one: the connection ends.</summary>
    void CloseAgent();

    /// <summary>A subsystem by name; null: there is none.</summary>
    Func<IProgramIo, ISessionLog, CancellationToken, Task<ExitStatus>>? Subsystem(string name);
}
