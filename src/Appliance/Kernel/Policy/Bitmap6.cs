using Blackwall.Kernel.Interop;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Policy;

/// <summary>One bit a hash of the first 32 bits of an IPv6 prefix; one word says that a shorter prefix exists, for then every source must ask the trie.</summary>
internal sealed class Bitmap6 : IDisposable
{
    private const int Bits = 20;
    private const int ShortWord = 1 << (Bits - 6);
    private const uint Mmapable = 1 << 10; // BPF_F_MMAPABLE
    private readonly MappedArray _memory;

    public Bitmap6()
    {
        Handle = BpfSyscall.Create(MapKind.Array, "bitmap6", sizeof(uint), sizeof(ulong), ShortWord + 1, Mmapable, out int error);
        if (error < 0)
        {
            throw new KernelException("Cannot create the IPv6 prefix bitmap.", -error);
        }

        _memory = new MappedArray(Handle);
    }

    public SafeFileHandle Handle { get; }

    public void Add(Prefix prefix)
    {
        if (prefix.Length < 32)
        {
            _memory.Words[ShortWord] = 1;
            return;
        }

        // Fibonacci hashing, as bitmap6_bit() of bpf/policy.h does it.
        uint bit = unchecked((uint)(prefix.Network.Value >> 96) * 2654435761u) >> (32 - Bits);
        _memory.Words[(int)(bit >> 6)] |= 1ul << (int)(bit & 63);
    }

    public void Dispose()
    {
        _memory.Dispose();
        Handle.Dispose();
    }
}
