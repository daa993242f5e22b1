using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Loading;
using Blackwall.Pipeline;

namespace Blackwall.Kernel.Policy;

/// <summary>
/// The only writer of the policy maps. A whole policy is built beside the one in force and comes into force by one store; single changes are
/// written in place. One owner writes; <see cref="TryRead"/> is for any thread.
/// </summary>
internal sealed class PolicyWriter : IDisposable
{
    private readonly KernelPrograms _programs;
    private readonly OuterMaps _outer;
    private readonly Func<ClockPair> _clocks;

    // Held while a generation is read and while it stops to be the current one: whoever retires it afterwards finds no reader in its maps.
    private readonly Lock _reading = new();
    private PolicyGeneration? _current;
    private ActiveGeneration _active;

    public PolicyWriter(KernelPrograms programs, TimeProvider time)
        : this(programs, () => ClockPair.Now(time))
    {
    }

    /// <param name="programs">Whose maps to write.</param>
    /// <param name="clocks">The date, and what the programs' clock shows at it.</param>
    public PolicyWriter(KernelPrograms programs, Func<ClockPair> clocks)
    {
        _programs = programs;
        _outer = new OuterMaps(programs);
        _clocks = clocks;
        programs.Active.TryGet(0u, out _active);
    }

    /// <summary>Counts up with every swap, over restarts.</summary>
    public ulong Generation => _active.Generation;

    /// <summary>Builds, swaps, and gives back what must be retired once packets under way are through; null at the first one.</summary>
    public PolicyGeneration? Replace(ReadOnlySpan<PolicyEntry> entries, WallSettings settings)
    {
        uint slot = _active.Slot ^ 1;
        PolicyGeneration next = new(new PolicyBatch(entries, _clocks()));
        next.Install(_outer, slot);
        WriteSettings(slot, settings);
        _active = new ActiveGeneration { Slot = slot, Generation = _active.Generation + 1 };
        _programs.Active.Set(0u, in _active);
        return Become(next);
    }

    /// <summary>After a replaced generation is out of use: drops the other slot's references.</summary>
    public void ClearInactive() => _outer.Clear(_active.Slot ^ 1);

    /// <summary>Writes settings into the generation in force.</summary>
    public void Apply(WallSettings settings) => WriteSettings(_active.Slot, settings);

    /// <summary>One change in place. False: a table is full or no generation stands yet; replace the whole.</summary>
    public bool TryApply(Prefix scope, PolicyEntry? entry)
    {
        if (_current is null)
        {
            return false;
        }

        if (entry is { } some)
        {
            return _current.TrySet(in some, _clocks());
        }

        _current.Remove(scope);
        return true;
    }

    public bool TryRead(Prefix scope, out PolicyValue value)
    {
        value = default;
        lock (_reading)
        {
            return _current is not null && _current.TryRead(scope, out value);
        }
    }

    public void Dispose() => Become(null)?.Dispose();

    /// <summary>Returns what was the current generation.</summary>
    private PolicyGeneration? Become(PolicyGeneration? next)
    {
        lock (_reading)
        {
            PolicyGeneration? before = _current;
            _current = next;
            return before;
        }
    }

    private void WriteSettings(uint slot, WallSettings settings)
    {
        _programs.Settings.Set(in slot, settings.ToAbi());
        _programs.Target.Set(in slot, settings.ToTarget());
    }
}
