using Blackwall.Cli;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Tests.Api;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>An appliance that listens on a real socket, and the command line against it.</summary>
public abstract class CliFixture : IDisposable
{
    private protected CliFixture(bool tarpit = false, ISourceInsight? insight = null)
    {
        Appliance = new ApplianceFactory("[api]\nlisten = \"http://127.0.0.1:0\"\n", tarpit) { Insight = insight };
        Appliance.UseKestrel();
        Appliance.StartServer();
        Api = Appliance.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    private protected ApplianceFactory Appliance { get; }

    private protected string Api { get; }

    private protected string KeyFile => Path.Combine(Appliance.Folder, "admin.key");

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Appliance.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<(int Code, string Output, string Error)> Run(params string[] arguments) => Ask(null, arguments);

    /// <summary>With a person who answers.</summary>
    private protected async Task<(int Code, string Output, string Error)> Ask(string? answer, params string[] arguments)
    {
        StringWriter output = new(), error = new();
        int code = await CommandTree.RunAsync(
            [.. arguments, "--api", Api, "--key-file", KeyFile],
            TestShell.Of(output, error, answer is null ? null : new StringReader(answer)),
            Cancellation);
        return (code, output.ToString(), error.ToString());
    }

    private protected Verdict? VerdictOf(string scope) => Appliance.Board.Effective(Prefix.Parse(scope))?.Verdict;

    /// <summary>As detection decides.</summary>
    private protected Decision Detect(string scope, string reason = "port-scan")
    {
        Prefix prefix = Prefix.Parse(scope);
        Evidence evidence = new(0, prefix.Network, reason, EvidenceClass.Application, 0.9, DateTimeOffset.UnixEpoch, "seen");
        PublishResult result = Appliance.Board.Publish(new DecisionRequest(prefix, Verdict.Drop, Origin.Local, reason, 0.9, TimeSpan.FromHours(1), [evidence], null, "appliance"));
        return result.Decision ?? throw new InvalidOperationException($"{result.Refusal}");
    }

    private protected string Write(string name, string text)
    {
        string file = Path.Combine(Appliance.Folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
