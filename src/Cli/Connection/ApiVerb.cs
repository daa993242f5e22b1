using System.CommandLine;
using Blackwall.Client;

namespace Blackwall.Cli.Connection;

/// <summary>A verb that speaks to an appliance.</summary>
internal abstract class ApiVerb : Verb
{
    private readonly ConnectionOptions _connection = new();
    private readonly Shell _shell;

    protected ApiVerb(Shell shell, string name, string description, VerbGroup group)
        : base(name, description, group)
    {
        _shell = shell;
        _connection.AddTo(this);
        this.SetAction((line, cancellation) => AnswerAsync(line, RunAsync, cancellation));
    }

    /// <exception cref="CliException">It ends otherwise than done.</exception>
    protected abstract Task RunAsync(ApiCall call);

    /// <summary>A verb below this one, with the same connection.</summary>
    protected Command Below(string name, string description, Func<ApiCall, Task> run)
    {
        Command below = new(name, description);
        below.SetAction((line, cancellation) => AnswerAsync(line, run, cancellation));
        Subcommands.Add(below);
        return below;
    }

    private async Task<int> AnswerAsync(ParseResult line, Func<ApiCall, Task> run, CancellationToken cancellation)
    {
        try
        {
            using ApplianceClient api = _connection.Choose(line, _shell.Environment).Open();
            await run(new ApiCall(line, api, _shell, _connection, cancellation));
            return CliExit.Done;
        }
        catch (CliException failure) when (failure.ExitCode == CliExit.BadUsage)
        {
            return _shell.Misunderstood(failure.Message);
        }
        catch (CliException failure)
        {
            _shell.Error.WriteLine(PlainText.Clean(failure.Message));
            return failure.ExitCode;
        }
    }
}
