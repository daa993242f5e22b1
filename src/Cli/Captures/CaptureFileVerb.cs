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

    protected override Task RunAsync(ApiCall call)
    {
        long id = call.Line.GetRequiredValue(_id);
        return call.CopyAsync("Packets are no text; write them to a file", $"capture-file {ApiCall.Number(id)}", "capture.pcapng", to => call.Api.Captures.CopyAsync(id, to, call.Cancellation));
    }
}
