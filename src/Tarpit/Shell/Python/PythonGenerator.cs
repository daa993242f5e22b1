namespace Blackwall.Tarpit.Shell.Python;

/// <summary>A function with yield: it runs until the next value is wanted no more, and goes on when it is.</summary>
internal sealed class PythonGenerator
{
    private readonly PythonMachine _machine;
    private readonly PythonFunction _function;
    private readonly PythonFrame _frame;
    private TaskCompletionSource<(bool Has, object? Value)> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _run;
    private bool _isOver;

    private PythonGenerator(PythonMachine machine, PythonFunction function, PythonFrame frame) => (_machine, _function, _frame) = (machine, function, frame);

    public static PythonIterator Start(PythonMachine machine, PythonFunction function, PythonFrame frame)
    {
        PythonGenerator generator = new(machine, function, frame);
        frame.Yield = generator.GiveAsync;
        return new PythonIterator("generator", generator.NextAsync);
    }

    private async ValueTask<(bool Has, object? Value)> NextAsync()
    {
        if (_isOver)
        {
            return (false, null);
        }

        _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_run is null)
        {
            _run = RunAsync();
        }
        else
        {
            _wanted.TrySetResult();
        }

        return await _given.Task.WaitAsync(_machine.Cancellation);
    }

    private async Task RunAsync()
    {
        try
        {
            await _machine.Statements.RunAsync(_function.Body, _frame);
            _isOver = true;
            _given.TrySetResult((false, null));
        }
        catch (PythonException e)
        {
            _isOver = true;
            e.Trace.Add(new TraceLine(_frame.File, _frame.Function, _frame.At, _frame.Source));
            _given.TrySetException(e);
        }
        catch (OperationCanceledException)
        {
            _isOver = true;
            _given.TrySetCanceled();
        }
        catch (Exception e)
        {
            // Whatever it is, whoever waits for the next value gets it.
            _isOver = true;
            _given.TrySetException(e);
        }
    }

    private async ValueTask<object?> GiveAsync(object? value)
    {
        _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _given.TrySetResult((true, value));
        await _wanted.Task.WaitAsync(_machine.Cancellation);
        return null;
    }
}
