using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Blackwall.Kernel;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Maps;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Benchmarks.Programs;

/// <summary>The programs of bench.bpf.c: nothing at all, a change of source before another program, a packet generator, an event writer.</summary>
internal sealed class BenchPrograms : IDisposable
{
    private readonly BpfObject _object;
    private readonly BpfMap<uint, BenchPlan> _plan;
    private readonly BpfMap<uint, uint> _sources;

    private BenchPrograms(BpfObject loaded)
    {
        _object = loaded;
        _plan = new(loaded.MapHandle("PLAN"), "PLAN");
        _sources = new(loaded.MapHandle("SOURCES"), "SOURCES");
    }

    public SafeFileHandle Empty => _object.ProgramHandle("empty");

    /// <summary>A socket filter that lets nothing through.</summary>
    public SafeFileHandle Refuse => _object.ProgramHandle("refuse");

    public SafeFileHandle Rotate => _object.ProgramHandle("rotate");

    public SafeFileHandle Generate => _object.ProgramHandle("generate");

    public SafeFileHandle Produce => _object.ProgramHandle("produce");

    /// <param name="wall">Its EVENTS ring is what <see cref="Produce"/> writes to; null: a ring of its own.</param>
    public static BenchPrograms Load(KernelPrograms? wall = null)
    {
        BpfObject loaded = BpfObject.Open(Path.Combine(AppContext.BaseDirectory, "bpf", "bench.bpf.o"));

        // Programs reached by tail call must agree with their caller about multi-buffer frames.
        loaded.SetFrags(wall?.TakesFrags ?? false);
        if (wall is not null)
        {
            using SafeFileHandle events = wall.Map("EVENTS");
            loaded.Reuse("EVENTS", events);
        }

        int error = loaded.TryLoad(out string log);
        return error < 0 ? throw new KernelException($"The bench programs cannot be loaded: {log}", -error) : new BenchPrograms(loaded);
    }

    /// <summary>Begins anew with these sources, in turn.</summary>
    /// <param name="frame">The IPv4 frame that will be sent.</param>
    /// <param name="sources">A power of two of IPv4 addresses.</param>
    /// <param name="interfaceIndex">Where <see cref="Generate"/> sends to.</param>
    public void Plan(byte[] frame, IReadOnlyList<Address> sources, int interfaceIndex = 0)
    {
        uint[] keys = [.. Enumerable.Range(0, sources.Count).Select(i => (uint)i)];
        uint[] values = [.. sources.Select(s => BinaryPrimitives.ReverseEndianness(s.V4))];
        _sources.TrySetBatch(keys, values);
        Plan(frame, SourceKind.FromList, interfaceIndex, (uint)sources.Count - 1);
    }

    /// <summary>Begins anew with sources that are computed.</summary>
    public void Plan(byte[] frame, SourceKind kind, int interfaceIndex = 0, uint mask = 0) =>
        _plan.Set(0u, new BenchPlan { Kind = kind, Mask = mask, InterfaceIndex = (uint)interfaceIndex, HeaderSum = HeaderSum(frame), Target = BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(30)) });

    /// <summary>What <see cref="Rotate"/> goes on to.</summary>
    public void Next(SafeFileHandle program)
    {
        uint slot = 0;
        uint fd = (uint)program.DangerousGetHandle();
        int result = BpfSyscall.Update(_object.MapHandle("NEXT"), MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in slot)), MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in fd)), 0);
        if (result < 0)
        {
            throw new KernelException("The program cannot be reached by tail call.", -result);
        }
    }

    public void Dispose() => _object.Dispose();

    // The kernel sums 16-bit words as they lie in memory, and so does the program.
    private static uint HeaderSum(byte[] frame)
    {
        const int header = 14;
        uint sum = 0;
        for (int i = 0; i < 20; i += 2)
        {
            if (i is not (10 or 12 or 14))
            {
                sum += BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(header + i));
            }
        }

        return (sum & 0xffff) + (sum >> 16);
    }
}
