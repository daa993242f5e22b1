using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs commands in one shell: what the parts of the interpreter, and commands that run others, need of it.</summary>
internal interface ICommandRunner
{
    /// <summary>Of the command that runs.</summary>
    ShellStreams Streams { get; }

    Task RunAsync(Command command, CancellationToken cancellation);

    /// <summary>Runs a command with other streams.</summary>
    Task RunWithAsync(Command command, ShellStreams streams, CancellationToken cancellation);

    /// <summary>Parses and runs text with other streams.</summary>
    Task RunTextWithAsync(string text, ShellStreams streams, CancellationToken cancellation);

    /// <summary>Runs a command by its expanded words.</summary>
    Task CallAsync(IReadOnlyList<string> words, ShellStreams streams, CancellationToken cancellation);

    /// <summary>The path of a program on the PATH; null: it is not there.</summary>
    string? FindProgram(string name);
}
