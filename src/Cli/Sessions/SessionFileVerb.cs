using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Sessions;

/// <summary>"session-file": copies a file that an attacker brought to where the shell sends standard output.</summary>
internal sealed class SessionFileVerb : ApiVerb
{
    private readonly Argument<string> _id = Arg.Text("SESSION", "as 'sessions' lists it");
    private readonly Argument<string> _hash = Arg.Text("SHA256", "of the file, as 'session' shows it");

    public SessionFileVerb(Shell shell)
        : base(shell, "session-file", "a file that was brought in a session, to standard output: > FILE; handle it as malware", VerbGroup.Records)
    {
        Arguments.Add(_id);
        Arguments.Add(_hash);
    }

    protected override Task RunAsync(ApiCall call)
    {
        string id = call.Line.GetRequiredValue(_id), hash = call.Line.GetRequiredValue(_hash);

        // A terminal would do what the attacker's file says.
        return call.CopyAsync("Write it to a file, and do not run it", $"session-file {id} {hash}", "sample.bin", to => call.Api.Sessions.CopyFileAsync(id, hash, to, call.Cancellation));
    }
}
