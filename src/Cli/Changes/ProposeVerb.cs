using System.CommandLine;
using System.Text.Json;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Changes;

/// <summary>"propose": a change that is counted against live traffic before it acts.</summary>
internal sealed class ProposeVerb : ApiVerb
{
    private const long LargestFile = 48 * 1024 * 1024;

    private readonly Argument<string> _file = Arg.Text("FILE", "JSON; - is standard input");

    public ProposeVerb(Shell shell)
        : base(shell, "propose", "count a change against live traffic before it acts", VerbGroup.Try) => Arguments.Add(_file);

    public override IReadOnlyList<string> More => ["FILE holds, for example: {\"rules\": [{\"scope\": \"203.0.113.0/24\", \"verdict\": \"drop\"}], \"remove\": [\"198.51.100.0/24\"]}"];

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(
        call.Api.Changes.ProposeAsync(Read(call.Line.GetRequiredValue(_file)), call.Cancellation),
        change => new ChangeTrialRun(call).Tell(change, $"It decides nothing yet. '{call.Again("changes")}' counts what it would do; '{call.Again($"apply {change.Id}")}' tries it."));

    private static JsonElement Read(string file)
    {
        try
        {
            if (file is not "-" && new FileInfo(file).Length > LargestFile)
            {
                throw new CliException(CliExit.BadFile, $"{file} is larger than 48 MiB; make several changes of it.");
            }

            using JsonDocument document = JsonDocument.Parse(file is "-" ? Console.In.ReadToEnd() : File.ReadAllText(file));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new CliException(CliExit.BadFile, $"{file} holds no change: write {{\"rules\": [{{\"scope\": \"203.0.113.0/24\", \"verdict\": \"drop\"}}]}}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CliException(CliExit.BadFile, $"{file} cannot be read: {failure.Message}");
        }
    }
}
