using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Maps;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Benchmarks.Peers;

/// <summary>The least program that does the same job for IPv4 (minimal.bpf.c), with the same lists in it.</summary>
internal sealed class MinimalProgram : IDisposable
{
    private readonly BpfObject _object;

    private MinimalProgram(BpfObject loaded, SafeFileHandle program) => (_object, Program) = (loaded, program);

    public SafeFileHandle Program { get; }

    public static MinimalProgram Load(IReadOnlyList<Prefix> hosts, IReadOnlyList<Prefix> prefixes)
    {
        BpfObject opened = BpfObject.Open(Path.Combine(AppContext.BaseDirectory, "bpf", "minimal.bpf.o"));
        int error = opened.TryLoad(out string log);
        if (error < 0)
        {
            opened.Dispose();
            throw new KernelException($"The minimal program cannot be loaded: {log}", -error);
        }

        BpfMap<RawAddress4, ulong> blocked = new(opened.MapHandle("MINIMAL_HOSTS"), "MINIMAL_HOSTS");
        BpfMap<Prefix4Key, ulong> ranges = new(opened.MapHandle("MINIMAL_PREFIXES"), "MINIMAL_PREFIXES");
        RawAddress4[] addresses = [.. hosts.Select(host => RawAddress4.From(host.Network))];
        Prefix4Key[] keys = [.. prefixes.Select(prefix => new Prefix4Key { Length = prefix.Length, Address = RawAddress4.From(prefix.Network) })];
        if (!blocked.TrySetBatch(addresses, new ulong[addresses.Length]) || !ranges.TrySetBatch(keys, new ulong[keys.Length]))
        {
            throw new KernelException("The minimal program's tables are full.");
        }

        return new MinimalProgram(opened, opened.ProgramHandle("minimal"));
    }

    public void Dispose() => _object.Dispose();
}
