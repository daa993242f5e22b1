using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>Finds links of Blackwall's programs that no pin leads to any more: their pins were in a file system that is gone.</summary>
internal static unsafe class StrayLinks
{
    private const uint XdpLink = 6, TcxLink = 11; // BPF_LINK_TYPE_XDP, BPF_LINK_TYPE_TCX
    private const int InfoWords = 64;
    private const int NameOffset = 64;    // of struct bpf_prog_info
    private const int MapNameOffset = 24; // of struct bpf_map_info
    private const int NameSize = 16;
    private const int MostMaps = 64;
    private const int TcxIngress = 46, TcxEgress = 47; // BPF_TCX_INGRESS, BPF_TCX_EGRESS
    private const int MostPrograms = 64;

    // A name alone could be anybody's; no other program has maps of these names. The program that answers has no map at all, and only
    // counts beside one that has.
    private static readonly string[] OurMaps = ["ALLOWLIST6", "CIDR_BITMAP6"];

    /// <summary>Takes our programs off an interface. Returns how many.</summary>
    internal static int Detach(int ifindex)
    {
        // A link tells the number of its interface and not the network namespace, in which numbers begin anew.
        HashSet<uint> attached = Attached(ifindex);
        bool present = attached.Any(program => IsOurs(program, beside: false));
        int detached = 0;
        uint* info = stackalloc uint[InfoWords];
        for (uint id = 0; Libbpf.bpf_link_get_next_id(id, &id) == 0;)
        {
            using SafeFileHandle link = new(Libbpf.bpf_link_get_fd_by_id(id), ownsHandle: true);
            if (link.IsInvalid || !TryInfo(link, info))
            {
                continue;
            }

            // struct bpf_link_info: type, id, prog_id, (pad), then the union: ifindex first for XDP and TCX.
            if (info[0] is XdpLink or TcxLink && info[4] == (uint)ifindex && attached.Contains(info[2]) && IsOurs(info[2], present))
            {
                detached += Libbpf.bpf_link_detach(Fd(link)) == 0 ? 1 : 0;
            }
        }

        return detached;
    }

    /// <summary>Whether our programs are on an interface, and whether their appliance has shown that it lives within some seconds.</summary>
    internal static (bool Present, bool Alive) Look(int ifindex, ulong bootNanoseconds, ulong silence)
    {
        bool present = false, alive = false;
        foreach (uint program in Attached(ifindex))
        {
            present |= IsOurs(program, beside: false);
            alive |= Beat(program) is { } beat && beat != 0 && bootNanoseconds - beat < silence;
        }

        return (present, present && alive);
    }

    /// <summary>Whether a loaded program is one of Blackwall's.</summary>
    internal static bool IsOurs(uint programId) => IsOurs(programId, beside: false);

    // Boot time of the last sign of life in the HEARTBEAT map of a program; null: it has no such map.
    private static ulong? Beat(uint programId)
    {
        uint* maps = stackalloc uint[MostMaps];
        uint* map = stackalloc uint[InfoWords];
        int count = MapsOf(programId, maps);
        for (int i = 0; i < count; i++)
        {
            using SafeFileHandle handle = BpfSyscall.OpenMap(maps[i]);
            if (!handle.IsInvalid && TryInfo(handle, map) && string.Equals(Text((byte*)map + MapNameOffset), "HEARTBEAT", StringComparison.Ordinal))
            {
                uint key = 0;
                ulong beat = 0;
                return Libbpf.bpf_map_lookup_elem(Fd(handle), &key, &beat) == 0 ? beat : null;
            }
        }

        return null;
    }

    // Returns how many maps a program uses.
    private static int MapsOf(uint programId, uint* maps)
    {
        using SafeFileHandle program = new(Libbpf.bpf_prog_get_fd_by_id(programId), ownsHandle: true);
        if (program.IsInvalid)
        {
            return 0;
        }

        uint* info = stackalloc uint[InfoWords];
        new Span<uint>(info, InfoWords).Clear();
        info[13] = MostMaps;
        *(uint**)(info + 14) = maps;
        uint length = InfoWords * sizeof(uint);
        return Libbpf.bpf_obj_get_info_by_fd(Fd(program), info, &length) < 0 ? 0 : (int)Math.Min(info[13], MostMaps);
    }

    // Ids of the programs on an interface of this network namespace.
    private static HashSet<uint> Attached(int ifindex)
    {
        HashSet<uint> programs = [];
        if (KernelLink.Query(ifindex) is { } xdp)
        {
            programs.Add(xdp.ProgramId);
        }

        uint* ids = stackalloc uint[MostPrograms];
        foreach (int hook in (ReadOnlySpan<int>)[TcxIngress, TcxEgress])
        {
            uint count = MostPrograms, flags = 0;
            if (Libbpf.bpf_prog_query(ifindex, hook, 0, &flags, ids, &count) == 0)
            {
                programs.UnionWith(new ReadOnlySpan<uint>(ids, (int)Math.Min(count, MostPrograms)).ToArray());
            }
        }

        return programs;
    }

    private static bool IsOurs(uint programId, bool beside)
    {
        using SafeFileHandle program = new(Libbpf.bpf_prog_get_fd_by_id(programId), ownsHandle: true);
        if (program.IsInvalid)
        {
            return false;
        }

        // struct bpf_prog_info: the number of map ids is at 52, where to write them at 56, the name at 64.
        uint* maps = stackalloc uint[MostMaps];
        uint* info = stackalloc uint[InfoWords];
        new Span<uint>(info, InfoWords).Clear();
        info[13] = MostMaps;
        *(uint**)(info + 14) = maps;
        uint length = InfoWords * sizeof(uint);
        if (Libbpf.bpf_obj_get_info_by_fd(Fd(program), info, &length) < 0 || Text((byte*)info + NameOffset) is not ("ingress" or "egress" or "answer"))
        {
            return false;
        }

        if (beside)
        {
            return true;
        }

        uint* map = stackalloc uint[InfoWords];
        for (int i = 0; i < Math.Min(info[13], MostMaps); i++)
        {
            using SafeFileHandle handle = BpfSyscall.OpenMap(maps[i]);
            if (!handle.IsInvalid && TryInfo(handle, map) && OurMaps.Contains(Text((byte*)map + MapNameOffset), StringComparer.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryInfo(SafeFileHandle handle, uint* info)
    {
        new Span<uint>(info, InfoWords).Clear();
        uint length = InfoWords * sizeof(uint);
        return Libbpf.bpf_obj_get_info_by_fd(Fd(handle), info, &length) == 0;
    }

    private static string Text(byte* name) => Encoding.ASCII.GetString(new ReadOnlySpan<byte>(name, NameSize)).Split('\0')[0];

    private static int Fd(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
