using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Sessions;

/// <summary>"session-delete": removes what was recorded of a session.</summary>
internal sealed class SessionDeleteVerb : ApiVerb
{
    private readonly Argument<string> _id = Arg.Text("SESSION", "as 'sessions' lists it");

    public SessionDeleteVerb(Shell shell)
        : base(shell, "session-delete", "remove a session that has ended: transcript, terminal, and files that no other session has", VerbGroup.Records) => Arguments.Add(_id);

    protected override async Task RunAsync(ApiCall call)
    {
        string id = call.Line.GetRequiredValue(_id);
        await call.Api.Sessions.RemoveAsync(id, call.Cancellation).Must();
        if (!call.Json)
        {
            call.Say($"Removed session {id}.");
        }
    }
}
