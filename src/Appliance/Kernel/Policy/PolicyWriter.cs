using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Loading;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Policy;

/// <summary>
/// The only writer of the policy maps. A whole policy is built beside the one in force and comes into force by one store; single changes are
/// written in place. A change on trial keeps the policy before it in its slot, and the kernel goes back to that by itself. One owner writes;
/// the Try...Read methods are for any thread.
/// </summary>
internal sealed class PolicyWriter : IDisposable
{
    private readonly KernelPrograms _programs;
    private readonly OuterMaps _outer;
    private readonly Func<ClockPair> _clocks;

    // Held while a generation is read and while it stops to be the current one: whoever retires it afterwards finds no reader in its maps.
    private readonly Lock _reading = new();
    private readonly HashSet<uint> _stale = [];
    private readonly Action<uint, WallSettings> _writeSettings;
    private PolicyGeneration? _current;
    private PolicyGeneration? _fallback;
    private PolicyGeneration? _shadow;
    private ActiveGeneration _active;
    private PolicyGeneration? _listed;
    private PolicyCursor _cursor = new();

    public PolicyWriter(KernelPrograms programs, TimeProvider time)
        : this(programs, () => ClockPair.Now(time))
    {
    }

    /// <param name="programs">Whose maps to write.</param>
    /// <param name="clocks">The date, and what the programs' clock shows at it.</param>
    /// <param name="writeSettings">Writes the settings of a slot; null: those of these programs.</param>
    public PolicyWriter(KernelPrograms programs, Func<ClockPair> clocks, Action<uint, WallSettings>? writeSettings = null)
    {
        _writeSettings = writeSettings ?? ((slot, settings) => programs.Settings.Set(in slot, settings.ToAbi()));
        _programs = programs;
        _outer = new OuterMaps(programs);
        _clocks = clocks;
        programs.Active.TryGet(0u, out _active);
        if (_active.Reverted(clocks().BootNanoseconds))
        {
            (_active.Slot, _active.RevertNanoseconds) = (_active.Fallback, 0);
        }

        _active.Shadow = 0;
        if (_active.Generation != 0)
        {
            _stale.UnionWith(Slots().Where(slot => !_active.Uses(slot)));
        }
    }

    /// <summary>Counts up with every swap, over restarts.</summary>
    public ulong Generation => _active.Generation;

    /// <summary>Whether a change waits to be confirmed.</summary>
    public bool OnTrial => _active.RevertNanoseconds != 0;

    /// <summary>
    /// Builds, swaps, and gives back what must be retired once packets under way are through; null at the first one. A change on trial stays
    /// on trial.
    /// </summary>
    public PolicyGeneration? Replace(ReadOnlySpan<PolicyEntry> entries, WallSettings settings)
    {
        PolicyGeneration next = Build(entries, out uint slot);
        WriteSettings(slot, settings);
        _stale.Add(_active.Slot);
        Activate(slot);
        return Become(next);
    }

    /// <summary>As <see cref="Replace"/>, but the kernel goes back to the policy before at a time, unless <see cref="Confirm"/> comes first.</summary>
    public void BeginTrial(ReadOnlySpan<PolicyEntry> entries, WallSettings settings, long deadlineUnixMilliseconds)
    {
        if (OnTrial || _current is null)
        {
            throw new InvalidOperationException("One change on trial at a time, and over a standing policy.");
        }

        PolicyGeneration next = Build(entries, out uint slot);
        WriteSettings(slot, settings);
        (_active.Fallback, _active.RevertNanoseconds) = (_active.Slot, _clocks().ToBoot(deadlineUnixMilliseconds));
        Activate(slot);
        _fallback = Become(next);
    }

    /// <summary>Makes the change on trial stay. False: its time was over before, and the policy must be brought back to what was.</summary>
    public bool Confirm(out PolicyGeneration? retired)
    {
        ulong deadline = _active.RevertNanoseconds;
        retired = EndTrial();
        _programs.Active.Set(0u, in _active);

        // Read after the store: a deadline that fell between the two had its effect.
        return deadline == 0 || _clocks().BootNanoseconds < deadline;
    }

    /// <summary>Ends the trial with a policy in which the change is undone. Gives back both generations that must be retired.</summary>
    public IReadOnlyList<PolicyGeneration> Revert(ReadOnlySpan<PolicyEntry> entries, WallSettings settings)
    {
        PolicyGeneration next = Build(entries, out uint slot);
        WriteSettings(slot, settings);
        _stale.Add(_active.Slot);
        PolicyGeneration? fallback = EndTrial();
        Activate(slot);
        PolicyGeneration? trial = Become(next);
        return [.. new[] { trial, fallback }.OfType<PolicyGeneration>()];
    }

    /// <summary>Lets packets be counted against a policy that decides nothing; empty: against none. Gives back the one before.</summary>
    public PolicyGeneration? Shadow(ReadOnlySpan<PolicyEntry> entries)
    {
        PolicyGeneration? next = null;
        uint slot = 0;
        if (!entries.IsEmpty)
        {
            next = Build(entries, out slot);
        }

        if (_active.Shadow != 0)
        {
            _stale.Add(_active.Shadow - 1);
        }

        _active.Shadow = next is null ? 0 : slot + 1;
        _programs.Active.Set(0u, in _active);
        lock (_reading)
        {
            (PolicyGeneration? before, _shadow) = (_shadow, next);
            return before;
        }
    }

    /// <summary>After a replaced generation is out of use: drops the references to what no packet meets any more.</summary>
    public void ClearInactive()
    {
        _outer.Clear(_stale);
        _stale.Clear();
    }

    /// <summary>Writes settings into the generation in force.</summary>
    public void Apply(WallSettings settings) => WriteSettings(_active.Slot, settings);

    /// <summary>Whether the kernel decides by the policy that this writer put in force.</summary>
    public bool InForce() => _programs.Active.TryGet(0u, out ActiveGeneration active) && active.SameAs(in _active);

    /// <summary>Puts this writer's policy in force again, should another process have put one of its own in its place.</summary>
    public void Reassert()
    {
        if (_active.Generation != 0 && !InForce())
        {
            _programs.Active.Set(0u, in _active);
        }
    }

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

    /// <summary>Whether the policy in force says exactly this of a scope from now on; null: nothing. For the owner.</summary>
    public bool Holds(Prefix scope, PolicyEntry? entry) => _current?.Holds(scope, entry, _clocks()) == true;

    /// <summary>Moves out scopes of the policy in force, a slice at a time. False: that was the last slice. For the owner.</summary>
    public bool List(List<Prefix> into, int max)
    {
        if (!ReferenceEquals(_listed, _current))
        {
            _cursor = new PolicyCursor();
            _listed = _current;
        }

        return _current is not null && _current.List(_cursor, into, max);
    }

    public bool TryRead(Prefix scope, out PolicyValue value)
    {
        value = default;
        lock (_reading)
        {
            return _current is not null && _current.TryRead(scope, _clocks().BootNanoseconds, out value);
        }
    }

    public bool TryReadShadow(Prefix scope, out PolicyValue value)
    {
        value = default;
        lock (_reading)
        {
            return _shadow is not null && _shadow.TryRead(scope, _clocks().BootNanoseconds, out value);
        }
    }

    public void Dispose()
    {
        lock (_reading)
        {
            _shadow?.Dispose();
            _shadow = null;
        }

        _fallback?.Dispose();
        _fallback = null;
        Become(null)?.Dispose();
    }

    private static IEnumerable<uint> Slots() => Enumerable.Range(0, (int)ActiveGeneration.Slots).Select(slot => (uint)slot);

    private PolicyGeneration Build(ReadOnlySpan<PolicyEntry> entries, out uint slot)
    {
        uint free = Slots().First(s => !_active.Uses(s));
        PolicyGeneration next = new(new PolicyBatch(entries, _clocks()));
        next.Install(_outer, free);
        _stale.Remove(free);
        slot = free;
        return next;
    }

    private void Activate(uint slot)
    {
        (_active.Slot, _active.Generation) = (slot, _active.Generation + 1);
        _programs.Active.Set(0u, in _active);
    }

    private PolicyGeneration? EndTrial()
    {
        if (OnTrial)
        {
            _stale.Add(_active.Fallback);
        }

        _active.RevertNanoseconds = 0;
        PolicyGeneration? fallback = _fallback;
        _fallback = null;
        return fallback;
    }

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
        _writeSettings(slot, settings);
        _programs.Target.Set(in slot, settings.ToTarget());
    }
}
