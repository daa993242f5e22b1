using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel.Events;

/// <summary>Reads a record in place and hands it on: no copy, no allocation.</summary>
internal struct EventRouter(IKernelEventSink sink, bool samples) : MappedRing.ISink
{
    /// <summary>Records of a size that no version of the programs writes.</summary>
    public long Unreadable;

    public long Taken;

    public void OnRecord(ReadOnlySpan<byte> record)
    {
        Taken++;
        if (!samples)
        {
            // The kernel rounds nothing: an event has exactly its struct's size.
            if (record.Length == Unsafe.SizeOf<PacketEvent>())
            {
                sink.Observe(in MemoryMarshal.AsRef<PacketEvent>(record));
                return;
            }
        }
        else if (record.Length >= Unsafe.SizeOf<SampleHeader>())
        {
            ref readonly SampleHeader header = ref MemoryMarshal.AsRef<SampleHeader>(record);
            ReadOnlySpan<byte> data = record[Unsafe.SizeOf<SampleHeader>()..];
            if (header.DataLength <= data.Length)
            {
                sink.Observe(in header, data[..header.DataLength]);
                return;
            }
        }

        Unreadable++;
    }
}
