using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Sessions;

/// <summary>"session-terminal": copies a session's terminal to where the shell sends standard output.</summary>
internal sealed class SessionTerminalVerb : ApiVerb
{
    private readonly Argument<string> _id = Arg.Text("SESSION", "as 'sessions' lists it");

    public SessionTerminalVerb(Shell shell)
        : base(shell, "session-terminal", "the terminal of a session as an asciicast, to standard output: > FILE", VerbGroup.Records) => Arguments.Add(_id);

    protected override Task RunAsync(ApiCall call)
    {
        string id = call.Line.GetRequiredValue(_id);

        // A terminal would do what the attacker's did.
        return call.CopyAsync("Write it to a file, and play that with asciinema", $"session-terminal {id}", "session.cast", to => call.Api.Sessions.CopyTerminalAsync(id, to, call.Cancellation));
    }
}
