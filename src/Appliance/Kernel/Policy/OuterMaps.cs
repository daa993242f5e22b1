using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Maps;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Policy;

/// <summary>The outer maps of the policy: a slot a generation.</summary>
internal sealed class OuterMaps(KernelPrograms programs)
{
    public BpfMap<uint, uint> Allow4 { get; } = Open(programs, "ALLOWLIST");

    public BpfMap<uint, uint> Allow6 { get; } = Open(programs, "ALLOWLIST6");

    public BpfMap<uint, uint> Hosts4 { get; } = Open(programs, "BLOCKLIST");

    public BpfMap<uint, uint> Hosts6 { get; } = Open(programs, "BLOCKLIST6");

    public BpfMap<uint, uint> Prefixes4 { get; } = Open(programs, "CIDR_RULES");

    public BpfMap<uint, uint> Prefixes6 { get; } = Open(programs, "CIDR_RULES6");

    public BpfMap<uint, uint> Bitmap4 { get; } = Open(programs, "CIDR_BITMAP");

    public BpfMap<uint, uint> Bitmap6 { get; } = Open(programs, "CIDR_BITMAP6");

    public BpfMap<uint, uint> Later { get; } = Open(programs, "LATER");

    public static void Install(BpfMap<uint, uint> outer, uint slot, SafeFileHandle inner)
    {
        uint fd = (uint)inner.DangerousGetHandle();
        outer.Set(in slot, in fd);
    }

    /// <summary>Takes the tables out of slots that no packet uses any more.</summary>
    public void Clear(IEnumerable<uint> slots)
    {
        BpfMap<uint, uint>[] all = [Allow4, Allow6, Hosts4, Hosts6, Prefixes4, Prefixes6, Bitmap4, Bitmap6, Later];
        GracePeriod.Share(slots.SelectMany(slot => all.Select<BpfMap<uint, uint>, Action>(outer => () => outer.Remove(in slot))));
    }

    private static BpfMap<uint, uint> Open(KernelPrograms programs, string name) => new(programs.Map(name), name);
}
