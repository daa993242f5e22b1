using System.Runtime.InteropServices;

namespace Blackwall.Benchmarks.Programs;

/// <summary>Mirrors <c>struct plan</c> of bench.bpf.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BenchPlan
{
    public ulong Count;
    public SourceKind Kind;
    public uint Mask;
    public uint InterfaceIndex;
    public uint HeaderSum;
    public uint Target;
    public uint Padding;
}
