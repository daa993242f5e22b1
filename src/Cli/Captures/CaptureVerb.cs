using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Words;
using Blackwall.Client.Captures;

namespace Blackwall.Cli.Captures;

/// <summary>"capture": captures the packets of an address or prefix.</summary>
internal sealed class CaptureVerb : ApiVerb
{
    private readonly Argument<string> _address = Arg.Text("ADDRESS", "address or prefix");
    private readonly Option<long?> _time = Opt.Duration("--for", "how long; without it, as long as the appliance thinks right");
    private readonly Option<int?> _seconds = Opt.Number("--seconds", "N", "the same in seconds");

    public CaptureVerb(Shell shell)
        : base(shell, "capture", "capture the packets of an address or prefix", VerbGroup.Records)
    {
        Arguments.Add(_address);
        Options.Add(_time);
        Options.Add(_seconds);
    }

    protected override Task RunAsync(ApiCall call)
    {
        CaptureDraft draft = new(call.Line.GetRequiredValue(_address), (int?)call.Line.GetValue(_time) ?? call.Line.GetValue(_seconds));
        return call.ShowAsync(
            call.Api.Captures.StartAsync(draft, call.Cancellation),
            started => call.Say($"Captures {started.Address} as capture {ApiCall.Number(started.Id)} until {Moment.Text(started.Until, "-")}."));
    }
}
