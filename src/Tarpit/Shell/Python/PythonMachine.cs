using System.Numerics;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>
/// A program while it runs. Steps are charged to the budget of the session, values are counted with its memory; whatever a program starts, opens or connects to is the machine's of the visitor.
/// </summary>
internal sealed class PythonMachine : IMemoryHolder, IDisposable
{
    // So many steps are as much work as one command of the shell.
    private const int StepsPerCommand = 8;
    private const int FlushAt = 32 * 1024;

    private readonly StringBuilder _output = new();
    private int _steps, _memorySteps;
    private int? _process;
    private PythonFrame? _module;

    public PythonMachine(Invocation call, string file, string? source, IReadOnlyList<string> arguments)
    {
        (Call, File, Source, Arguments, Streams) = (call, file, source, arguments, call.Streams);
        Module = new Scope(null, null);
        Module.Values["__name__"] = "__main__";
        Module.Values["__doc__"] = null;
        if (source is not null)
        {
            Module.Values["__file__"] = file;
        }

        Builtins = PythonBuiltins.Make();
        Calls = new PythonCalls(this);
        Evaluator = new PythonEvaluator(this);
        Statements = new PythonStatements(this);
        Targets = new PythonTargets(this);
        call.State.Budget.Memory.Hold(this);
    }

    public Invocation Call { get; }

    public ShellState State => Call.State;

    public CancellationToken Cancellation => Call.Cancellation;

    public string File { get; }

    public string? Source { get; }

    /// <summary>sys.argv.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Standard streams, as dup2() may have changed them.</summary>
    public ShellStreams Streams { get; set; }

    public Scope Module { get; }

    public Dictionary<string, object?> Builtins { get; }

    public Dictionary<string, PythonModule> Modules { get; } = new(StringComparer.Ordinal);

    public PythonCalls Calls { get; }

    public PythonEvaluator Evaluator { get; }

    public PythonStatements Statements { get; }

    public PythonTargets Targets { get; }

    /// <summary>Called with the value of each expression that is a statement, as at a prompt; null: it is dropped.</summary>
    public Func<object?, ValueTask>? Shows { get; set; }

    /// <summary>Lists and dictionaries that are being made: nothing else has them yet.</summary>
    public Stack<object?> Unfinished { get; } = [];

    /// <summary>Open files and sockets, by number.</summary>
    public Dictionary<int, object> Descriptors { get; } = [];

    /// <summary>os.environ, where the program changed it.</summary>
    public PythonDictionary? Environment { get; set; }

    public Random Random { get; set; } = new();

    /// <summary>Number of the process, once somebody asked for it.</summary>
    public int Process => _process ??= State.Visit.Memory.NextProcess();

    /// <summary>The exception that the module handles now.</summary>
    public PythonException? Handled => _module?.Handled;

    /// <summary>Files with content that is not written yet.</summary>
    public HashSet<PythonFile> Unsaved { get; } = [];

    /// <summary>sys.stdout, where the program changed it; null: it is the stream.</summary>
    public object? Output { get; set; }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code.</returns>
    public async ValueTask<int> RunAsync(string text)
    {
        IReadOnlyList<PythonNode> program;
        try
        {
            program = PythonParser.Read(text);
        }
        catch (PythonSyntaxException e)
        {
            await WriteErrorAsync(e.Describe(text, File));
            return 1;
        }

        _module = new PythonFrame(Module, "<module>", File, Source);
        return await GuardAsync(() => Statements.RunModuleAsync(program, _module));
    }

    /// <summary>The process ends: its files are written, its sockets closed.</summary>
    public void Dispose()
    {
        foreach (PythonFile file in Unsaved.ToArray())
        {
            try
            {
                file.Save(this);
            }
            catch (PythonException)
            {
                // Nobody is left who would hear that there is no room.
            }
        }

        foreach (IDisposable open in Descriptors.Values.OfType<IDisposable>().ToArray())
        {
            open.Dispose();
        }

        Descriptors.Clear();
        State.Budget.Memory.Drop(this);
    }

    /// <summary>Runs something, and tells the exception that it ends with.</summary>
    public async ValueTask<int> GuardAsync(Func<ValueTask> run)
    {
        try
        {
            await run();
            await FlushAsync();
            return 0;
        }
        catch (PythonException e) when (e.Value.Type.Is(PythonErrors.Get("SystemExit")))
        {
            await FlushAsync();
            switch (e.Value.Members.GetValueOrDefault("code"))
            {
                case null:
                    return 0;
                case BigInteger code:
                    return (int)(code & 0xFF);
                case bool truth:
                    return truth ? 1 : 0;
                case var text:
                    await WriteErrorAsync(PythonText.Plain(text) + "\n");
                    return 1;
            }
        }
        catch (PythonException e)
        {
            await FlushAsync();
            await WriteErrorAsync(PythonErrors.Describe(e));
            return e.Value.Type.Is(PythonErrors.Get("KeyboardInterrupt")) ? 130 : 1;
        }
    }

    /// <summary>A little work was done.</summary>
    public ValueTask StepAsync() => ++_steps % StepsPerCommand == 0 ? State.Budget.StepAsync(Cancellation) : ValueTask.CompletedTask;

    /// <summary>A value of so many bytes comes to be.</summary>
    /// <exception cref="PythonException">There is no memory for it.</exception>
    public void Reserve(long bytes)
    {
        const long unheeded = 64, atOnce = 4 << 20;
        State.Budget.Charge(bytes / 4096);
        _memorySteps += (int)Math.Min(bytes, atOnce) + (int)unheeded;
        if (bytes > atOnce || (_memorySteps > 64 * 1024 && !State.Budget.Memory.TryGrow(_memorySteps)))
        {
            throw PythonErrors.Memory();
        }

        _memorySteps = _memorySteps > 64 * 1024 ? 0 : _memorySteps;
    }

    public async ValueTask WriteAsync(string text)
    {
        _output.Append(text);
        if (_output.Length > FlushAt || (State.Io.Terminal is not null && text.Contains('\n', StringComparison.Ordinal)))
        {
            await FlushAsync();
        }
    }

    public async ValueTask FlushAsync()
    {
        if (_output.Length > 0)
        {
            byte[] bytes = PythonEncoding.ToShell(_output.ToString());
            _output.Clear();
            await State.Budget.GiveWayAsync(Cancellation);
            await Streams.Output.WriteAsync(bytes, Cancellation);
        }
    }

    public async ValueTask WriteErrorAsync(string text)
    {
        await FlushAsync();
        await Streams.Error.WriteAsync(PythonEncoding.ToShell(text), Cancellation);
    }

    long IMemoryHolder.BytesHeld(HashSet<object> seen)
    {
        const int most = 400_000;
        long bytes = _output.Length * 2L;
        Stack<object?> open = new(Unfinished.Concat(Module.Values.Values).Concat(Calls.Frames.SelectMany(frame => frame.Scope.Values.Values.Append(frame.Result))));
        for (int n = 0; n < most && open.TryPop(out object? value); n++)
        {
            if (value is null or bool or double || (value is not BigInteger && !seen.Add(value)))
            {
                bytes += 8;
                continue;
            }

            bytes += 48 + (value switch { string text => text.Length * 2L, byte[] raw => raw.Length, BigInteger number => number.GetByteCount(), PythonList list => list.Capacity * 8L, _ => 0 });
            foreach (object? part in Parts(value))
            {
                open.Push(part);
            }
        }

        return bytes;
    }

    private static IEnumerable<object?> Parts(object value) => value switch
    {
        PythonList list => list,
        PythonTuple tuple => tuple.Items,
        PythonDictionary map => map.Items.SelectMany(item => (object?[])[item.Key, item.Value]),
        PythonSet set => set.Items,
        PythonObject thing => thing.Members.Values.Append(thing.Native),
        PythonClass type => type.Members.Values,
        PythonFunction function => function.Scope.Values.Values,
        BoundMethod method => [method.Self],
        _ => [],
    };
}
