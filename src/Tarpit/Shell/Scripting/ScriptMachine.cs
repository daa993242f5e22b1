using System.Runtime.CompilerServices;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Runs a program in Perl or PHP. Steps are charged to the budget of the session, and what it keeps is counted with its memory.</summary>
internal sealed class ScriptMachine : IMemoryHolder
{
    private const int Largest = 4 << 20, MostItems = 200_000, StepsPerCommand = 8, BetweenCounts = 64 * 1024;
    private int _steps;
    private long _reserved;

    public ScriptMachine(Invocation call, bool isPhp, string file)
    {
        (Call, IsPhp, File) = (call, isPhp, file);
        Functions = new ScriptFunctions(this);
        Handles = new ScriptHandles(this);
        Statements = new ScriptStatements(this);
        Patterns = new ScriptPatterns(this);
        call.State.Budget.Memory.Hold(this);
    }

    public Invocation Call { get; }

    public bool IsPhp { get; }

    /// <summary>As errors name it: "-e".</summary>
    public string File { get; }

    public ScriptFunctions Functions { get; }

    public ScriptHandles Handles { get; }

    public ScriptStatements Statements { get; }

    public ScriptPatterns Patterns { get; }

    public Dictionary<string, object?> Variables { get; set; } = new(StringComparer.Ordinal);

    public Dictionary<string, Routine> Routines { get; } = new(StringComparer.Ordinal);

    public StringBuilder Output { get; } = new();

    /// <summary>-l: what print ends with.</summary>
    public string LineEnd { get; set; } = "";

    public ScriptDieException Die(string text, int line) => new(IsPhp ? text : $"{text} at {File} line {line.ToString(System.Globalization.CultureInfo.InvariantCulture)}.\n", 255, isError: true);

    public async ValueTask FlushAsync()
    {
        if (Output.Length > 0)
        {
            string text = Output.ToString();
            Output.Clear();
            await Call.PrintAsync("");
            await Call.Streams.Output.WriteAsync(text, Call.Cancellation);
        }
    }

    public async ValueTask PrintAsync(string text)
    {
        Output.Append(text);
        await (Output.Length > 16 * 1024 || (Call.State.Io.Terminal is not null && text.EndsWith('\n')) ? FlushAsync() : ValueTask.CompletedTask);
    }

    public void Reserve(long bytes)
    {
        Call.State.Budget.Charge(bytes / 4096);
        _reserved += Math.Min(bytes, Largest) + 32;
        if (bytes > Largest || (_reserved > BetweenCounts && !Call.State.Budget.Memory.TryGrow(_reserved)))
        {
            throw new ScriptDieException(IsPhp ? "Allowed memory size of 134217728 bytes exhausted" : "Out of memory!\n", IsPhp ? 255 : 1, isError: false);
        }

        _reserved = _reserved > BetweenCounts ? 0 : _reserved;
    }

    long IMemoryHolder.BytesHeld(HashSet<object> seen)
    {
        long bytes = Output.Length * 2L;
        Stack<object?> open = new(Variables.Values);
        for (int n = 0; n < MostItems * 2 && open.TryPop(out object? value); n++)
        {
            if (value is null or double or bool || !seen.Add(value))
            {
                bytes += 24;
                continue;
            }

            bytes += 48 + (value is string text ? text.Length * 2L : 0);
            foreach (object? part in ScriptText.Parts(value))
            {
                open.Push(part);
            }
        }

        return bytes;
    }

    /// <summary>It is over: files that are open are written.</summary>
    public void Drop()
    {
        Handles.CloseAll();
        Call.State.Budget.Memory.Drop(this);
    }

    public string Text(object? value) => ScriptValues.Text(value, IsPhp);

    public async ValueTask StepAsync()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            await Task.Yield();
        }

        if (++_steps % StepsPerCommand == 0)
        {
            await Call.State.Budget.StepAsync(Call.Cancellation);
        }
    }

    public async ValueTask<object?> EvaluateAsync(ScriptNode node)
    {
        await StepAsync();
        switch (node)
        {
            case Literal literal:
                return literal.Value;
            case PlainText text:
                await PrintAsync(text.Text);
                return null;
            case Joined joined:
                StringBuilder whole = new();
                foreach (ScriptNode part in joined.Parts)
                {
                    whole.Append(Text(await EvaluateAsync(part)));
                }

                Reserve(whole.Length * 2L);
                return whole.ToString();
            case VariableUse variable:
                return Get(variable.Name);
            case Element element:
                return ScriptElements.Get(await ContainerAsync(element, make: false), element.Key is null ? null : await EvaluateAsync(element.Key));
            case Items items:
                return await ItemsAsync(items);
            case Operation operation:
                return await OperateAsync(operation);
            case Conditional choice:
                object? test = await EvaluateAsync(choice.Test);
                return ScriptValues.IsTrue(test) ? choice.Then is null ? test : await EvaluateAsync(choice.Then) : await EvaluateAsync(choice.Else);
            case Storing storing:
                return await StoreAsync(storing);
            case Matching matching:
                return await Patterns.MatchAsync(matching);
            case Transliterating change:
                return await Patterns.TransliterateAsync(change);
            case ReadingLine reading:
                await FlushAsync();
                if (reading.Handle is not ("STDIN" or "") || (reading.Handle.Length == 0 && Variables.GetValueOrDefault("@ARGV") is List<object?> { Count: > 0 }))
                {
                    return Handles.Read(reading.Handle.Length == 0 ? OpenArgument() : reading.Handle);
                }

                return await Call.Streams.Input.ReadLineAsync(Call.Cancellation) is { } line ? line + "\n" : null;
            case MethodCalling method:
                return await Functions.MethodAsync(method);
            case Calling call:
                return await Functions.CallAsync(call);
            default:
                await Statements.RunAsync(node);
                return null;
        }
    }

    private object? Get(string name) => Variables.TryGetValue(name, out object? value) ? value : name[0] switch { '@' or '%' => name[0] == '@' ? Variables[name] = new List<object?>() : name is "%ENV" ? Variables[name] = Environment() : Variables[name] = new OrderedDictionary<string, object?>(StringComparer.Ordinal), _ => Functions.Special(name) };

    private OrderedDictionary<string, object?> Environment()
    {
        OrderedDictionary<string, object?> map = new(StringComparer.Ordinal);
        foreach (string name in Call.State.Exported)
        {
            map[name] = Call.State.Get(name);
        }

        return map;
    }

    /// <summary>All values of nodes, with lists as their parts.</summary>
    public async ValueTask<List<object?>> ListAsync(IReadOnlyList<ScriptNode> nodes)
    {
        List<object?> values = [];
        foreach (ScriptNode node in nodes)
        {
            object? value = node is ReadingLine { Handle: not ("" or "STDIN") } all ? Handles.ReadAll(all.Handle) : await EvaluateAsync(node);
            if (!IsPhp && (value is ListResult || node is VariableUse { Name: ['@', ..] } || node is Calling { Name: "deref@" }))
            {
                values.AddRange((List<object?>)value!);
            }
            else if (!IsPhp && node is VariableUse { Name: ['%', ..] } or Calling { Name: "deref%" })
            {
                values.AddRange(((OrderedDictionary<string, object?>)value!).SelectMany(pair => (object?[])[pair.Key, pair.Value]));
            }
            else
            {
                values.Add(value);
            }

            Reserve(values.Count > MostItems ? long.MaxValue : 16);
        }

        return values;
    }

    // <> reads the files of the command line.
    private string OpenArgument()
    {
        const string handle = "ARGV";
        if (!Handles.IsOpen(handle) && Variables["@ARGV"] is List<object?> { Count: > 0 } files)
        {
            Handles.Open(handle, "<", Text(files[0]));
        }

        return handle;
    }

    private async ValueTask<object?> ItemsAsync(Items items)
    {
        List<object?> values = await ListAsync(items.Values);
        if (items.IsMap)
        {
            OrderedDictionary<string, object?> map = new(StringComparer.Ordinal);
            for (int n = 0; n + 1 < values.Count; n += 2)
            {
                map[Text(values[n])] = values[n + 1];
            }

            return map;
        }

        return items.IsReference || IsPhp ? values : new ListResult(values);
    }

    private async ValueTask<object?> ContainerAsync(Element element, bool make)
    {
        object? container = await EvaluateAsync(element.Container);
        if (container is null && make)
        {
            container = IsPhp || element.Key is Literal { Value: string } ? new OrderedDictionary<string, object?>(StringComparer.Ordinal) : new List<object?>();
            await SetAsync(element.Container, container);
        }

        return container;
    }

    private async ValueTask<object?> OperateAsync(Operation operation)
    {
        object? left = await EvaluateAsync(operation.Left);
        switch (operation.Operator)
        {
            case "!":
                return ScriptValues.IsTrue(left) ? IsPhp ? false : "" : IsPhp ? true : 1.0;
            case "neg":
                return left is string name && name.Length > 0 && char.IsAsciiLetter(name[0]) ? "-" + name : -ScriptValues.Real(left);
            case "~":
                return (double)(uint)~(long)ScriptValues.Real(left);
            case "&&":
                return !ScriptValues.IsTrue(left) ? left : await EvaluateAsync(operation.Right!);
            case "||":
                return ScriptValues.IsTrue(left) ? left : await EvaluateAsync(operation.Right!);
            case "//" or "??":
                return left ?? await EvaluateAsync(operation.Right!);
        }

        object? right = await EvaluateAsync(operation.Right!);
        object? value = ScriptOperators.Apply(operation.Operator, Scalar(operation.Left, left), Scalar(operation.Right!, right), this, operation.Line);
        Reserve(value is string text ? text.Length * 2L : value is ListResult list ? list.Count * 16L : 0);
        return value;
    }

    // An array among operators is how many it has.
    private object? Scalar(ScriptNode node, object? value) => !IsPhp && node is VariableUse { Name: ['@', ..] } or Calling { Name: "deref@" } && value is List<object?> list ? (double)list.Count : value;

    private async ValueTask<object?> StoreAsync(Storing storing)
    {
        if (storing.Operator is "=")
        {
            object? value = !IsPhp && (storing.Target is VariableUse { Name: ['@' or '%', ..] } or Items or Calling { Name: "deref@" }) ? await ListAsync([storing.Value]) : Scalar(storing.Value, await EvaluateAsync(storing.Value));
            value = value is ListResult last && storing.Target is not Items ? last.Count > 0 ? last[^1] : null : value;
            await SetAsync(storing.Target, value);
            return value;
        }

        object? before = await EvaluateAsync(storing.Target);
        string sign = storing.Operator.StartsWith("post", StringComparison.Ordinal) ? storing.Operator[4..] : storing.Operator[..^1];
        if ((sign is "||" && ScriptValues.IsTrue(before)) || (sign is "&&" && !ScriptValues.IsTrue(before)) || (sign is "//" or "??" && before is not null))
        {
            return before;
        }

        object? change = await EvaluateAsync(storing.Value);
        object? after = sign is "||" or "&&" or "//" or "??" ? change : ScriptOperators.Apply(sign, before, change, this, storing.Line);
        Reserve(after is string text ? text.Length * 2L : 0);
        await SetAsync(storing.Target, after);
        return storing.Operator.StartsWith("post", StringComparison.Ordinal) ? before ?? 0.0 : after;
    }

    public async ValueTask SetAsync(ScriptNode target, object? value)
    {
        Reserve(64);
        switch (target)
        {
            case VariableUse { Name: ['@', ..] } variable when !IsPhp:
                Variables[variable.Name] = new List<object?>((IEnumerable<object?>?)(value as List<object?>) ?? [value]);
                break;
            case VariableUse { Name: ['%', ..] } variable when !IsPhp:
                OrderedDictionary<string, object?> map = new(StringComparer.Ordinal);
                List<object?> pairs = value as List<object?> ?? [];
                for (int n = 0; n < pairs.Count; n += 2)
                {
                    map[Text(pairs[n])] = pairs.ElementAtOrDefault(n + 1);
                }

                Variables[variable.Name] = map;
                break;
            case VariableUse variable:
                Variables[variable.Name] = value;
                break;
            case Items items:
                List<object?> values = value as List<object?> ?? [value];
                for (int n = 0; n < items.Values.Count; n++)
                {
                    await SetAsync(items.Values[n], items.Values[n] is VariableUse { Name: ['@' or '%', ..] } ? values.Skip(n).ToList() : values.ElementAtOrDefault(n));
                }

                break;
            case Element element:
                ScriptElements.Set(await ContainerAsync(element, make: true), element.Key is null ? null : await EvaluateAsync(element.Key), value, MostItems);
                break;
            case Calling { Name: "deref@" or "deref%" or "deref$" or "my" or "substr" }:
                break;
            default:
                throw Die("Can't modify constant item in scalar assignment", target.Line);
        }
    }

}
