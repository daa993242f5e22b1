using System.Runtime.CompilerServices;
using System.Text;
using Blackwall.Tarpit.Shell.Python.Modules;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Evaluates expressions.</summary>
internal sealed class PythonEvaluator(PythonMachine machine)
{
    public async ValueTask<object?> EvaluateAsync(PythonNode node, PythonFrame frame)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // Goes on with a fresh stack.
            await Task.Yield();
        }

        switch (node)
        {
            case Constant constant:
                return constant.Value;
            case NameUse name:
                frame.At = node;
                return frame.Find(name.Name, machine);
            case Formatted text:
                return await FormatAsync(text, frame);
            case Sequence sequence:
                PythonList items = await ItemsAsync(sequence.Items, frame);
                return sequence.Kind switch { '(' => new PythonTuple(items), '{' => new PythonSet(items), _ => items };
            case Mapping mapping:
                return await MapAsync(mapping, frame);
            case Unary unary:
                object? operand = await EvaluateAsync(unary.Value, frame);
                frame.At = node;
                return unary.Operator is "not" ? !await machine.Calls.IsTrueAsync(operand) : PythonOperators.Negate(unary.Operator, operand);
            case Binary binary:
                object? left = await EvaluateAsync(binary.Left, frame), right = await EvaluateAsync(binary.Right, frame);
                frame.At = node;
                return await ApplyAsync(binary.Operator, left, right);
            case Logical logical:
                object? first = await EvaluateAsync(logical.Left, frame);
                return await machine.Calls.IsTrueAsync(first) == logical.IsAnd ? await EvaluateAsync(logical.Right, frame) : first;
            case Comparison comparison:
                return await CompareAsync(comparison, frame);
            case Choice choice:
                return await EvaluateAsync(await machine.Calls.IsTrueAsync(await EvaluateAsync(choice.Condition, frame)) ? choice.Then : choice.Else, frame);
            case Call call:
                return await CallAsync(call, frame);
            case Member member:
                object? owner = await EvaluateAsync(member.Target, frame);
                frame.At = node;
                return PythonMembers.Get(machine, owner, member.Name);
            case Subscript subscript:
                object? container = await EvaluateAsync(subscript.Target, frame), index = await EvaluateAsync(subscript.Index, frame);
                frame.At = node;
                return await IndexAsync(container, index);
            case SliceOf slice:
                return new PythonSlice(await OptionalAsync(slice.From, frame), await OptionalAsync(slice.To, frame), await OptionalAsync(slice.Step, frame));
            case Lambda lambda:
                return await FunctionAsync(new PythonFunction("<lambda>", lambda.Parameters, [], lambda.Body, frame.Scope, isGenerator: false), frame);
            case Comprehension comprehension:
                return await ComprehendAsync(comprehension, frame);
            case NamedValue named:
                object? given = await EvaluateAsync(named.Value, frame);
                frame.Set(named.Name, given);
                return given;
            case YieldValue yield:
                return await YieldAsync(yield, frame);
            default:
                throw PythonErrors.New("SystemError", "unknown opcode");
        }
    }

    private async ValueTask<object?> OptionalAsync(PythonNode? node, PythonFrame frame) => node is null ? null : await EvaluateAsync(node, frame);

    /// <summary>A function with the values that its parameters have when nothing is given.</summary>
    public async ValueTask<PythonFunction> FunctionAsync(PythonFunction function, PythonFrame frame)
    {
        foreach (Parameter parameter in function.Parameters.Where(parameter => parameter.Default is not null))
        {
            function.Defaults[parameter.Name] = await EvaluateAsync(parameter.Default!, frame);
        }

        return function;
    }

    private async ValueTask<PythonList> ItemsAsync(IReadOnlyList<PythonNode> nodes, PythonFrame frame)
    {
        PythonList items = [];
        machine.Reserve(nodes.Count * 16L);
        foreach (PythonNode node in nodes)
        {
            if (node is Starred star)
            {
                items.AddRange(await machine.Calls.CollectAsync(await EvaluateAsync(star.Value, frame)));
            }
            else
            {
                items.Add(await EvaluateAsync(node, frame));
            }
        }

        return items;
    }

    private async ValueTask<PythonDictionary> MapAsync(Mapping mapping, PythonFrame frame)
    {
        PythonDictionary map = new();
        machine.Reserve(mapping.Items.Count * 64L);
        foreach ((PythonNode? key, PythonNode value) in mapping.Items)
        {
            if (key is not null)
            {
                object? name = await EvaluateAsync(key, frame);
                map[name] = await EvaluateAsync(value, frame);
                continue;
            }

            PythonDictionary other = await EvaluateAsync(value, frame) as PythonDictionary ?? throw PythonErrors.Type("argument must be a mapping");
            foreach ((object? name, object? item) in other.Items)
            {
                map[name] = item;
            }
        }

        return map;
    }

    private async ValueTask<string> FormatAsync(Formatted formatted, PythonFrame frame)
    {
        StringBuilder text = new();
        foreach (PythonNode part in formatted.Parts)
        {
            if (part is FormattedValue field)
            {
                object? value = await EvaluateAsync(field.Value, frame);
                string specification = field.Specification is Formatted nested ? await FormatAsync(nested, frame) : "";
                frame.At = part;
                string shown = field.Conversion is 'r' or 'a' ? await machine.Calls.RepresentAsync(value) : await machine.Calls.TextAsync(value);
                text.Append(field.Shown).Append(PythonFormat.Format(field.Conversion == '\0' ? value : shown, shown, specification));
            }
            else
            {
                text.Append((string?)((Constant)part).Value);
            }
        }

        machine.Reserve(text.Length * 2L);
        return text.ToString();
    }

    private static readonly Dictionary<string, string> s_methods = new(StringComparer.Ordinal)
    {
        ["+"] = "__add__", ["-"] = "__sub__", ["*"] = "__mul__", ["/"] = "__truediv__", ["//"] = "__floordiv__", ["%"] = "__mod__", ["**"] = "__pow__", ["=="] = "__eq__", ["!="] = "__ne__", ["<"] = "__lt__", [">"] = "__gt__", ["<="] = "__le__", [">="] = "__ge__", ["|"] = "__or__", ["&"] = "__and__",
    };

    public async ValueTask<object?> ApplyAsync(string sign, object? left, object? right)
    {
        if (left is PythonObject thing)
        {
            if (sign is "/" && thing.Native is string folder)
            {
                return PathModule.Make(machine, PythonText.Plain(right) is ['/', ..] whole ? whole : folder.TrimEnd('/') + "/" + PythonText.Plain(right));
            }

            (bool has, object? value) = s_methods.TryGetValue(sign, out string? method) ? await machine.Calls.TryMethodAsync(thing, method, right) : (false, null);
            if (has)
            {
                return value;
            }
        }

        object? result = PythonOperators.Apply(sign, left, right);
        machine.Reserve(result switch { string text => text.Length * 2L, byte[] bytes => bytes.Length, PythonList list => list.Count * 8L, System.Numerics.BigInteger => 0, _ => 16 });
        return result;
    }

    private async ValueTask<object?> CompareAsync(Comparison comparison, PythonFrame frame)
    {
        object? left = await EvaluateAsync(comparison.First, frame);
        foreach ((string sign, PythonNode node) in comparison.Rest)
        {
            object? right = await EvaluateAsync(node, frame);
            frame.At = comparison;
            if (!await HoldsAsync(sign, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private async ValueTask<bool> HoldsAsync(string sign, object? left, object? right)
    {
        switch (sign)
        {
            case "in":
                return await HasAsync(right, left);
            case "not in":
                return !await HasAsync(right, left);
            case "is" or "is not":
                bool isSame = ReferenceEquals(left, right) || (left is bool or System.Numerics.BigInteger && left.GetType() == right?.GetType() && left.Equals(right)) || (left is string && PythonOperators.AreEqual(left, right));
                return isSame == (sign is "is");
        }

        (bool has, object? value) = await machine.Calls.TryMethodAsync(left, s_methods[sign], right);
        if (has)
        {
            return await machine.Calls.IsTrueAsync(value);
        }

        if (sign is "!=" && left is PythonObject)
        {
            return !await HoldsAsync("==", left, right);
        }

        return sign switch
        {
            "==" => PythonOperators.AreEqual(left, right),
            "!=" => !PythonOperators.AreEqual(left, right),
            "<=" or ">=" or "<" or ">" when left is PythonSet a && right is PythonSet b => sign[0] == '<' ? a.Items.All(b.Keys.Has) && (sign.Length > 1 || a.Keys.Count < b.Keys.Count) : b.Items.All(a.Keys.Has) && (sign.Length > 1 || b.Keys.Count < a.Keys.Count),
            "<" => PythonOperators.Compare(left, right, sign) < 0,
            ">" => PythonOperators.Compare(left, right, sign) > 0,
            "<=" => PythonOperators.Compare(left, right, sign) <= 0,
            _ => PythonOperators.Compare(left, right, sign) >= 0,
        };
    }

    private async ValueTask<bool> HasAsync(object? container, object? item)
    {
        switch (container)
        {
            case string text:
                return item is string part ? text.Contains(part, StringComparison.Ordinal) : throw PythonErrors.Type($"'in <string>' requires string as left operand, not {PythonText.TypeName(item)}");
            case byte[] bytes:
                return item is byte[] few ? bytes.AsSpan().IndexOf(few) >= 0 : item is System.Numerics.BigInteger one && bytes.Any(value => value == one);
            case PythonDictionary map:
                return map.Has(item);
            case PythonSet set:
                return set.Keys.Has(item);
        }

        (bool has, object? found) = await machine.Calls.TryMethodAsync(container, "__contains__", item);
        return has ? await machine.Calls.IsTrueAsync(found) : container is PythonList or PythonTuple or PythonRange or PythonIterator or PythonObject ? (await machine.Calls.CollectAsync(container)).Exists(other => PythonOperators.AreEqual(other, item)) : throw PythonErrors.Type($"argument of type '{PythonText.TypeName(container)}' is not iterable");
    }

    private async ValueTask<object?> IndexAsync(object? container, object? index)
    {
        (bool has, object? value) = await machine.Calls.TryMethodAsync(container, "__getitem__", index);
        if (has)
        {
            return value;
        }

        if (container is PythonDictionary { Factory: { } factory } map && !map.Has(index))
        {
            value = map.Kind is "Counter" ? System.Numerics.BigInteger.Zero : await machine.Calls.CallAsync(factory);
            map[index] = map.Kind is "Counter" ? throw PythonErrors.New("KeyError", index) : value;
            return value;
        }

        return PythonIndexing.Get(container, index);
    }

    private async ValueTask<object?> CallAsync(Call call, PythonFrame frame)
    {
        object? target = await EvaluateAsync(call.Target, frame);
        (List<object?> values, Dictionary<string, object?>? named) = await ArgumentsAsync(call.Arguments, frame);
        frame.At = call;
        if (target is NativeFunction { Name: "super" or "locals" or "globals" or "exec" or "eval" or "vars" or "dir" } inner && machine.Builtins.TryGetValue(inner.Name, out object? own) && ReferenceEquals(own, inner))
        {
            return await PythonReflection.CallAsync(machine, inner.Name, values, frame);
        }

        return await machine.Calls.CallAsync(target, values, named ?? CallArguments.None);
    }

    public async ValueTask<(List<object?> Values, Dictionary<string, object?>? Named)> ArgumentsAsync(IReadOnlyList<Argument> arguments, PythonFrame frame)
    {
        List<object?> values = [];
        Dictionary<string, object?>? named = null;
        foreach (Argument argument in arguments)
        {
            object? value = await EvaluateAsync(argument.Value, frame);
            if (argument.Star is "*")
            {
                values.AddRange(await machine.Calls.CollectAsync(value));
            }
            else if (argument.Star is "**")
            {
                foreach ((object? key, object? item) in (value as PythonDictionary ?? throw PythonErrors.Type($"argument after ** must be a mapping, not {PythonText.TypeName(value)}")).Items)
                {
                    (named ??= new(StringComparer.Ordinal))[key as string ?? throw PythonErrors.Type("keywords must be strings")] = item;
                }
            }
            else if (argument.Name is { } name)
            {
                (named ??= new(StringComparer.Ordinal))[name] = value;
            }
            else
            {
                values.Add(value);
            }
        }

        return (values, named);
    }

    private async ValueTask<object?> ComprehendAsync(Comprehension comprehension, PythonFrame frame)
    {
        PythonFrame inner = new(new Scope(frame.Scope, frame.Scope.Module), frame.Function, frame.File, frame.Source) { Yield = frame.Yield };
        PythonList items = [];
        PythonDictionary map = new();
        machine.Unfinished.Push(comprehension.Value is null ? items : map);
        try
        {
            await PartAsync(0);
        }
        catch (PythonException)
        {
            frame.At = inner.At ?? comprehension;
            throw;
        }
        finally
        {
            machine.Unfinished.Pop();
        }

        return comprehension.Kind switch { '[' => items, '{' => new PythonSet(items), ':' => map, _ => PythonIterator.Of("generator", items) };

        async ValueTask PartAsync(int at)
        {
            if (at == comprehension.Parts.Count)
            {
                machine.Reserve(comprehension.Value is null ? 16 : 64);
                object? element = await EvaluateAsync(comprehension.Element, inner);
                if (comprehension.Value is null)
                {
                    items.Add(element);
                }
                else
                {
                    map[element] = await EvaluateAsync(comprehension.Value, inner);
                }

                return;
            }

            ComprehensionPart part = comprehension.Parts[at];
            object? source = await EvaluateAsync(part.Source, inner);
            if (part.Target is null)
            {
                await (await machine.Calls.IsTrueAsync(source) ? PartAsync(at + 1) : ValueTask.CompletedTask);
                return;
            }

            PythonIterator iterator = await machine.Calls.IterateAsync(source);
            while (await iterator.NextAsync() is (true, var value))
            {
                await machine.StepAsync();
                await machine.Targets.AssignAsync(part.Target, value, inner);
                await PartAsync(at + 1);
            }
        }
    }

    private async ValueTask<object?> YieldAsync(YieldValue yield, PythonFrame frame)
    {
        object? value = await OptionalAsync(yield.Value, frame);
        if (frame.Yield is not { } give)
        {
            throw PythonErrors.New("SyntaxError", "'yield' outside function");
        }

        if (!yield.IsFrom)
        {
            return await give(value);
        }

        PythonIterator iterator = await machine.Calls.IterateAsync(value);
        while (await iterator.NextAsync() is (true, var item))
        {
            await give(item);
        }

        return null;
    }
}
