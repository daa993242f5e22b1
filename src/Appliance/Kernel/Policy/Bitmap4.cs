using Blackwall.Kernel.Interop;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Policy;

/// <summary>One bit a /24: set when a prefix reaches into it. Written in place; bits are only ever added within a generation.</summary>
internal sealed class Bitmap4 : IDisposable
{
    private const uint Words = 1 << 18;
    private const uint Mmapable = 1 << 10; // BPF_F_MMAPABLE
    private readonly MappedArray _memory;

    public Bitmap4()
    {
        Handle = BpfSyscall.Create(MapKind.Array, "bitmap4", sizeof(uint), sizeof(ulong), Words, Mmapable, out int error);
        if (error < 0)
        {
            throw new KernelException("Cannot create the IPv4 prefix bitmap.", -error);
        }

        _memory = new MappedArray(Handle);
    }

    public SafeFileHandle Handle { get; }

    public void Add(Prefix prefix)
    {
        uint first = prefix.Network.V4 >> 8;
        uint last = prefix.Last.V4 >> 8;
        Span<ulong> words = _memory.Words;
        for (uint bit = first; bit <= last;)
        {
            // Whole words at once: a /8 is 65,536 bits.
            if ((bit & 63) == 0 && last - bit >= 63)
            {
                words[(int)(bit >> 6)] = ulong.MaxValue;
                bit += 64;
                continue;
            }

            words[(int)(bit >> 6)] |= 1ul << (int)(bit & 63);
            bit++;
        }
    }

    public void Dispose()
    {
        _memory.Dispose();
        Handle.Dispose();
    }
}
