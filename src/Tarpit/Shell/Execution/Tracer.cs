using System.Globalization;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>set -x: shows what runs, behind PS4, on the error output or where BASH_XTRACEFD says.</summary>
internal sealed class Tracer(ShellState state, Expander expander, ICommandRunner commands)
{
    public ValueTask WriteAsync(string text, CancellationToken cancellation) => state.Has("xtrace") ? TellAsync(text, cancellation) : ValueTask.CompletedTask;

    /// <summary>What stands before the text now; null: nothing is shown.</summary>
    public async ValueTask<string?> BeginAsync(CancellationToken cancellation) => state.Has("xtrace") ? await MarksAsync(cancellation) : null;

    private async ValueTask TellAsync(string text, CancellationToken cancellation) => await WriteAsync(await MarksAsync(cancellation), text, cancellation);

    /// <summary>Shows a text behind marks that were made before.</summary>
    public async ValueTask WriteAsync(string marks, string text, CancellationToken cancellation)
    {
        ShellOutput output = int.TryParse(state.Find("BASH_XTRACEFD"), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && commands.Streams.Get(number)?.Output is { } chosen ? chosen : commands.Streams.Error;
        await output.WriteAsync($"{marks}{text}\n", cancellation);
    }

    // PS4 is expanded; its first character is there once for each level.
    private async ValueTask<string> MarksAsync(CancellationToken cancellation)
    {
        string marks = state.Find("PS4") ?? "+ ";
        if (marks.AsSpan().IndexOfAny('$', '`') >= 0)
        {
            int status = state.Status;
            state.Options.Remove("xtrace");
            try
            {
                marks = await expander.DocumentAsync(WordReader.ReadWhole(marks, WordReader.Place.Document), cancellation);
            }
            catch (SyntaxException)
            {
                // As it is.
            }
            finally
            {
                state.Options.Add("xtrace");
                state.Status = status;
            }
        }

        return marks.Length > 0 ? new string(marks[0], state.TraceDepth) + marks : marks;
    }
}
