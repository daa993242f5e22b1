using Blackwall.Kernel.Interop;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Loading;

/// <summary>
/// The tc program on ingress that sends challenges back where frames made in XDP do not arrive: a veth takes them only while its peer, which may be
/// in another namespace, has an XDP program or GRO.
/// </summary>
internal sealed class AnswerHook : IDisposable
{
    private readonly SafeFileHandle? _link;
    private readonly int _ifindex;

    private AnswerHook(SafeFileHandle? link, int ifindex) => (_link, _ifindex) = (link, ifindex);

    /// <summary>Attaches or, after a restart, puts the new program under the same link.</summary>
    /// <exception cref="KernelException">Neither TCX nor tc can be had.</exception>
    public static AnswerHook Attach(SafeFileHandle program, PinFolder pins, int ifindex)
    {
        SafeFileHandle? link = pins.OpenAnswerLink();
        if (link is not null)
        {
            if (KernelLink.InterfaceOf(link) == ifindex && KernelLink.Replace(link, program) == 0)
            {
                return new AnswerHook(link, ifindex);
            }

            link.Dispose();
            pins.RemoveAnswerLink();
        }

        link = KernelLink.TryAttachTcxIngress(program, ifindex, out _);
        if (link is not null)
        {
            pins.PinAnswerLink(link);
            return new AnswerHook(link, ifindex);
        }

        int result = KernelLink.AttachTcIngress(program, ifindex);
        return result >= 0
            ? new AnswerHook(null, ifindex)
            : throw new KernelException("The program that sends challenges can be attached neither by TCX (kernel 6.6) nor by tc; the kernel needs sch_ingress and cls_bpf.", -result);
    }

    /// <summary>Takes the program off the interface; its pin is removed with the others.</summary>
    public void Remove()
    {
        Dispose();
        if (_link is null)
        {
            _ = KernelLink.DetachTcIngress(_ifindex);
        }
    }

    public void Dispose() => _link?.Dispose();
}
