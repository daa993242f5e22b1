namespace Blackwall.Kernel.Abi;

/// <summary>What the kernel programs do when the appliance is silent. Mirrors <c>enum bw_silence</c> of bpf/abi.h.</summary>
public enum Silence : uint
{
    /// <summary>The last policy goes on.</summary>
    Last = 0,

    /// <summary>Everything passes.</summary>
    Open = 1,

    /// <summary>Only who is allowed, and flows that are known.</summary>
    Closed = 2,
}
