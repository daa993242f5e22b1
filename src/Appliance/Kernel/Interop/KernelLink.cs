using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>Attaching programs to an interface. Methods give handles or throw a sentence; a closed, unpinned link detaches.</summary>
internal static unsafe class KernelLink
{
    private const int Xdp = 37;       // BPF_XDP
    private const int TcxIngress = 46; // BPF_TCX_INGRESS
    private const int TcxEgress = 47; // BPF_TCX_EGRESS, kernel 6.6
    private const uint SkbMode = 1u << 1;
    private const uint DriverMode = 1u << 2;
    private const uint HardwareMode = 1u << 3;

    internal static SafeFileHandle? TryAttachXdp(SafeFileHandle program, int ifindex, XdpMode mode, out int errno) =>
        TryCreate(program, ifindex, Xdp, mode switch
        {
            XdpMode.Generic => SkbMode,
            XdpMode.Offload => HardwareMode,
            _ => DriverMode,
        }, out errno);

    internal static SafeFileHandle? TryAttachTcx(SafeFileHandle program, int ifindex, out int errno) => TryCreate(program, ifindex, TcxEgress, 0, out errno);

    internal static SafeFileHandle? TryAttachTcxIngress(SafeFileHandle program, int ifindex, out int errno) => TryCreate(program, ifindex, TcxIngress, 0, out errno);

    /// <summary>0, or errno; ENOLINK when the interface of the link is gone.</summary>
    internal static int Replace(SafeFileHandle link, SafeFileHandle program) => -Libbpf.bpf_link_update(Fd(link), Fd(program), null);

    /// <summary>Interface index of an XDP or TCX link; 0 when its interface is gone.</summary>
    internal static int InterfaceOf(SafeFileHandle link)
    {
        // struct bpf_link_info: type, id, prog_id, (pad), then the union: ifindex first for XDP and TCX.
        uint* info = stackalloc uint[32];
        new Span<uint>(info, 32).Clear();
        uint length = 32 * sizeof(uint);
        return Libbpf.bpf_obj_get_info_by_fd(Fd(link), info, &length) < 0 ? 0 : (int)info[4];
    }

    /// <summary>What the kernel runs on the interface, and the id of the program; null: none.</summary>
    internal static (XdpMode Mode, uint ProgramId)? Query(int ifindex)
    {
        Libbpf.XdpQueryOptions options = new() { Size = (nuint)sizeof(Libbpf.XdpQueryOptions) };
        if (Libbpf.bpf_xdp_query(ifindex, 0, &options) < 0)
        {
            return null;
        }

        return options.AttachMode switch
        {
            1 => (XdpMode.Native, options.ProgramId),
            2 => (XdpMode.Generic, options.ProgramId),
            3 => (XdpMode.Offload, options.ProgramId),
            4 => (XdpMode.Native, options.DriverProgramId),
            _ => null,
        };
    }

    /// <summary>Id of a loaded program; 0 when the kernel does not tell.</summary>
    internal static uint ProgramId(SafeFileHandle program)
    {
        // struct bpf_prog_info: type, id.
        uint* info = stackalloc uint[64];
        new Span<uint>(info, 64).Clear();
        uint length = 64 * sizeof(uint);
        return Libbpf.bpf_obj_get_info_by_fd(Fd(program), info, &length) < 0 ? 0 : info[1];
    }

    /// <summary>The classic hook, for kernels before 6.6: a clsact qdisc and a filter that stay until <see cref="DetachTc(int)"/>.</summary>
    internal static int AttachTc(SafeFileHandle program, int ifindex) => AttachTc(program, Hook(ifindex, Egress));

    /// <summary>The same on the way in; until <see cref="DetachTcIngress"/>.</summary>
    internal static int AttachTcIngress(SafeFileHandle program, int ifindex) => AttachTc(program, Hook(ifindex, Ingress));

    internal static int DetachTc(int ifindex) => DetachTc(Hook(ifindex, Egress));

    internal static int DetachTcIngress(int ifindex) => DetachTc(Hook(ifindex, Ingress));

    private static int AttachTc(SafeFileHandle program, Libbpf.TcHook hook)
    {
        int created = Libbpf.bpf_tc_hook_create(&hook);
        if (created < 0 && created != -Errno.Exists)
        {
            return created;
        }

        Libbpf.TcOptions options = new() { Size = (nuint)sizeof(Libbpf.TcOptions), ProgramFd = Fd(program), Handle = TcHandle, Priority = TcPriority, Flags = ReplaceFlag };
        return Libbpf.bpf_tc_attach(&hook, &options);
    }

    private static int DetachTc(Libbpf.TcHook hook)
    {
        Libbpf.TcOptions options = new() { Size = (nuint)sizeof(Libbpf.TcOptions), Handle = TcHandle, Priority = TcPriority };
        return Libbpf.bpf_tc_detach(&hook, &options);
    }

    private const uint TcHandle = 0xb1ac;
    private const uint TcPriority = 50;
    private const uint ReplaceFlag = 1; // BPF_TC_F_REPLACE: our own filter of an earlier run
    private const int Ingress = 1;      // BPF_TC_INGRESS
    private const int Egress = 2;       // BPF_TC_EGRESS

    private static Libbpf.TcHook Hook(int ifindex, int point) => new() { Size = (nuint)sizeof(Libbpf.TcHook), Ifindex = ifindex, AttachPoint = point };

    private static SafeFileHandle? TryCreate(SafeFileHandle program, int ifindex, int type, uint flags, out int errno)
    {
        Libbpf.LinkCreateOptions options = new() { Size = (nuint)sizeof(Libbpf.LinkCreateOptions), Flags = flags };
        int fd = Libbpf.bpf_link_create(Fd(program), ifindex, type, &options);
        errno = fd < 0 ? -fd : 0;
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    private static int Fd(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
