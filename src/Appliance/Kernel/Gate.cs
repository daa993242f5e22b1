using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Links;
using Blackwall.Kernel.Loading;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel;

/// <summary>
/// The wall on one interface: its programs, their attachment and counters. All gates of an appliance have one policy and know each other's flows;
/// counters, settings and the table of inspecting programs are each gate's own. Its owner is the wall's thread; counters are for any.
/// </summary>
internal sealed class Gate : IDisposable
{
    private static readonly string[] OwnMaps = ["COUNTERS", "SETTINGS", "PROG_ARRAY"];

    private readonly Lock _counterLock = new();
    private readonly PinFolder _pins;
    private readonly GateSettings _settings;
    private readonly XdpMode _wanted;
    private readonly bool _hasGuests;
    private readonly int _bridge;
    private Attachment? _attachment;

    private Gate(GateSettings settings, XdpMode wanted, KernelPrograms programs, PinFolder pins, bool isFirst, int bridge)
    {
        (_settings, _wanted, Programs, _pins, _hasGuests, _bridge) = (settings, wanted, programs, pins, isFirst, bridge);
        using SafeFileHandle? link = pins.OpenXdpLink();
        Inherited = link is not null;
    }

    public KernelPrograms Programs { get; }

    public string Interface => _settings.Interface;

    /// <summary>Whether an earlier process left a wall here.</summary>
    public bool Inherited { get; }

    public bool IsAttached => _attachment is not null;

    /// <summary>What the operator should know about where it is pinned; null: nothing.</summary>
    public string? PinNote => _pins.Note;

    /// <summary>What is wrong here; null: nothing.</summary>
    public string? Fault { get; private set; } = "The wall is not attached yet.";

    /// <summary>Loads the programs of one interface, taking over the maps of an earlier process where they fit. Nothing is attached.</summary>
    /// <param name="gate">Which interface.</param>
    /// <param name="settings">Of the whole wall.</param>
    /// <param name="first">The gate whose maps this one shares; null: it is the first.</param>
    public static Gate Load(GateSettings gate, WallSettings settings, Gate? first)
    {
        IReadOnlyList<LinkInfo> links = LinkTable.Read();
        (LinkLayer layer, string? refusal) = LinkChoice.Choose(gate.Interface, links);
        if (refusal is not null)
        {
            throw new KernelException(refusal);
        }

        LinkInfo? link = links.FirstOrDefault(l => string.Equals(l.Name, gate.Interface, StringComparison.Ordinal));
        PinFolder pins = new(settings.PinPath, gate.Interface);
        try
        {
            KernelPrograms programs = KernelPrograms.Load(new LoadOptions
            {
                TableSizes = settings.TableSizes,
                LogFolder = settings.LogFolder,
                LinkLayer = layer,
                Answers = LinkTraits.AnswersOf(link, settings.AttachMode),
                Checksums = LinkTraits.ChecksumsOf(link, LinkTraits.DriverOf(gate.Interface)),
                HasOtherGates = settings.Gates.Count > 1,
                Shared = first?.Programs,
                OwnMaps = OwnMaps,
                Existing = name => Reusable(pins, settings, name),
            });
            return new Gate(gate, settings.AttachMode, programs, pins, first is null, link?.Master ?? 0);
        }
        catch
        {
            pins.Dispose();
            throw;
        }
    }

    /// <summary>The mode here: that of the whole, and no more than this interface may.</summary>
    public EnforcementMode ModeOf(EnforcementMode whole) => whole == EnforcementMode.Enforce ? _settings.Most : whole;

    /// <exception cref="KernelException">The interface is not there, or refuses.</exception>
    public void Attach()
    {
        try
        {
            _attachment?.Dispose();
            _attachment = null;
            _attachment = Attachment.Attach(Programs, _pins, Interface, _wanted);
            IEnumerable<string> pinned = _hasGuests ? Programs.MapNames : OwnMaps;
            _pins.PinMaps(pinned.Select(name => (name, Programs.Map(name))), Programs.Reused);
            Announce();
            Fault = null;
        }
        catch (KernelException e)
        {
            Fault = e.Message;
            throw;
        }
    }

    /// <summary>Looks whether our program runs on the interface; notes the fault that the operator sees.</summary>
    /// <returns>Whether it does.</returns>
    public bool Check()
    {
        Fault = _attachment?.Stands(Interface) != true
            ? $"The wall is not on {Interface}: the interface is gone or was made anew. It is put back as soon as the interface is there."
            : !_attachment.RunsOurs()
                ? $"Another program runs on {Interface} in place of Blackwall's. Blackwall's is put back."
                : null;
        return Fault is null;
    }

    public WallCounters ReadCounters()
    {
        lock (_counterLock)
        {
            return Programs.Counters.Read();
        }
    }

    public WallStatus Describe(EnforcementMode whole, ulong generation) => new(
        Interface,
        ModeOf(whole),
        _attachment?.Mode,
        _attachment?.Egress,
        _attachment?.Fallback,
        generation,
        _attachment?.Adopted ?? false,
        Fault,
        _attachment?.Challenges,
        _settings.Side);

    /// <summary>Clean stop: nothing of the wall stays on this interface.</summary>
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

    /// <summary>Closes its handles; the pinned programs stay in force.</summary>
    public void Dispose()
    {
        _attachment?.Dispose();
        Programs.Dispose();
        _pins.Dispose();
    }

    // Marks the interface, so that other gates know that packets from it were judged.
    private void Announce()
    {
        uint one = 1;
        foreach (int index in (int[])[_attachment!.InterfaceIndex, _bridge])
        {
            if (index > 0)
            {
                uint key = (uint)index;
                Programs.Gates.Set(in key, in one);
            }
        }
    }

    // A table whose configured size changed is created again; all others are taken over.
    private static SafeFileHandle? Reusable(PinFolder pins, WallSettings settings, string name)
    {
        SafeFileHandle? map = pins.OpenMap(name);
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
}
