namespace Blackwall.Kernel.Interop;

/// <summary><c>enum bpf_map_type</c> of the kernel, as far as used.</summary>
internal enum MapKind
{
    Hash = 1,
    Array = 2,
    ProgArray = 3,
    PerCpuArray = 6,
    LruHash = 9,
    LpmTrie = 11,
    ArrayOfMaps = 12,
    RingBuffer = 27,
}
