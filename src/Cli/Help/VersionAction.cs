using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Blackwall.Cli.Help;

/// <summary>"--version" at any verb.</summary>
internal sealed class VersionAction(Shell shell) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    /// <summary>"0.1.0", without what a build adds.</summary>
    public static string Version => (typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+')[0];

    public override int Invoke(ParseResult parseResult)
    {
        shell.Output.WriteLine($"blackwall {Version}");
        return CliExit.Done;
    }
}
