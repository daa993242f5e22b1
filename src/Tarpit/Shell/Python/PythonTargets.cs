namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Assigns to names, members, elements and lists of them, and takes them away.</summary>
internal sealed class PythonTargets(PythonMachine machine)
{
    public async ValueTask AssignAsync(PythonNode target, object? value, PythonFrame frame)
    {
        switch (target)
        {
            case NameUse name:
                machine.Reserve(16);
                frame.Set(name.Name, value);
                break;
            case Member member:
                object? owner = await machine.Evaluator.EvaluateAsync(member.Target, frame);
                frame.At = member;
                machine.Reserve(64);
                PythonMembers.Set(machine, owner, member.Name, value);
                break;
            case Subscript subscript:
                object? container = await machine.Evaluator.EvaluateAsync(subscript.Target, frame), index = await machine.Evaluator.EvaluateAsync(subscript.Index, frame);
                frame.At = subscript;
                machine.Reserve(64);
                if (!(await machine.Calls.TryMethodAsync(container, "__setitem__", index, value)).Has)
                {
                    PythonIndexing.Set(container, index, value is not null && index is PythonSlice ? await machine.Calls.CollectAsync(value) : value);
                }

                break;
            case Sequence sequence:
                await UnpackAsync(sequence.Items, value, frame);
                break;
        }
    }

    private async ValueTask UnpackAsync(IReadOnlyList<PythonNode> targets, object? value, PythonFrame frame)
    {
        if (value is null or bool or System.Numerics.BigInteger or double)
        {
            throw PythonErrors.Type($"cannot unpack non-iterable {PythonText.TypeName(value)} object");
        }

        PythonList items = await machine.Calls.CollectAsync(value);
        int star = targets.ToList().FindIndex(target => target is Starred);
        if (items.Count < targets.Count - (star >= 0 ? 1 : 0))
        {
            throw PythonErrors.Value(FormattableString.Invariant($"not enough values to unpack (expected {(star >= 0 ? "at least " : "")}{targets.Count - (star >= 0 ? 1 : 0)}, got {items.Count})"));
        }

        if (star < 0 && items.Count > targets.Count)
        {
            throw PythonErrors.Value(FormattableString.Invariant($"too many values to unpack (expected {targets.Count})"));
        }

        int taken = 0;
        for (int n = 0; n < targets.Count; n++)
        {
            int rest = items.Count - targets.Count + 1;
            if (targets[n] is Starred starred)
            {
                await AssignAsync(starred.Value, new PythonList(items.GetRange(taken, rest)), frame);
                taken += rest;
            }
            else
            {
                await AssignAsync(targets[n], items[taken++], frame);
            }
        }
    }

    public async ValueTask DeleteAsync(PythonNode target, PythonFrame frame)
    {
        frame.At = target;
        switch (target)
        {
            case NameUse name:
                frame.Remove(name.Name, machine);
                break;
            case Member member:
                PythonMembers.Remove(await machine.Evaluator.EvaluateAsync(member.Target, frame), member.Name);
                break;
            case Subscript subscript:
                object? container = await machine.Evaluator.EvaluateAsync(subscript.Target, frame);
                PythonIndexing.Remove(container, await machine.Evaluator.EvaluateAsync(subscript.Index, frame));
                break;
        }
    }
}
