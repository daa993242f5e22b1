namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Runs statements and the routines of a program.</summary>
internal sealed class ScriptStatements(ScriptMachine machine)
{
    private Left _left;
    private object? _result;
    private int _nested;

    private enum Left
    {
        No,
        Last,
        Next,
        Return,
    }

    public async ValueTask RunAsync(IReadOnlyList<ScriptNode> body)
    {
        foreach (Routine routine in body.OfType<Routine>())
        {
            machine.Routines[routine.Name] = routine;
        }

        foreach (ScriptNode statement in body)
        {
            await machine.EvaluateAsync(statement);
            if (_left is not Left.No)
            {
                return;
            }
        }
    }

    public async ValueTask RunAsync(ScriptNode node)
    {
        switch (node)
        {
            case Block block:
                await RunAsync(block.Body);
                break;
            case Branch branch:
                await (ScriptValues.IsTrue(await machine.EvaluateAsync(branch.Test)) ? machine.EvaluateAsync(branch.Then) : branch.Else is null ? new((object?)null) : machine.EvaluateAsync(branch.Else));
                break;
            case Looping loop:
                await (loop.First is null ? new((object?)null) : machine.EvaluateAsync(loop.First));
                while (await HoldsAsync(loop.Test))
                {
                    await machine.EvaluateAsync(loop.Body);
                    if (Ends())
                    {
                        break;
                    }

                    await (loop.Each is null ? new((object?)null) : machine.EvaluateAsync(loop.Each));
                }

                break;
            case GoingThrough loop:
                await GoThroughAsync(loop);
                break;
            case Routine routine:
                machine.Routines[routine.Name] = routine;
                break;
            case Jump jump:
                _result = jump.Value is Items { Values: [var only] } ? await machine.EvaluateAsync(only) : jump.Value is Items several ? new ListResult(await machine.ListAsync(several.Values)) : null;
                _left = jump.Kind switch { "last" => Left.Last, "next" => Left.Next, _ => Left.Return };
                break;
        }
    }

    // while (<STDIN>) and while (my $l = <STDIN>) ask whether there is a line.
    private async ValueTask<bool> HoldsAsync(ScriptNode test)
    {
        object? value = await machine.EvaluateAsync(test is ReadingLine ? new Storing("=", new VariableUse("$_", test.Line), test, test.Line) : test);
        return test is ReadingLine or Storing { Value: ReadingLine } ? value is not null : ScriptValues.IsTrue(value);
    }

    private bool Ends()
    {
        if (_left is Left.Next)
        {
            _left = Left.No;
        }

        if (_left is not Left.Last)
        {
            return _left is Left.Return;
        }

        _left = Left.No;
        return true;
    }

    private async ValueTask GoThroughAsync(GoingThrough loop)
    {
        object? source = machine.IsPhp ? await machine.EvaluateAsync(loop.Source is Items { Values: [var only] } ? only : loop.Source) : null;
        IEnumerable<KeyValuePair<string, object?>> pairs = machine.IsPhp ? source switch { OrderedDictionary<string, object?> map => [.. map], List<object?> list => list.Select((value, n) => KeyValuePair.Create(ScriptValues.Number(n), value)), _ => [] }
            : (await machine.ListAsync(loop.Source is Items { IsReference: false } items ? items.Values : [loop.Source])).Select(value => KeyValuePair.Create("", value));
        foreach ((string key, object? value) in pairs)
        {
            await machine.StepAsync();
            if (loop.KeyName is { } name)
            {
                machine.Variables[name] = double.TryParse(key, System.Globalization.CultureInfo.InvariantCulture, out double number) ? number : key;
            }

            machine.Variables[loop.Name] = value;
            await machine.EvaluateAsync(loop.Body);
            if (Ends())
            {
                break;
            }
        }
    }

    /// <summary>Calls a routine of the program.</summary>
    public async ValueTask<object?> CallAsync(Routine routine, List<object?> values)
    {
        const int deepest = 500;
        if (++_nested > deepest || !machine.Call.State.Budget.TryNest())
        {
            machine.Call.State.Budget.LeaveNested(_nested > deepest ? 0 : 1);
            throw new ScriptDieException(machine.IsPhp ? "Maximum call stack size reached" : "Out of memory!\n", 255, isError: false);
        }

        Dictionary<string, object?> before = machine.Variables;
        machine.Variables = new(before, StringComparer.Ordinal) { ["@_"] = values };
        for (int n = 0; n < routine.Parameters.Count; n++)
        {
            machine.Variables[routine.Parameters[n]] = values.ElementAtOrDefault(n);
        }

        try
        {
            _result = null;
            if (routine.Body is not Block { Body.Count: > 0 } block)
            {
                return null;
            }

            // What comes last is the value.
            await RunAsync([.. block.Body.SkipLast(1)]);
            object? value = _left is Left.No ? await machine.EvaluateAsync(block.Body[^1]) : null;
            return _left is Left.Return ? _result : value;
        }
        catch (ScriptDieException e)
        {
            // What the runtime adds to an exception at each level makes a deep one slow.
            throw new ScriptDieException(e.Message, e.Status, e.IsError);
        }
        finally
        {
            _left = _left is Left.Return ? Left.No : _left;
            foreach ((string name, object? value) in machine.Variables.Where(pair => before.ContainsKey(pair.Key) && pair.Key is not ("@_" or "$_") && !routine.Parameters.Contains(pair.Key, StringComparer.Ordinal) && !machine.IsPhp))
            {
                before[name] = value;
            }

            machine.Variables = before;
            _nested--;
            machine.Call.State.Budget.LeaveNested();
        }
    }
}
