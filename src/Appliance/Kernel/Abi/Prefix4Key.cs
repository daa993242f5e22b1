using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Key of an IPv4 longest-prefix trie. Mirrors <c>struct bw_prefix4</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_prefix4")]
public struct Prefix4Key
{
    public uint Length;
    public RawAddress4 Address;
}
