using System.Buffers.Binary;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Enforcement;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Policy;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Time;

namespace Blackwall.Kernel;

/// <summary>
/// The standing wall: one policy, and a gate for each guarded interface. Its owner is one thread; <see cref="Status"/>,
/// <see cref="ReadGates"/>, <see cref="ReadCounters"/> and <see cref="TryRead"/> are for any.
/// </summary>
internal sealed class Wall : IWall, IPolicyTarget, IDisposable
{
    private readonly Gate[] _gates;
    private readonly PolicyWriter _policy;
    private readonly MappedArray _heartbeat;
    private readonly TimeProvider _time;
    private readonly SteadyClock _clock;
    private WallSettings _settings;
    private string? _policyFault;
    private string?[] _told = [];

    private Wall(Gate[] gates, WallSettings settings, TimeProvider time, SteadyClock clock)
    {
        _gates = gates;
        _time = time;
        _settings = settings;
        _clock = clock;
        _policy = new PolicyWriter(Programs, () => ClockPair.From(clock), WriteSettings);
        _heartbeat = Programs.Mapped("HEARTBEAT");
        Beat();
        Statuses = Describe();
    }

    public WallStatus Status => Statuses[0] with { Fault = Statuses.Select(status => status.Fault).FirstOrDefault(fault => fault is not null) };

    /// <summary>Each guarded interface, the first one first.</summary>
    public IReadOnlyList<WallStatus> Statuses { get; private set; }

    /// <summary>Those of the first gate; all gates share their rings and tables.</summary>
    public KernelPrograms Programs => _gates[0].Programs;

    /// <summary>What the operator should know about where the wall is pinned; null: nothing.</summary>
    public string? PinNote => _gates[0].PinNote;

    /// <summary>Whether the kernel goes back to another policy by itself.</summary>
    public bool OnTrial => _policy.OnTrial;

    /// <summary>Loads the programs, taking over the maps of an earlier process where they fit. Nothing is attached before <see cref="Attach"/>.</summary>
    public static Wall Load(WallSettings settings, TimeProvider time, SteadyClock clock)
    {
        List<Gate> gates = [];
        try
        {
            foreach (GateSettings gate in settings.Gates)
            {
                gates.Add(Gate.Load(gate, settings, gates.FirstOrDefault()));
            }

            return new Wall([.. gates], settings, time, clock);
        }
        catch
        {
            gates.ForEach(gate => gate.Dispose());
            throw;
        }
    }

    /// <summary>Brings a whole policy into force in one step.</summary>
    public void Replace(BoardSnapshot snapshot) => Retire(_policy.Replace(snapshot.Entries.Span, _settings));

    /// <summary>As <see cref="Replace"/>, and the kernel goes back to the policy and mode before at that date unless <see cref="Confirm"/> comes first.</summary>
    public void BeginTrial(BoardSnapshot snapshot, EnforcementMode mode, DateTimeOffset deadline)
    {
        WallSettings settings = _settings with { Mode = mode };
        _policy.BeginTrial(snapshot.Entries.Span, settings, _clock.FromDate(deadline));
        _settings = settings;
        Statuses = Describe();
    }

    /// <summary>Makes the change on trial stay. False: it was too late.</summary>
    public bool Confirm()
    {
        bool inTime = _policy.Confirm(out PolicyGeneration? retired);
        Retire(retired);
        return inTime;
    }

    /// <summary>Ends a trial with the policy as it is without the change.</summary>
    public void Revert(BoardSnapshot snapshot, EnforcementMode mode)
    {
        _settings = _settings with { Mode = mode };
        Retire([.. _policy.Revert(snapshot.Entries.Span, _settings)]);
    }

    /// <summary>Counts packets against a policy that decides nothing; empty: against none.</summary>
    public void Shadow(ReadOnlySpan<PolicyEntry> entries) => Retire(_policy.Shadow(entries));

    /// <summary>What the shadow policy counted for a scope.</summary>
    public bool TryReadShadow(Prefix scope, out KernelEntry entry)
    {
        bool found = _policy.TryReadShadow(scope, out PolicyValue value);
        entry = found ? PolicyConversion.ToEntry(in value, ClockPair.Now(_time)) : default;
        return found;
    }

    /// <summary>Shows the programs that somebody looks after them. Any thread.</summary>
    public void Beat() => _heartbeat.Write(0, BpfSyscall.BootNanoseconds());

    /// <summary>Writes or removes one entry. False: the whole must be replaced.</summary>
    public bool TryApply(Prefix scope, PolicyEntry? entry) => _policy.TryApply(scope, entry);

    /// <summary>Whether the kernel holds exactly this of a scope from now on; null: nothing.</summary>
    public bool Holds(Prefix scope, PolicyEntry? entry) => _policy.Holds(scope, entry);

    /// <summary>Moves out scopes that the policy in force has entries for, a slice at a time. False: that was the last slice.</summary>
    public bool List(List<Prefix> into, int max) => _policy.List(into, max);

    /// <summary>What an earlier process left in force; empty when nothing stood.</summary>
    public IReadOnlyList<PolicyEntry> ReadInherited(TimeProvider time) => _gates[0].Inherited ? InheritedPolicy.Read(Programs, ClockPair.Now(time)) : [];

    public bool TryRead(Prefix scope, out KernelEntry entry)
    {
        bool found = _policy.TryRead(scope, out Abi.PolicyValue value);
        entry = found ? PolicyConversion.ToEntry(in value, ClockPair.Now(_time)) : default;
        return found;
    }

    public bool TryReadDiverted(Address remote, ushort remotePort, Address local, ushort localPort, out Address destination, out ushort port)
    {
        const byte tcp = 6;
        FlowKey key = new()
        {
            Remote = RawAddress.From(remote),
            Local = RawAddress.From(local),
            RemotePortNetwork = BinaryPrimitives.ReverseEndianness(remotePort),
            LocalPortNetwork = BinaryPrimitives.ReverseEndianness(localPort),
            Protocol = tcp,
        };
        bool found = Programs.NatReverse.TryGet(in key, out NatReverseValue value);
        (destination, port) = found ? (value.Local.ToAddress(), value.LocalPort) : (Address.None, (ushort)0);
        return found;
    }

    /// <summary>Puts up every gate that does not stand. One that cannot be put up keeps no other from it.</summary>
    /// <exception cref="KernelException">A gate cannot be put up.</exception>
    public void Attach()
    {
        KernelException? refused = null;
        foreach (Gate gate in _gates)
        {
            try
            {
                if (gate.Fault is not null)
                {
                    gate.Attach();
                }
            }
            catch (KernelException e)
            {
                refused ??= e;
            }
        }

        _policy.Reassert();
        Statuses = Describe();
        if (refused is not null)
        {
            throw refused;
        }
    }

    /// <summary>
    /// False when an interface is gone, came back without its programs, runs another program, or decides by a policy that this process did not
    /// write. Notes the faults that the operator sees.
    /// </summary>
    public bool Check()
    {
        bool stands = _gates.Aggregate(true, (all, gate) => gate.Check() && all);
        _policyFault = _policy.InForce() ? null : $"Another process changed which policy decides on {_settings.Interface}. This one's is put back.";
        stands = stands && _policyFault is null;
        if (stands != (Status.Fault is null) || !_gates.Select(gate => gate.Fault).SequenceEqual(_told, StringComparer.Ordinal))
        {
            Statuses = Describe();
        }

        return stands;
    }

    /// <summary>Interfaces whose gate does not stand.</summary>
    public IEnumerable<string> Fallen => _gates.Where(gate => gate.Fault is not null).Select(gate => gate.Interface);

    public IReadOnlyList<GateReading> ReadGates() => [.. _gates.Zip(Statuses, (gate, status) => new GateReading(status, gate.ReadCounters()))];

    public WallCounters ReadCounters() => _gates.Skip(1).Aggregate(_gates[0].ReadCounters(), (sum, gate) => sum.Plus(gate.ReadCounters()));

    /// <summary>Undoes a start that failed: a wall that stood before is left standing, one that was begun is removed.</summary>
    public void Abandon()
    {
        foreach (Gate gate in _gates.Where(gate => !gate.Inherited))
        {
            gate.Remove();
        }

        Dispose();
    }

    /// <summary>Clean stop: nothing of the wall stays behind.</summary>
    public void Remove()
    {
        // The first gate has the maps that the others use.
        foreach (Gate gate in _gates.Reverse())
        {
            gate.Remove();
        }
    }

    /// <summary>Closes its handles; the pinned wall stays in force.</summary>
    public void Dispose()
    {
        _policy.Dispose();
        _heartbeat.Dispose();
        foreach (Gate gate in _gates.Reverse())
        {
            gate.Dispose();
        }
    }

    private void Retire(params PolicyGeneration?[] generations)
    {
        _policy.ClearInactive();
        foreach (PolicyGeneration retired in generations.OfType<PolicyGeneration>())
        {
            // Off this thread and in slices: packets go on while a million entries are freed.
            _ = Task.Factory.StartNew(() => retired.Retire(() => Thread.Yield()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Statuses = Describe();
    }

    private void WriteSettings(uint slot, WallSettings settings)
    {
        foreach (Gate gate in _gates)
        {
            Abi.Settings own = (settings with { Mode = gate.ModeOf(settings.Mode) }).ToAbi();
            gate.Programs.Settings.Set(in slot, in own);
        }
    }

    private WallStatus[] Describe()
    {
        _told = [.. _gates.Select(gate => gate.Fault)];
        WallStatus[] statuses = [.. _gates.Select(gate => gate.Describe(_settings.Mode, _policy.Generation))];
        statuses[0] = statuses[0] with { Fault = statuses[0].Fault ?? _policyFault };
        return statuses;
    }
}
