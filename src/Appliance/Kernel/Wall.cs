using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Enforcement;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Links;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Policy;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Time;

namespace Blackwall.Kernel;

/// <summary>
/// The standing wall: programs, policy and attachment of one interface. Its owner is one thread; <see cref="Status"/>,
/// <see cref="ReadCounters"/> and <see cref="TryRead"/> are for any.
/// </summary>
internal sealed class Wall : IWall, IPolicyTarget, IDisposable
{
    private readonly Lock _counterLock = new();
    private readonly PinFolder _pins;
    private readonly PolicyWriter _policy;
    private readonly MappedArray _heartbeat;
    private readonly TimeProvider _time;
    private readonly SteadyClock _clock;
    private readonly bool _inherited;
    private WallSettings _settings;
    private Attachment? _attachment;
    private string? _fault = "The wall is not attached yet.";

    private Wall(KernelPrograms programs, PinFolder pins, WallSettings settings, TimeProvider time, SteadyClock clock)
    {
        Programs = programs;
        _pins = pins;
        _time = time;
        using (Microsoft.Win32.SafeHandles.SafeFileHandle? link = pins.OpenXdpLink())
        {
            _inherited = link is not null;
        }

        _settings = settings;
        _clock = clock;
        _policy = new PolicyWriter(programs, () => ClockPair.Of(clock));
        _heartbeat = programs.Mapped("HEARTBEAT");
        Beat();
        Status = Describe();
    }

    public WallStatus Status { get; private set; }

    public KernelPrograms Programs { get; }

    /// <summary>What the operator should know about where the wall is pinned; null: nothing.</summary>
    public string? PinNote => _pins.Note;

    /// <summary>Whether the kernel goes back to another policy by itself.</summary>
    public bool OnTrial => _policy.OnTrial;

    /// <summary>Loads the programs, taking over the maps of an earlier process where they fit. Nothing is attached before <see cref="Attach"/>.</summary>
    public static Wall Load(WallSettings settings, TimeProvider time, SteadyClock clock)
    {
        IReadOnlyList<LinkInfo> links = LinkTable.Read();
        (LinkLayer layer, string? refusal) = LinkChoice.Choose(settings.Interface, links);
        if (refusal is not null)
        {
            throw new KernelException(refusal);
        }

        LinkInfo? link = links.FirstOrDefault(l => string.Equals(l.Name, settings.Interface, StringComparison.Ordinal));
        PinFolder pins = new(settings.PinPath, settings.Interface);
        try
        {
            KernelPrograms programs = KernelPrograms.Load(new LoadOptions
            {
                TableSizes = settings.TableSizes,
                LogFolder = settings.LogFolder,
                LinkLayer = layer,
                Answers = LinkTraits.AnswersOf(link, settings.AttachMode),
                Checksums = LinkTraits.ChecksumsOf(link, LinkTraits.DriverOf(settings.Interface)),
                Existing = name => Reusable(pins, settings, name),
            });
            return new Wall(programs, pins, settings, time, clock);
        }
        catch
        {
            pins.Dispose();
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
        Status = Describe();
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
    public IReadOnlyList<PolicyEntry> ReadInherited(TimeProvider time) => _inherited ? InheritedPolicy.Read(Programs, ClockPair.Now(time)) : [];

    public bool TryRead(Prefix scope, out KernelEntry entry)
    {
        bool found = _policy.TryRead(scope, out Abi.PolicyValue value);
        entry = found ? PolicyConversion.ToEntry(in value, ClockPair.Now(_time)) : default;
        return found;
    }

    public void Attach()
    {
        try
        {
            _attachment?.Dispose();
            _attachment = null;
            _attachment = Attachment.Attach(Programs, _pins, _settings.Interface, _settings.AttachMode);
            _pins.PinMaps(Programs.MapNames.Select(name => (name, Programs.Map(name))), Programs.Reused);
            _policy.Reassert();
            _fault = null;
        }
        catch (KernelException e)
        {
            _fault = e.Message;
            throw;
        }
        finally
        {
            Status = Describe();
        }
    }

    /// <summary>
    /// False when the interface is gone, came back without its programs, runs another program, or decides by a policy that this process did not
    /// write. Sets the fault that the operator sees.
    /// </summary>
    public bool Check()
    {
        string? fault = _attachment?.Stands(_settings.Interface) != true
            ? $"The wall is not on {_settings.Interface}: the interface is gone or was made anew. It is put back as soon as the interface is there."
            : !_attachment.RunsOurs()
                ? $"Another program runs on {_settings.Interface} in place of Blackwall's. Blackwall's is put back."
                : !_policy.InForce()
                    ? $"Another process changed which policy decides on {_settings.Interface}. This one's is put back."
                    : null;
        bool stands = fault is null;
        if (!string.Equals(fault, _fault, StringComparison.Ordinal))
        {
            _fault = fault;
            Status = Describe();
        }

        return stands;
    }

    public WallCounters ReadCounters()
    {
        lock (_counterLock)
        {
            return Programs.Counters.Read();
        }
    }

    /// <summary>Gives up a start that failed: a wall that stood before goes on standing, one that was begun is taken away.</summary>
    public void Abandon()
    {
        if (!_inherited)
        {
            Remove();
        }

        Dispose();
    }

    /// <summary>Clean stop: nothing of the wall stays behind.</summary>
    public void Remove()
    {
        if (_attachment is not null)
        {
            _attachment.Remove();
            _attachment = null;
        }
        else
        {
            _pins.RemoveAll();
        }
    }

    /// <summary>Lets go of the wall; it goes on standing by its pins.</summary>
    public void Dispose()
    {
        _attachment?.Dispose();
        _policy.Dispose();
        _heartbeat.Dispose();
        Programs.Dispose();
        _pins.Dispose();
    }

    private void Retire(params PolicyGeneration?[] generations)
    {
        _policy.ClearInactive();
        foreach (PolicyGeneration retired in generations.OfType<PolicyGeneration>())
        {
            // Off this thread and in slices: packets go on while a million entries are freed.
            _ = Task.Factory.StartNew(() => retired.Retire(() => Thread.Yield()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Status = Describe();
    }

    // A table whose size was changed by option is made anew; everything else goes on as it was.
    private static Microsoft.Win32.SafeHandles.SafeFileHandle? Reusable(PinFolder pins, WallSettings settings, string name)
    {
        Microsoft.Win32.SafeHandles.SafeFileHandle? map = pins.OpenMap(name);
        if (map is null || !settings.TableSizes.TryGetValue(name, out uint entries))
        {
            return map;
        }

        if (BpfSyscall.TryDescribe(map, out MapShape shape) && shape.Entries == entries)
        {
            return map;
        }

        map.Dispose();
        return null;
    }

    private WallStatus Describe() => new(
        _settings.Interface,
        _settings.Mode,
        _attachment?.Mode,
        _attachment?.Egress,
        _attachment?.Fallback,
        _policy.Generation,
        _attachment?.Adopted ?? false,
        _fault,
        _attachment?.Challenges);
}
