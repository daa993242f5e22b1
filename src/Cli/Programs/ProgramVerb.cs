using System.CommandLine;
using Blackwall.Client;

namespace Blackwall.Cli.Programs;

/// <summary>A verb that another program of the product does; the options are described here and read there.</summary>
internal class ProgramVerb : Verb
{
    /// <param name="shell">What is around.</param>
    /// <param name="typed">The command line, verb first.</param>
    /// <param name="program">Which program.</param>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its arguments and options.</param>
    public ProgramVerb(Shell shell, IReadOnlyList<string> typed, string program, string name, string description, params IEnumerable<Symbol> symbols)
        : base(name, description, VerbGroup.Machine)
    {
        foreach (Symbol symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    Arguments.Add(argument);
                    break;
                case Option option:
                    Options.Add(option);
                    break;
                case Command below:
                    Subcommands.Add(below);
                    below.SetAction(_ => Become(shell, program, typed));
                    break;
            }
        }

        if (Subcommands.Count == 0)
        {
            this.SetAction(_ => Become(shell, program, program is "blackwall-tui" ? [.. typed.Skip(1)] : typed));
        }
    }

    /// <summary>Starts the program in the place of this one.</summary>
    internal static int Become(Shell shell, string program, IReadOnlyList<string> arguments)
    {
        try
        {
            return shell.Programs.Become(program, arguments);
        }
        catch (CliException failure)
        {
            shell.Error.WriteLine(PlainText.Clean(failure.Message));
            return failure.ExitCode;
        }
    }
}
