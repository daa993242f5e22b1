using System.Runtime.CompilerServices;

namespace Blackwall.Tarpit.Shell.Python;

internal enum Leaving
{
    Nothing,
    Break,
    Continue,
    Return,
}

/// <summary>Runs statements.</summary>
internal sealed class PythonStatements(PythonMachine machine)
{
    /// <summary>The module itself: exceptions that leave it have its line too.</summary>
    public async ValueTask RunModuleAsync(IReadOnlyList<PythonNode> program, PythonFrame frame)
    {
        try
        {
            await RunAsync(program, frame);
        }
        catch (PythonException e)
        {
            e.Trace.Add(new TraceLine(frame.File, frame.Function, frame.At, frame.Source));
            throw;
        }
    }

    public async ValueTask<Leaving> RunAsync(IReadOnlyList<PythonNode> body, PythonFrame frame)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // Goes on with a fresh stack.
            await Task.Yield();
        }

        foreach (PythonNode statement in body)
        {
            await machine.StepAsync();
            frame.At = statement;
            Leaving leaving = await RunAsync(statement, frame);
            if (leaving is not Leaving.Nothing)
            {
                return leaving;
            }
        }

        return Leaving.Nothing;
    }

    private async ValueTask<Leaving> RunAsync(PythonNode statement, PythonFrame frame)
    {
        switch (statement)
        {
            case ExpressionStatement expression:
                object? shown = await machine.Evaluator.EvaluateAsync(expression.Value, frame);
                if (machine.Shows is { } show && ReferenceEquals(frame.Scope, machine.Module) && shown is not null)
                {
                    await show(shown);
                }

                return Leaving.Nothing;
            case Assignment assignment:
                object? value = await machine.Evaluator.EvaluateAsync(assignment.Value, frame);
                foreach (PythonNode target in assignment.Targets)
                {
                    await machine.Targets.AssignAsync(target, value, frame);
                }

                return Leaving.Nothing;
            case Augmentation change:
                object? before = await machine.Evaluator.EvaluateAsync(change.Target, frame), more = await machine.Evaluator.EvaluateAsync(change.Value.Right, frame);
                frame.At = change.Value;
                if (before is PythonList list && change.Value.Operator is "+")
                {
                    list.AddRange(await machine.Calls.CollectAsync(more));
                    return Leaving.Nothing;
                }

                await machine.Targets.AssignAsync(change.Target, await machine.Evaluator.ApplyAsync(change.Value.Operator, before, more), frame);
                return Leaving.Nothing;
            case Return result:
                frame.Result = result.Value is null ? null : await machine.Evaluator.EvaluateAsync(result.Value, frame);
                return Leaving.Return;
            case Condition condition:
                return await RunAsync(await IsTrueAsync(condition.Test, frame) ? condition.Then : condition.Else, frame);
            case WhileLoop loop:
                return await WhileAsync(loop, frame);
            case ForLoop loop:
                return await ForAsync(loop, frame);
            case TryBlock block:
                return await TryAsync(block, frame);
            case WithBlock block:
                return await WithAsync(block, 0, frame);
            case Simple simple:
                return simple.Kind switch { "break" => Leaving.Break, "continue" => Leaving.Continue, _ => Leaving.Nothing };
            default:
                await DefineAsync(statement, frame);
                return Leaving.Nothing;
        }
    }

    private async ValueTask<bool> IsTrueAsync(PythonNode node, PythonFrame frame) => await machine.Calls.IsTrueAsync(await machine.Evaluator.EvaluateAsync(node, frame));

    private async ValueTask DefineAsync(PythonNode statement, PythonFrame frame)
    {
        switch (statement)
        {
            case FunctionDefinition definition:
                object? function = await machine.Evaluator.FunctionAsync(new PythonFunction(definition.Name, definition.Parameters, definition.Body, null, frame.Scope, definition.IsGenerator), frame);
                frame.Set(definition.Name, await DecorateAsync(function, definition.Decorators, frame));
                break;
            case ClassDefinition definition:
                frame.Set(definition.Name, await DecorateAsync(await ClassAsync(definition, frame), definition.Decorators, frame));
                break;
            case Import import:
                await PythonModules.ImportAsync(machine, import, frame);
                break;
            case Raising raising:
                await RaiseAsync(raising, frame);
                break;
            case Assertion assertion:
                if (!await IsTrueAsync(assertion.Test, frame))
                {
                    object?[] message = assertion.Message is null ? [] : [await machine.Evaluator.EvaluateAsync(assertion.Message, frame)];
                    frame.At = assertion.Test;
                    throw PythonErrors.New("AssertionError", message);
                }

                break;
            case OuterNames names:
                names.Names.ToList().ForEach(name => frame.Scope.Others[name] = names.IsGlobal);
                break;
            case Deletion deletion:
                foreach (PythonNode target in deletion.Targets)
                {
                    await machine.Targets.DeleteAsync(target, frame);
                }

                break;
        }
    }

    private async ValueTask<object?> DecorateAsync(object? value, IReadOnlyList<PythonNode> decorators, PythonFrame frame)
    {
        foreach (PythonNode decorator in decorators.Reverse())
        {
            value = await machine.Calls.CallAsync(await machine.Evaluator.EvaluateAsync(decorator, frame), value);
        }

        return value;
    }

    private async ValueTask<PythonClass> ClassAsync(ClassDefinition definition, PythonFrame frame)
    {
        (List<object?> bases, _) = await machine.Evaluator.ArgumentsAsync(definition.Bases, frame);
        PythonFrame inner = new(new Scope(frame.Scope, frame.Scope.Module, isClass: true), definition.Name, frame.File, frame.Source);
        await RunAsync(definition.Body, inner);
        PythonClass made = new(definition.Name, [.. bases.OfType<PythonClass>()]);
        foreach ((string name, object? value) in inner.Scope.Values)
        {
            made.Members[name] = value;
        }

        made.Members.TryAdd("__name__", definition.Name);
        return made;
    }

    private async ValueTask RaiseAsync(Raising raising, PythonFrame frame)
    {
        if (raising.Value is null)
        {
            throw frame.Handled ?? PythonErrors.New("RuntimeError", "No active exception to reraise");
        }

        object? value = await machine.Evaluator.EvaluateAsync(raising.Value, frame);
        frame.At = raising;
        value = value is PythonClass type ? await machine.Calls.CallAsync(type) : value;
        PythonException raised = value is PythonObject error && error.Type.Is(PythonErrors.Get("BaseException")) ? new PythonException(error) : throw PythonErrors.Type("exceptions must derive from BaseException");
        if (raising.Cause is not null)
        {
            raised.IsCaused = true;
            raised.Before = await machine.Evaluator.EvaluateAsync(raising.Cause, frame) is PythonObject cause ? frame.Handled is { } handled && ReferenceEquals(handled.Value, cause) ? handled : new PythonException(cause) : null;
            frame.At = raising;
        }

        throw raised;
    }

    private async ValueTask<Leaving> WhileAsync(WhileLoop loop, PythonFrame frame)
    {
        while (await IsTrueAsync(loop.Test, frame))
        {
            await machine.StepAsync();
            Leaving leaving = await RunAsync(loop.Body, frame);
            if (leaving is Leaving.Break or Leaving.Return)
            {
                return leaving is Leaving.Return ? leaving : Leaving.Nothing;
            }
        }

        return await RunAsync(loop.Else, frame);
    }

    private async ValueTask<Leaving> ForAsync(ForLoop loop, PythonFrame frame)
    {
        object? source = await machine.Evaluator.EvaluateAsync(loop.Source, frame);
        frame.At = loop.Source;
        PythonIterator iterator = await machine.Calls.IterateAsync(source);
        while (await iterator.NextAsync() is (true, var value))
        {
            await machine.StepAsync();
            frame.At = loop.Target;
            await machine.Targets.AssignAsync(loop.Target, value, frame);
            Leaving leaving = await RunAsync(loop.Body, frame);
            if (leaving is Leaving.Break or Leaving.Return)
            {
                return leaving is Leaving.Return ? leaving : Leaving.Nothing;
            }

            frame.At = loop.Source;
        }

        return await RunAsync(loop.Else, frame);
    }

    private async ValueTask<Leaving> TryAsync(TryBlock block, PythonFrame frame)
    {
        Leaving leaving;
        try
        {
            leaving = await GuardedAsync(block, frame);
        }
        catch (PythonException) when (block.Finally.Count > 0)
        {
            PythonNode? at = frame.At;
            Leaving last = await RunAsync(block.Finally, frame);
            if (last is not Leaving.Nothing)
            {
                return last;
            }

            frame.At = at;
            throw;
        }

        Leaving end = await RunAsync(block.Finally, frame);
        return end is Leaving.Nothing ? leaving : end;
    }

    private async ValueTask<Leaving> GuardedAsync(TryBlock block, PythonFrame frame)
    {
        try
        {
            Leaving leaving = await RunAsync(block.Body, frame);
            if (leaving is not Leaving.Nothing)
            {
                return leaving;
            }
        }
        catch (PythonException e)
        {
            PythonNode? at = frame.At;
            foreach (Handler handler in block.Handlers)
            {
                if (handler.Type is null || Matches(await machine.Evaluator.EvaluateAsync(handler.Type, frame), e))
                {
                    return await HandleAsync(handler, e, at, frame);
                }
            }

            frame.At = at;
            throw;
        }

        return await RunAsync(block.Else, frame);
    }

    private async ValueTask<Leaving> HandleAsync(Handler handler, PythonException e, PythonNode? at, PythonFrame frame)
    {
        PythonException? before = frame.Handled;
        frame.Handled = e;
        e.Trace.Add(new TraceLine(frame.File, frame.Function, at, frame.Source));
        if (handler.Name is { } name)
        {
            frame.Set(name, e.Value);
        }

        try
        {
            return await RunAsync(handler.Body, frame);
        }
        catch (PythonException next) when (!ReferenceEquals(next.Value, e.Value) && next.Before is null && !next.IsCaused)
        {
            next.Before = e;
            throw;
        }
        finally
        {
            frame.Handled = before;
        }
    }

    private static bool Matches(object? type, PythonException e) => type switch
    {
        PythonClass one => e.Value.Type.Is(one),
        PythonTuple several => several.Items.Any(item => Matches(item, e)),
        _ => throw PythonErrors.Type("catching classes that do not inherit from BaseException is not allowed"),
    };

    private async ValueTask<Leaving> WithAsync(WithBlock block, int at, PythonFrame frame)
    {
        if (at == block.Items.Count)
        {
            return await RunAsync(block.Body, frame);
        }

        object? manager = await machine.Evaluator.EvaluateAsync(block.Items[at].Value, frame);
        frame.At = block.Items[at].Value;
        object? entered = manager is PythonObject { Native: not null } ? manager : manager is PythonObject
            ? await machine.Calls.CallAsync(PythonMembers.Get(machine, manager, "__enter__")) : throw PythonErrors.Type($"'{PythonText.TypeName(manager)}' object does not support the context manager protocol");
        if (block.Items[at].Target is { } target)
        {
            await machine.Targets.AssignAsync(target, entered, frame);
        }

        try
        {
            Leaving leaving = await WithAsync(block, at + 1, frame);
            await LeaveAsync(null);
            return leaving;
        }
        catch (PythonException e)
        {
            PythonNode? here = frame.At;
            if (await LeaveAsync(e))
            {
                return Leaving.Nothing;
            }

            frame.At = here;
            throw;
        }

        async ValueTask<bool> LeaveAsync(PythonException? e)
        {
            if (manager is PythonObject { Native: not null })
            {
                await ((manager as PythonObject)?.Native is PythonFile file ? file.CloseAsync(machine) : ValueTask.CompletedTask);
                return false;
            }

            return PythonOperators.IsTrue(await machine.Calls.CallAsync(PythonMembers.Get(machine, manager, "__exit__"), e?.Value.Type, e?.Value, null)) && e is not null;
        }
    }
}
