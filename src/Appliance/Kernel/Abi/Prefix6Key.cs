using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Key of an IPv6 longest-prefix trie. Mirrors <c>struct bw_prefix6</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_prefix6")]
public struct Prefix6Key
{
    public uint Length;
    public RawAddress Address;
}
