using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Commands whose output is part of a word.</summary>
internal interface ISubstitutions
{
    /// <summary>The output without line ends at its end.</summary>
    ValueTask<string> RunAsync(Command command, CancellationToken cancellation);

    ValueTask<string> RunTextAsync(string text, CancellationToken cancellation);

    /// <summary>The path of a file that stands for the output, or takes the input, of a command.</summary>
    ValueTask<string> OpenAsync(ProcessPart process, CancellationToken cancellation);

    /// <summary>Tells an error that ends nothing.</summary>
    ValueTask WarnAsync(string message, CancellationToken cancellation);

    /// <summary>Starts a command whose output is read, or whose input is written, while it runs; null: there are too many.</summary>
    Pipe? Attach(ProcessPart process);
}
