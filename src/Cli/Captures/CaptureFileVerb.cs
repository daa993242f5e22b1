using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Captures;

/// <summary>"capture-file": copies a capture's packets to where the shell sends standard output.</summary>
internal sealed class CaptureFileVerb : ApiVerb
{
    private readonly Argument<long> _id = Arg.Id("ID", "of the capture");

    public CaptureFileVerb(Shell shell)
        : base(shell, "capture-file", "the packets of a capture as pcapng, to standard output: > FILE", VerbGroup.Records) => Arguments.Add(_id);

    protected override async Task RunAsync(ApiCall call)
    {
        long id = call.Line.GetRequiredValue(_id);

        // A terminal would be left in pieces.
        if (call.Shell.Width is not null)
        {
            throw new CliException(CliExit.BadUsage, $"Packets are no text; write them to a file: {call.Again($"capture-file {ApiCall.Number(id)}")} > capture.pcapng");
        }

        await using Stream to = Console.OpenStandardOutput();
        if (await call.Api.Captures.CopyAsync(id, to, call.Cancellation) is { } failure)
        {
            throw ApiAnswers.Failed(failure);
        }
    }
}
