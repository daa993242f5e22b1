namespace Blackwall.Kernel.Abi;

/// <summary>Parts of the kernel programs that can be switched; <c>BW_FEATURE_*</c> in bpf/abi.h.</summary>
[Flags]
public enum Features : uint
{
    None = 0,
    Entropy = 1,
    Tls = 2,
    Dpi = 4,
    Conntrack = 8,
    Limits = 16,
    Events = 32,
    Syn = 64,
    All = Entropy | Tls | Dpi | Conntrack | Limits | Events | Syn,
}
