using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs commands in one shell: what the parts of the interpreter, and commands that run others, need of it.</summary>
internal interface ICommandRunner
{
    /// <summary>Of the command that runs.</summary>
    ShellStreams Streams { get; }

    /// <summary>What exec makes of the streams of the shell.</summary>
    void SetStreams(ShellStreams streams);

    Task RunAsync(Command command, CancellationToken cancellation);

    /// <summary>Runs a command with other streams.</summary>
    Task RunWithAsync(Command command, ShellStreams streams, CancellationToken cancellation);

    /// <summary>Parses and runs text with other streams.</summary>
    /// <param name="source">What the text is, for messages: "eval"; null: a file.</param>
    Task RunTextWithAsync(string text, string? source, int firstLine, ShellStreams streams, CancellationToken cancellation);

    /// <summary>Runs a command by its expanded words.</summary>
    Task CallAsync(IReadOnlyList<string> words, ShellStreams streams, CancellationToken cancellation);

    /// <summary>The path of a program on the PATH; null: it is not there.</summary>
    string? FindProgram(string name);

    /// <summary>Runs what is set for an event of the shell.</summary>
    Task RunTrapAsync(int signal, CancellationToken cancellation);
}
