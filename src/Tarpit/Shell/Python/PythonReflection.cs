namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Functions that look at the names around their call: exec, eval, super, locals and so on.</summary>
internal static class PythonReflection
{
    private const int MostNested = 30;

    public static async ValueTask<object?> CallAsync(PythonMachine machine, string name, IReadOnlyList<object?> values, PythonFrame frame)
    {
        switch (name)
        {
            case "globals":
                return Map(machine.Module.Values);
            case "locals":
                return Map(frame.Scope.Values);
            case "vars" when values.Count == 0:
                return Map(frame.Scope.Values);
            case "vars":
                return Map(values[0] switch { PythonObject thing => thing.Members, PythonModule module => module.Members, PythonClass type => type.Members, _ => throw PythonErrors.Type("vars() argument must have __dict__ attribute") });
            case "dir":
                return new PythonList((values.Count == 0 ? frame.Scope.Values.Keys : PythonMembers.Names(values[0])).Order(StringComparer.Ordinal));
            case "super":
                return Super(frame);
            default:
                return await RunAsync(machine, name, values, frame);
        }
    }

    public static PythonDictionary Map(IReadOnlyDictionary<string, object?> names)
    {
        PythonDictionary map = new();
        foreach ((string name, object? value) in names)
        {
            map[name] = value;
        }

        return map;
    }

    // The members of the base classes, bound to the object.
    private static PythonObject Super(PythonFrame frame)
    {
        object? self = frame.Scope.Values.Values.FirstOrDefault(value => value is PythonObject);
        PythonClass type = (self as PythonObject)?.Type ?? throw PythonErrors.New("RuntimeError", "super(): no arguments");
        PythonObject proxy = new(new PythonClass("super", []));
        foreach (PythonClass parent in type.Bases.Reverse())
        {
            foreach ((string name, object? value) in parent.Members)
            {
                proxy.Members[name] = value is PythonFunction or NativeFunction ? new BoundMethod(self, value) : value;
            }
        }

        proxy.Members.TryAdd("__init__", new NativeFunction("__init__", (machine, a) =>
        {
            if (self is PythonObject made && made.Type.Is(PythonErrors.Get("BaseException")))
            {
                made.Members["args"] = new PythonTuple(a.Values);
            }

            return new((object?)null);
        }));
        return proxy;
    }

    private static async ValueTask<object?> RunAsync(PythonMachine machine, string name, IReadOnlyList<object?> values, PythonFrame frame)
    {
        string source = values.Count == 0 ? throw PythonErrors.Type($"{name} expected at least 1 argument, got 0") : values[0] switch
        {
            string text => text,
            byte[] bytes => PythonEncoding.FromBytes(bytes),
            PythonObject { Native: string code } => code,
            var other => throw PythonErrors.Type($"{name}() arg 1 must be a string, bytes or code object"),
        };
        PythonFrame inner = new(frame.Scope, "<module>", "<string>", null) { Yield = frame.Yield };
        if (values.Count > 1 && values[1] is PythonDictionary map)
        {
            inner = new(new Scope(null, null), "<module>", "<string>", null);
            foreach ((object? key, object? value) in map.Items)
            {
                inner.Scope.Values[PythonText.Plain(key)] = value;
            }
        }

        machine.Reserve(source.Length * 16L);
        if (!machine.State.Budget.TryNest(MostNested))
        {
            machine.State.Budget.LeaveNested(MostNested);
            throw PythonErrors.New("RecursionError", "maximum recursion depth exceeded");
        }

        try
        {
            if (name is "eval")
            {
                PythonNode expression = PythonParser.ReadExpression(source);
                try
                {
                    return await machine.Evaluator.EvaluateAsync(expression, inner);
                }
                catch (PythonException e)
                {
                    e.Trace.Add(new TraceLine("<string>", "<module>", inner.At, null));
                    throw;
                }
            }

            await machine.Statements.RunModuleAsync(PythonParser.Read(source), inner);
            if (values.Count > 1 && values[1] is PythonDictionary names)
            {
                foreach ((string key, object? value) in inner.Scope.Values)
                {
                    names[key] = value;
                }
            }

            return null;
        }
        catch (PythonSyntaxException e)
        {
            PythonException error = PythonErrors.New(PythonErrors.IsKnown(e.Type) ? e.Type : "SyntaxError", FormattableString.Invariant($"{e.Message} (<string>, line {e.Where.Line})"));
            error.Library = e.Describe(source, "<string>")[..e.Describe(source, "<string>").LastIndexOf(e.Type + ":", StringComparison.Ordinal)];
            throw error;
        }
        finally
        {
            machine.State.Budget.LeaveNested(MostNested);
        }
    }
}
