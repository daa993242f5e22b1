using Blackwall.Cli.Programs;
using Blackwall.Client;

namespace Blackwall.Cli;

/// <summary>What is around the program: streams, terminal, environment, clock. Each is asked for when it is used, for a program that is replaced by another must not have touched the terminal.</summary>
internal sealed class Shell
{
    public required Func<TextWriter> Out { get; init; }

    public required Func<TextWriter> Err { get; init; }

    /// <summary>A person who can be asked; null: there is none.</summary>
    public required Func<TextReader?> Person { get; init; }

    /// <summary>Columns of the terminal that standard output is; null: it is none.</summary>
    public required Func<int?> Columns { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public required IProgramStarter Programs { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How the operator calls this program.</summary>
    public string Name => Environment("BLACKWALL_PROGRAM") is { Length: > 0 } named ? named : "blackwall";

    public TextWriter Output => Out();

    public TextWriter Error => Err();

    public TextReader? Input => Person();

    public int? Width => Columns();

    /// <summary>Says why a command line is not understood, and where help is.</summary>
    public int Misunderstood(string sentence)
    {
        Error.WriteLine(PlainText.Clean(sentence));
        Error.WriteLine($"'{Name} --help' lists the verbs, '{Name} VERB --help' the options of one.");
        return CliExit.BadUsage;
    }

    public static Shell OfProcess() => new()
    {
        Out = () => Console.Out,
        Err = () => Console.Error,
        Person = () => Console.IsInputRedirected ? null : Console.In,
        Columns = () => Console.IsOutputRedirected ? null : Math.Max(Console.WindowWidth, 20),
        Environment = System.Environment.GetEnvironmentVariable,
        Programs = new ProgramStarter(),
    };
}
