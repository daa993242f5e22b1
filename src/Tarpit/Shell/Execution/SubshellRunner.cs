using System.Globalization;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Runs commands in subshells: pipelines, the background, command substitution. They share nothing but files with their shell.</summary>
internal sealed class SubshellRunner(ShellState state, ICommandRunner commands)
{
    private const int PipeSize = 4 << 20;
    private const int LargestSubstitution = 1 << 20;
    private const int StatusOfBrokenPipe = 141;

    public async Task RunAsync(Command command, ShellStreams streams, CancellationToken cancellation)
    {
        ShellState copy = state.Copy();
        copy.ExitTrap = null;
        Interpreter inner = new(copy, streams);
        try
        {
            await inner.RunAsync(command, cancellation);
            await inner.EndAsync(cancellation);
            state.Status = copy.Status;
        }
        catch (BrokenPipeException)
        {
            state.Status = StatusOfBrokenPipe;
        }
    }

    public async Task RunPipelineAsync(Pipeline pipeline, CancellationToken cancellation)
    {
        ShellInput input = commands.Streams.Input;
        int failed = 0;
        for (int i = 0; i < pipeline.Stages.Count; i++)
        {
            if (i == pipeline.Stages.Count - 1)
            {
                // The last one runs in a subshell too, as bash has it.
                await (pipeline.Stages.Count == 1 ? commands.RunAsync(pipeline.Stages[i], cancellation) : RunAsync(pipeline.Stages[i], commands.Streams with { Input = input }, cancellation));
                break;
            }

            BufferOutput pipe = new(PipeSize);
            await RunAsync(pipeline.Stages[i], commands.Streams with { Input = input, Output = pipe }, cancellation);
            input = ShellInput.From(pipe.ToArray());
            failed = state.Status != 0 ? state.Status : failed;
        }

        if (state.Status == 0 && state.Options.Contains("pipefail"))
        {
            state.Status = failed;
        }

        if (pipeline.IsNegated)
        {
            state.Status = state.Status == 0 ? 1 : 0;
        }
    }

    // It runs to its end at once: no command here takes long enough to be worth a task of its own.
    public async Task RunInBackgroundAsync(Command command, CancellationToken cancellation)
    {
        int process = state.Visit.ShellProcess + state.Visit.Memory.NextProcess();
        state.Variables["!"] = process.ToString(CultureInfo.InvariantCulture);
        if (state.Io.Terminal is not null)
        {
            await commands.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"[1] {process}\n"), cancellation);
        }

        await RunAsync(command, commands.Streams with { Input = ShellInput.Empty }, cancellation);
        state.Status = 0;
    }

    /// <summary>The output of a command substitution.</summary>
    public async ValueTask<string> SubstituteAsync(string text, CancellationToken cancellation)
    {
        if (++state.Depth > ShellState.MostNested)
        {
            state.Depth--;
            return "";
        }

        BufferOutput output = new(LargestSubstitution);
        try
        {
            // $(< file) is short for $(cat < file).
            Command command = Parser.Parse(text.Length > 1 && text[0] == '<' && text[1] != '<' ? "cat " + text : text);
            await RunAsync(command, commands.Streams with { Output = output }, cancellation);
        }
        catch (SyntaxException e)
        {
            state.Status = 2;
            await commands.Streams.Error.WriteAsync($"{state.Name}: command substitution: {e.Message}\n", cancellation);
        }
        finally
        {
            state.Depth--;
        }

        return output.Text.TrimEnd('\n').Replace("\0", "", StringComparison.Ordinal);
    }
}
