using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Source network, class and scope of a rate limit. Mirrors <c>struct bw_bucket_key</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_bucket_key")]
public struct BucketKey
{
    public RawAddress Network;
    public RateClass Class;
    public RateScope Scope;
    private readonly byte _pad0;
    private readonly byte _pad1;
    private readonly byte _pad2;
    private readonly byte _pad3;
    private readonly byte _pad4;
    private readonly byte _pad5;
}
