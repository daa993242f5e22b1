using System.CommandLine;
using System.CommandLine.Invocation;

namespace Blackwall.Cli.Help;

/// <summary>"--help" at any verb.</summary>
internal sealed class HelpAction(Shell shell) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult) => Write(shell, parseResult.CommandResult.Command);

    public static int Write(Shell shell, Command command)
    {
        new HelpText(shell.Name, Math.Min(shell.Width ?? 100, 120)).Write(shell.Output, command);
        return CliExit.Done;
    }
}
