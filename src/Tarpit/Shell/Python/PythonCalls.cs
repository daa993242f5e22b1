using System.Numerics;
using System.Runtime.CompilerServices;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Calls functions, methods and classes.</summary>
internal sealed class PythonCalls(PythonMachine machine)
{
    // As the interpreter's own limit.
    private const int Deepest = 985;
    private readonly List<PythonFrame> _frames = [];

    /// <summary>Functions that run.</summary>
    public IReadOnlyList<PythonFrame> Frames => _frames;

    public ValueTask<object?> CallAsync(object? target, params object?[] values) => CallAsync(target, values, CallArguments.None);

    public async ValueTask<object?> CallAsync(object? target, IReadOnlyList<object?> values, IReadOnlyDictionary<string, object?> named)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // Goes on with a fresh stack.
            await Task.Yield();
        }

        await machine.StepAsync();
        switch (target)
        {
            case NativeFunction native:
                return await native.Body(machine, new CallArguments(native.Name, values, named));
            case BoundMethod method:
                return await CallAsync(method.Function, [method.Self, .. values], named);
            case PythonFunction function:
                return await RunAsync(function, values, named);
            case PythonClass type:
                return await MakeAsync(type, values, named);
            case PythonObject thing when thing.Type.TryFind("__call__", out object? call):
                return await CallAsync(call, [thing, .. values], named);
            default:
                throw PythonErrors.Type($"'{PythonText.TypeName(target)}' object is not callable");
        }
    }

    private async ValueTask<object?> MakeAsync(PythonClass type, IReadOnlyList<object?> values, IReadOnlyDictionary<string, object?> named)
    {
        bool isError = type.Is(PythonErrors.Get("BaseException"));
        PythonObject made = isError ? PythonErrors.New(type, [.. values]).Value : new PythonObject(type);
        if (type.TryFind("__init__", out object? start))
        {
            await CallAsync(start, [made, .. values], named);
        }
        else if (!isError && values.Count + named.Count > 0)
        {
            throw PythonErrors.Type($"{type.Name}() takes no arguments");
        }

        return made;
    }

    private async ValueTask<object?> RunAsync(PythonFunction function, IReadOnlyList<object?> values, IReadOnlyDictionary<string, object?> named)
    {
        Scope scope = new(function.Scope, function.Scope.Module);
        Bind(function, scope, values, named);
        machine.Reserve(256);
        PythonFrame frame = new(scope, function.Name, machine.File, machine.Source);
        if (function.IsGenerator)
        {
            return PythonGenerator.Start(machine, function, frame);
        }

        if (_frames.Count > Deepest || !machine.State.Budget.TryNest())
        {
            machine.State.Budget.LeaveNested(_frames.Count > Deepest ? 0 : 1);
            throw PythonErrors.New("RecursionError", "maximum recursion depth exceeded");
        }

        _frames.Add(frame);
        try
        {
            if (function.Expression is { } expression)
            {
                return await machine.Evaluator.EvaluateAsync(expression, frame);
            }

            await machine.Statements.RunAsync(function.Body, frame);
            return frame.Result;
        }
        catch (PythonException e)
        {
            e.Trace.Add(new TraceLine(frame.File, frame.Function, frame.At, frame.Source));
            throw e.Again();
        }
        finally
        {
            _frames.Remove(frame);
            machine.State.Budget.LeaveNested();
        }
    }

    private static void Bind(PythonFunction function, Scope scope, IReadOnlyList<object?> values, IReadOnlyDictionary<string, object?> named)
    {
        int used = 0;
        HashSet<string> known = new(StringComparer.Ordinal);
        List<string> missing = [];
        Parameter? rest = null;
        bool isAfterStar = false;
        foreach (Parameter parameter in function.Parameters)
        {
            if (parameter.Star is "*")
            {
                scope.Values[parameter.Name] = new PythonTuple(values.Skip(used));
                used = values.Count;
                isAfterStar = true;
            }
            else if (parameter.Star is "**")
            {
                rest = parameter;
            }
            else
            {
                known.Add(parameter.Name);
                if (!isAfterStar && used < values.Count)
                {
                    scope.Values[parameter.Name] = named.ContainsKey(parameter.Name) ? throw PythonErrors.Type($"{function.Name}() got multiple values for argument '{parameter.Name}'") : values[used++];
                }
                else if (named.TryGetValue(parameter.Name, out object? value) || function.Defaults.TryGetValue(parameter.Name, out value))
                {
                    scope.Values[parameter.Name] = value;
                }
                else
                {
                    missing.Add($"'{parameter.Name}'");
                }
            }
        }

        if (missing.Count > 0)
        {
            string names = missing.Count == 1 ? missing[0] : missing.Count == 2 ? $"{missing[0]} and {missing[1]}" : $"{string.Join(", ", missing.SkipLast(1))}, and {missing[^1]}";
            throw PythonErrors.Type(FormattableString.Invariant($"{function.Name}() missing {missing.Count} required positional argument{(missing.Count == 1 ? "" : "s")}: {names}"));
        }

        if (used < values.Count)
        {
            int takes = function.Parameters.Count(parameter => parameter.Star.Length == 0);
            throw PythonErrors.Type(FormattableString.Invariant($"{function.Name}() takes {takes} positional argument{(takes == 1 ? "" : "s")} but {values.Count} {(values.Count == 1 ? "was" : "were")} given"));
        }

        PythonDictionary others = new();
        foreach ((string name, object? value) in named.Where(pair => !known.Contains(pair.Key)))
        {
            others[name] = rest is not null ? value : throw PythonErrors.Type($"{function.Name}() got an unexpected keyword argument '{name}'");
        }

        if (rest is not null)
        {
            scope.Values[rest.Name] = others;
        }
    }

    /// <summary>A method of the program, such as __str__; false: the object has none.</summary>
    public async ValueTask<(bool Has, object? Value)> TryMethodAsync(object? self, string name, params object?[] values) =>
        self is PythonObject thing && thing.Type.TryFind(name, out object? method) ? (true, await CallAsync(method, [thing, .. values], CallArguments.None)) : (false, null);

    /// <summary>str().</summary>
    public async ValueTask<string> TextAsync(object? value)
    {
        (bool has, object? text) = await TryMethodAsync(value, "__str__");
        return has ? text as string ?? throw PythonErrors.Type($"__str__ returned non-string (type {PythonText.TypeName(text)})") : value is PythonObject thing && !thing.Type.Is(PythonErrors.Get("BaseException")) ? await RepresentAsync(value) : PythonText.Plain(value);
    }

    public async ValueTask<string> RepresentAsync(object? value)
    {
        (bool has, object? text) = await TryMethodAsync(value, "__repr__");
        return has && text is string shown ? shown : PythonText.Represent(value);
    }

    public async ValueTask<bool> IsTrueAsync(object? value)
    {
        if (value is not PythonObject)
        {
            return PythonOperators.IsTrue(value);
        }

        (bool has, object? result) = await TryMethodAsync(value, "__bool__");
        (has, result) = has ? (has, result) : await TryMethodAsync(value, "__len__");
        return !has || PythonOperators.IsTrue(result);
    }

    /// <summary>What for, list() and the like go through.</summary>
    public async ValueTask<PythonIterator> IterateAsync(object? value)
    {
        switch (value)
        {
            case PythonIterator iterator:
                return iterator;
            case string text:
                return PythonIterator.Of("str_ascii_iterator", Characters(text));
            case byte[] bytes:
                return PythonIterator.Of("bytes_iterator", bytes.Select(part => (object?)new BigInteger(part)));
            case PythonList list:
                return PythonIterator.Of("list_iterator", Each(list));
            case PythonTuple tuple:
                return PythonIterator.Of("tuple_iterator", tuple.Items);
            case PythonDictionary map:
                return PythonIterator.Of("dict_keyiterator", Checked(map));
            case PythonSet set:
                return PythonIterator.Of("set_iterator", [.. set.Items]);
            case PythonRange range:
                return PythonIterator.Of("range_iterator", Each(range));
            case PythonObject { Native: PythonFile file }:
                return new PythonIterator("file", async () => await file.ReadLineAsync(machine) is { } line ? (true, line) : (false, null));
        }

        (bool has, object? made) = await TryMethodAsync(value, "__iter__");
        if (has && made is PythonObject own)
        {
            return new PythonIterator("iterator", async () =>
            {
                try
                {
                    return (true, (await TryMethodAsync(own, "__next__")).Value);
                }
                catch (PythonException e) when (e.Value.Type.Is(PythonErrors.Get("StopIteration")))
                {
                    return (false, null);
                }
            });
        }

        return has ? await IterateAsync(made) : throw PythonErrors.Type($"'{PythonText.TypeName(value)}' object is not iterable");
    }

    /// <summary>All that it gives.</summary>
    public async ValueTask<PythonList> CollectAsync(object? value)
    {
        PythonList list = [];
        PythonIterator iterator = await IterateAsync(value);
        machine.Unfinished.Push(list);
        try
        {
            while (await iterator.NextAsync() is (true, var item))
            {
                await machine.StepAsync();
                machine.Reserve(16);
                list.Add(item);
            }
        }
        finally
        {
            machine.Unfinished.Pop();
        }

        return list;
    }

    /// <summary>Characters as the language counts them.</summary>
    public static IEnumerable<object?> Characters(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            bool isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            yield return text.Substring(at, isPair ? 2 : 1);
            at += isPair ? 1 : 0;
        }
    }

    // The list may grow meanwhile.
    private static IEnumerable<object?> Each(PythonList list)
    {
        for (int n = 0; n < list.Count; n++)
        {
            yield return list[n];
        }
    }

    private static IEnumerable<object?> Each(PythonRange range)
    {
        BigInteger count = range.Count, value = range.From;
        for (BigInteger n = 0; n < count; n++, value += range.Step)
        {
            yield return value;
        }
    }

    private static IEnumerable<object?> Checked(PythonDictionary map)
    {
        int count = map.Count;
        foreach (object? key in map.Items.Select(item => item.Key).ToArray())
        {
            yield return map.Count == count ? key : throw PythonErrors.New("RuntimeError", "dictionary changed size during iteration");
        }
    }
}
