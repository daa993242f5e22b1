using System.Text;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>Runs what a prompt read; ^C ends it, also while it reads nothing, and other keys that are signals reach the job that has the terminal.</summary>
internal sealed class InterruptibleRunner
{
    private const int Interrupt = 2, Stop = 20;

    private readonly ShellState _state;
    private readonly Interpreter _interpreter;
    private readonly Keyboard _keyboard;
    private CancellationTokenSource? _stop;

    public InterruptibleRunner(ShellState state, Interpreter interpreter, Keyboard keyboard)
    {
        (_state, _interpreter, _keyboard) = (state, interpreter, keyboard);
        Keys = new KeyboardUse(IsRaw: false, HasFlowControl: true, Signal);
    }

    /// <summary>How keys are taken meanwhile.</summary>
    public KeyboardUse Keys { get; }

    /// <summary>Runs text; null: what is set for the end of the shell.</summary>
    /// <param name="firstLine">Number of its first line, for messages.</param>
    public async Task RunAsync(string? command, CancellationToken cancellation, int firstLine = 1)
    {
        CancellationTokenSource? before = _stop;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _stop = stop;
        _state.Budget.Reset();
        _keyboard.Use = Keys;
        try
        {
            await _state.Turns.EnterAsync(stop.Token);
            try
            {
                await (command is null ? _interpreter.EndAsync(stop.Token) : _interpreter.RunTextAsync(command.EndsWith('\n') ? command : command + "\n", stop.Token, firstLine: firstLine));
                _state.OpenFiles.Flush(_state.Log);
            }
            finally
            {
                _state.Turns.Leave();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _state.Status = 128 + Interrupt;
            await _state.Io.WriteAsync(Encoding.Latin1.GetBytes("\r\n"), cancellation);
        }
        catch (BrokenPipeException)
        {
            _state.Status = 141;
        }
        finally
        {
            _stop = before;
        }
    }

    // For the job that has the terminal, or for what the shell itself does.
    private void Signal(int signal)
    {
        if (_state.Jobs.Foreground is { } job)
        {
            if (signal == Stop)
            {
                job.Stop(signal);
            }
            else
            {
                job.Kill(signal);
            }
        }
        else if (signal == Interrupt && _state.Traps.Get(Interrupt) is { } trap)
        {
            if (trap.Length > 0 && _state.Traps.Pending.Count == 0)
            {
                _state.Traps.Pending.Enqueue(Interrupt);
            }
        }
        else if (signal == Interrupt)
        {
            _stop?.Cancel();
        }
    }
}
