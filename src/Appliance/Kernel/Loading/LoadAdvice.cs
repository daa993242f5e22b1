using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel.Loading;

/// <summary>Says in one sentence why the kernel refused a program, and what to do. Pure.</summary>
internal static class LoadAdvice
{
    /// <summary>Oldest kernel whose verifier takes the programs.</summary>
    public static readonly Version OldestKernel = new(5, 15);

    private const int NetAdmin = 12;
    private const int SysAdmin = 21;
    private const int Perfmon = 38;
    private const int Bpf = 39;

    /// <param name="errno">Positive.</param>
    /// <param name="log">What verifier and libbpf said.</param>
    /// <param name="facts">The kernel, and what this process may do.</param>
    public static string For(int errno, string log, KernelFacts facts)
    {
        bool forbidden = errno is Errno.NotPermitted or Errno.Access;
        string[] missing = [.. Missing(facts.Capabilities)];
        return facts switch
        {
            { Release: { } release } when release < OldestKernel => $"this kernel is Linux {release}, and Blackwall needs {OldestKernel} or later; boot a newer one",
            { HasBtf: false } => "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF; /sys/kernel/btf/vmlinux is missing), which the programs need; boot a kernel of your distribution, they have it",
            _ when forbidden && missing.Length > 0 => $"it needs {string.Join(" and ", missing)}; run it as root, or name them in AmbientCapabilities= and CapabilityBoundingSet= of the service (a container: --cap-add)",
            { Lockdown: "confidentiality" } when forbidden => "the kernel is locked down for confidentiality, which forbids programs that read packets' flows; boot with lockdown=integrity or without lockdown",
            _ when forbidden && !log.Contains("processed", StringComparison.Ordinal) => "something forbids bpf(2), such as a system call filter (of the service or container) or a security module; allow it there",
            _ when errno == Errno.NoMemory => "the kernel has no memory left for the tables; make them smaller in [kernel]",
            _ => "the kernel's verifier or libbpf refused it; report that with the log",
        };
    }

    // CAP_SYS_ADMIN stands for the two that were split off it in Linux 5.8.
    private static IEnumerable<string> Missing(ulong capabilities)
    {
        bool Has(int capability) => (capabilities & (1UL << capability)) != 0;
        if (!Has(Bpf) && !Has(SysAdmin))
        {
            yield return "CAP_BPF";
        }

        if (!Has(Perfmon) && !Has(SysAdmin))
        {
            yield return "CAP_PERFMON";
        }

        if (!Has(NetAdmin))
        {
            yield return "CAP_NET_ADMIN";
        }
    }
}
