using System.Globalization;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Loading;

/// <summary>
/// The programs on one interface. Links are pinned, so the wall stands without the process; a later process puts its own program under the same
/// link in one step, and no packet finds the interface unguarded.
/// </summary>
internal sealed class Attachment : IDisposable
{
    private readonly SafeFileHandle _xdp;
    private readonly SafeFileHandle? _tcx;
    private readonly AnswerHook? _answer;
    private readonly PinFolder _pins;

    private readonly uint _program;

    private Attachment(SafeFileHandle xdp, SafeFileHandle? tcx, AnswerHook? answer, PinFolder pins, int ifindex, uint program)
    {
        _xdp = xdp;
        _answer = answer;
        _program = program;
        _tcx = tcx;
        _pins = pins;
        InterfaceIndex = ifindex;
    }

    public int InterfaceIndex { get; }

    /// <summary>"native", "generic" or "offload".</summary>
    public required string Mode { get; init; }

    /// <summary>"tcx" or "tc".</summary>
    public required string Egress { get; init; }

    /// <summary>How challenges leave: "xdp" or "tc".</summary>
    public string Challenges => _answer is null ? "xdp" : "tc";

    public string? Fallback { get; init; }

    public bool Adopted { get; init; }

    public static Attachment Attach(KernelPrograms programs, PinFolder pins, string interfaceName, XdpMode wanted)
    {
        int ifindex = (int)BpfSyscall.InterfaceIndex(interfaceName);
        if (ifindex == 0)
        {
            throw new KernelException($"There is no interface {interfaceName}; set network.interface to one of those that 'ip link' shows.", Errno.NoDevice);
        }

        // Egress first: a handshake seen from one side only would not be verified.
        (SafeFileHandle? tcx, string egress) = AttachEgress(programs, pins, ifindex);
        AnswerHook? answer = null;
        try
        {
            answer = programs.Answers == Answers.Tc ? AnswerHook.Attach(programs.Answer, pins, ifindex) : null;
            SafeFileHandle? adopted = Adopt(programs, pins, ifindex, wanted);
            string? fallback = null;
            SafeFileHandle xdp = adopted ?? Create(programs, pins, interfaceName, ifindex, wanted, out fallback);
            string mode = (KernelLink.Query(ifindex)?.Mode ?? XdpMode.Native).ToString().ToLowerInvariant();
            return new Attachment(xdp, tcx, answer, pins, ifindex, KernelLink.ProgramId(programs.Ingress))
            {
                Mode = mode,
                Egress = egress,
                Adopted = adopted is not null,
                Fallback = fallback ?? (adopted is not null && wanted == XdpMode.Auto && mode is "generic" ? "an earlier process had to fall back to generic mode" : null),
            };
        }
        catch
        {
            tcx?.Dispose();
            pins.RemoveTcxLink();
            pins.RemoveAnswerLink();
            answer?.Remove();
            if (tcx is null)
            {
                _ = KernelLink.DetachTc(ifindex);
            }

            throw;
        }
    }

    /// <summary>Whether the kernel still has this link on its interface.</summary>
    public bool Stands(string interfaceName) =>
        BpfSyscall.InterfaceIndex(interfaceName) == InterfaceIndex && KernelLink.InterfaceOf(_xdp) == InterfaceIndex;

    /// <summary>Whether the program that the kernel runs on the interface is ours; another process may have put its own under our link.</summary>
    public bool RunsOurs() => KernelLink.Query(InterfaceIndex) is { } running && running.ProgramId == _program;

    /// <summary>Takes the programs off the interface and the pins away.</summary>
    public void Remove()
    {
        _pins.RemoveAll();
        _answer?.Remove();
        Dispose();
        if (_tcx is null)
        {
            _ = KernelLink.DetachTc(InterfaceIndex);
        }
    }

    public void Dispose()
    {
        _xdp.Dispose();
        _tcx?.Dispose();
        _answer?.Dispose();
    }

    private static SafeFileHandle? Adopt(KernelPrograms programs, PinFolder pins, int ifindex, XdpMode wanted)
    {
        SafeFileHandle? link = pins.OpenXdpLink();
        if (link is null)
        {
            return null;
        }

        bool sameMode = wanted == XdpMode.Auto || KernelLink.Query(ifindex)?.Mode == wanted;
        if (KernelLink.InterfaceOf(link) == ifindex && sameMode && KernelLink.Replace(link, programs.Ingress) == 0)
        {
            return link;
        }

        // The interface went away and came back, or another mode is wanted: this link cannot serve.
        link.Dispose();
        pins.RemoveXdpLink();
        return null;
    }

    private static SafeFileHandle Create(KernelPrograms programs, PinFolder pins, string name, int ifindex, XdpMode wanted, out string? fallback)
    {
        fallback = null;
        SafeFileHandle? link = KernelLink.TryAttachXdp(programs.Ingress, ifindex, wanted, out int errno);
        if (link is null && wanted == XdpMode.Auto && errno is not (Errno.Busy or Errno.Exists or Errno.NotPermitted))
        {
            fallback = $"{name} refused native mode ({Errno.Name(errno)}; usual causes: MTU above 3,500, LRO on, too few queues); generic mode costs what nftables costs";
            link = KernelLink.TryAttachXdp(programs.Ingress, ifindex, XdpMode.Generic, out errno);
        }

        if (link is null)
        {
            throw new KernelException(Refusal(name, ifindex, wanted, errno), errno);
        }

        pins.PinXdpLink(link);
        return link;
    }

    private static string Refusal(string name, int ifindex, XdpMode wanted, int errno)
    {
        string mode = wanted.ToString().ToLowerInvariant();
        return errno switch
        {
            Errno.Busy or Errno.Exists when StrayLinks.IsOurs(KernelLink.Query(ifindex)?.ProgramId ?? 0) =>
                $"Another Blackwall wall is on {name}, pinned in another folder; give this one the same network.pin_path, or take that one down with 'blackwall off {name}' once its process is stopped",
            Errno.Busy or Errno.Exists => string.Create(
                CultureInfo.InvariantCulture,
                $"Another XDP program (id {KernelLink.Query(ifindex)?.ProgramId ?? 0}) is on {name}, and Blackwall never replaces what is not its own; take it off with 'ip link set dev {name} xdp off' or guard another interface"),
            Errno.NotPermitted => "Attaching needs root, or CAP_BPF with CAP_NET_ADMIN",
            _ when wanted == XdpMode.Offload => $"{name} cannot run XDP programs on the card; set network.xdp_mode to auto or native",
            _ when wanted == XdpMode.Native => $"{name} refused native mode (usual causes: MTU above 3,500, LRO on, too few queues); set network.xdp_mode to auto to allow generic mode",
            _ => $"{name} refused the XDP program in {mode} mode",
        };
    }

    private static (SafeFileHandle? Link, string Mode) AttachEgress(KernelPrograms programs, PinFolder pins, int ifindex)
    {
        SafeFileHandle? link = pins.OpenTcxLink();
        if (link is not null)
        {
            if (KernelLink.InterfaceOf(link) == ifindex && KernelLink.Replace(link, programs.Egress) == 0)
            {
                return (link, "tcx");
            }

            link.Dispose();
            pins.RemoveTcxLink();
        }

        link = KernelLink.TryAttachTcx(programs.Egress, ifindex, out int errno);
        if (link is not null)
        {
            pins.PinTcxLink(link);
            return (link, "tcx");
        }

        if (errno == Errno.NotPermitted)
        {
            throw new KernelException("Attaching needs root, or CAP_BPF with CAP_NET_ADMIN.", errno);
        }

        int result = KernelLink.AttachTc(programs.Egress, ifindex);
        return result >= 0
            ? (null, "tc")
            : throw new KernelException("The egress program can be attached neither by TCX (kernel 6.6) nor by tc; the kernel needs sch_ingress and cls_bpf.", -result);
    }
}
