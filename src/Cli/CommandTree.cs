using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Generate;
using Blackwall.Cli.Help;
using Blackwall.Cli.Mesh;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Programs;

namespace Blackwall.Cli;

/// <summary>The command line as a tree of verbs; help, manual pages and completions are made from it.</summary>
internal static class CommandTree
{
    /// <summary>Runs one command; returns the exit code (<see cref="CliExit"/>).</summary>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="shell">What is around.</param>
    /// <param name="cancellation">Ends what goes on until it is ended.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Shell shell, CancellationToken cancellation)
    {
        IReadOnlyList<string> typed = VerbFirst(arguments);
        RootCommand root = Build(shell, typed);
        ParseResult line = root.Parse(typed, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (line.Action is not HelpAction and not VersionAction && Misunderstanding.Of(line) is { } sentence)
        {
            return shell.Misunderstood(sentence);
        }

        try
        {
            return await line.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellation);
        }
        catch (OperationCanceledException)
        {
            return CliExit.Done;
        }
    }

    /// <param name="shell">What is around.</param>
    /// <param name="typed">The command line, verb first; what another program is started with.</param>
    public static RootCommand Build(Shell shell, IReadOnlyList<string> typed)
    {
        RootCommand root = new("Blackwall, a firewall in the kernel at the edge of a network.");
        root.Options.Clear();
        root.Directives.Clear();
        foreach (Verb verb in VerbList.Client(shell).Concat(ApplianceVerbs.All(shell, typed)))
        {
            root.Subcommands.Add(verb);
        }

        root.Subcommands.First(verb => verb is MeshVerb).Subcommands.Add(ApplianceVerbs.MeshPeer(shell, typed));
        Command ctl = new("ctl", "the verbs that speak to an appliance, under one word: 'ctl status' is 'status'");
        foreach (Verb verb in VerbList.Client(shell))
        {
            ctl.Subcommands.Add(verb);
        }

        root.Subcommands.Add(ctl);
        root.Subcommands.Add(new HelpVerb(shell));
        root.Subcommands.Add(new GenerateVerb(shell));
        root.Options.Add(new Option<bool>("--help", "-h") { Description = "tell what there is", Arity = ArgumentArity.Zero, Recursive = true, Action = new HelpAction(shell) });
        root.Options.Add(new Option<bool>("--version") { Description = "tell the version", Arity = ArgumentArity.Zero, Recursive = true, Action = new VersionAction(shell) });
        root.SetAction(_ => HelpAction.Write(shell, root));
        ctl.SetAction(_ => HelpAction.Write(shell, ctl));
        return root;
    }

    // Options that name the appliance may stand before the verb.
    private static IReadOnlyList<string> VerbFirst(IReadOnlyList<string> arguments)
    {
        List<string> verbs = [], options = [];
        int at = 0;
        for (; at < arguments.Count; at++)
        {
            string argument = arguments[at];
            if (ConnectionOptions.Names.Contains(argument.Split('=')[0], StringComparer.Ordinal))
            {
                options.Add(argument);
                if (argument is not "--json" && !argument.Contains('=', StringComparison.Ordinal) && at + 1 < arguments.Count)
                {
                    options.Add(arguments[++at]);
                }
            }
            else
            {
                verbs.Add(argument);
                if (argument is not "ctl")
                {
                    at++;
                    break;
                }
            }
        }

        return options.Count == 0 ? arguments : [.. verbs, .. options, .. arguments.Skip(at)];
    }
}
