using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Decisions;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Sources;

/// <summary>"why": what happens to packets of addresses, and why.</summary>
internal sealed class WhyVerb : ApiVerb
{
    private readonly Argument<string[]> _addresses = Arg.Texts("ADDRESS", "IPv4 or IPv6 address");

    public WhyVerb(Shell shell)
        : base(shell, "why", "what happens to packets of an address, and why", VerbGroup.Look) => Arguments.Add(_addresses);

    protected override Task RunAsync(ApiCall call)
    {
        string[] addresses = call.Line.GetRequiredValue(_addresses);
        return EachScope.DoAsync(call, addresses, async address =>
        {
            if (!ReferenceEquals(address, addresses[0]) && !call.Json)
            {
                call.Output.WriteLine();
            }

            await call.ShowAsync(call.Api.Sources.GetAsync(address, call.Cancellation), source => SourceViews.Write(call, source));
        });
    }
}
