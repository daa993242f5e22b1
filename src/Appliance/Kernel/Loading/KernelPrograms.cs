using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Links;
using Blackwall.Kernel.Maps;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Loading;

/// <summary>Both objects, loaded, with their maps shared. Nothing is attached yet.</summary>
internal sealed class KernelPrograms : IDisposable
{
    private const string ConstantsSection = ".rodata.config";
    private static readonly string[] InspectionPrograms = ["dpi_inspect", "dpi_http", "dpi_dns", "dpi_ssh", "dpi_hello", "dpi_quic"];

    private readonly BpfObject _ingress;
    private readonly BpfObject _egress;

    private KernelPrograms(BpfObject ingress, BpfObject egress, bool frags, Answers answers, IReadOnlyList<string> reused)
    {
        _ingress = ingress;
        _egress = egress;
        TakesFrags = frags;
        Answers = answers;
        Reused = reused;
        Ingress = ingress.ProgramHandle("ingress");
        Egress = egress.ProgramHandle("egress");
        Answer = egress.ProgramHandle("answer");
        Active = new(ingress.MapHandle("ACTIVE"), "ACTIVE");
        Settings = new(ingress.MapHandle("SETTINGS"), "SETTINGS");
        Target = new(ingress.MapHandle("TARPIT_TARGET"), "TARPIT_TARGET");
        Nat = new(ingress.MapHandle("NAT_TABLE"), "NAT_TABLE");
        NatReverse = new(ingress.MapHandle("NAT_REVERSE"), "NAT_REVERSE");
        Gates = new(ingress.MapHandle("GATES"), "GATES");
        Verified = new(ingress.MapHandle("CONN_TRACK"), "CONN_TRACK");
        HalfOpen = new(ingress.MapHandle("HALF_OPEN"), "HALF_OPEN");
        Asked = new(ingress.MapHandle("ASKED"), "ASKED");
        Proven = new(ingress.MapHandle("PROVEN"), "PROVEN");
        Counters = new PerCpuCounters(ingress.MapHandle("COUNTERS"));
    }

    public SafeFileHandle Ingress { get; }

    public SafeFileHandle Egress { get; }

    /// <summary>How challenges leave.</summary>
    public Answers Answers { get; }

    /// <summary>The tc program on ingress that sends challenges where XDP cannot.</summary>
    public SafeFileHandle Answer { get; }

    /// <summary>Whether the programs take multi-buffer frames.</summary>
    public bool TakesFrags { get; }

    /// <summary>Maps taken over from an earlier process.</summary>
    public IReadOnlyList<string> Reused { get; }

    public BpfMap<uint, ActiveGeneration> Active { get; }

    public BpfMap<uint, Settings> Settings { get; }

    public BpfMap<uint, TarpitTarget> Target { get; }

    public BpfMap<FlowKey, NatValue> Nat { get; }

    public BpfMap<FlowKey, NatReverseValue> NatReverse { get; }

    public BpfMap<FlowKey, Flow> Verified { get; }

    public BpfMap<FlowKey, Flow> HalfOpen { get; }

    /// <summary>Datagram flows that our side opened.</summary>
    public BpfMap<FlowKey, Flow> Asked { get; }

    public BpfMap<RawAddress, ulong> Proven { get; }

    /// <summary>Indexes of the guarded interfaces.</summary>
    public BpfMap<uint, uint> Gates { get; }

    public PerCpuCounters Counters { get; }

    /// <summary>Key of the challenges.</summary>
    public required (ulong First, ulong Second) ChallengeKey { get; init; }

    /// <summary>Maps that programs share and that outlive the process; the data sections of an object are its own.</summary>
    public IEnumerable<string> MapNames => _ingress.MapNames().Where(IsShared);

    public static KernelPrograms Load(LoadOptions options)
    {
        BpfObject? ingress = null;
        BpfObject? egress = null;
        try
        {
            (ulong First, ulong Second) key = options.Shared?.ChallengeKey ?? options.ChallengeKey ?? (RandomKey(), RandomKey());
            Constants constants = new()
            {
                VirtualClock = options.VirtualClock ? 1u : 0u,
                NoEthernet = options.LinkLayer == LinkLayer.None ? 1u : 0u,
                Checksums = options.Checksums,
                Answers = options.Answers,
                Gates = options.HasOtherGates ? 1u : 0u,
                ChallengeKey0 = key.First,
                ChallengeKey1 = key.Second,
            };
            bool frags = true;
            List<string> reused = [];
            ingress = LoadIngress(options, constants, frags, reused, out int error, out string log);
            if (error < 0)
            {
                // Kernels before 5.18, and drivers without multi-buffer support, load the program without them.
                ingress.Dispose();
                frags = false;
                reused.Clear();
                ingress = LoadIngress(options, constants, frags, reused, out error, out log);
                ThrowIfRefused("ingress", error, log, options.LogFolder);
            }

            egress = BpfObject.Open(Path.Combine(options.ObjectFolder, "egress.bpf.o"));
            egress.SetConstants(ConstantsSection, MemoryMarshal.AsBytes(new ReadOnlySpan<Constants>(in constants)));
            HashSet<string> shared = ingress.MapNames().ToHashSet(StringComparer.Ordinal);
            foreach (string name in egress.MapNames().Where(n => IsShared(n) && shared.Contains(n)))
            {
                egress.Reuse(name, ingress.MapHandle(name));
            }

            ThrowIfRefused("egress", egress.TryLoad(out log), log, options.LogFolder);
            KernelPrograms programs = new(ingress, egress, frags, options.Answers, reused) { ChallengeKey = key };
            programs.FillInspectionSlots();
            return programs;
        }
        catch
        {
            egress?.Dispose();
            ingress?.Dispose();
            throw;
        }
    }

    public SafeFileHandle Map(string name) => _ingress.MapHandle(name);

    public SafeFileHandle Program(string name) => _ingress.ProgramHandle(name);

    public MappedRing Ring(string name) => new(_ingress.MapHandle(name));

    public MappedArray Mapped(string name) => new(_ingress.MapHandle(name));

    public void Dispose()
    {
        _egress.Dispose();
        _ingress.Dispose();
    }

    private static BpfObject LoadIngress(LoadOptions options, Constants constants, bool frags, List<string> reused, out int error, out string log)
    {
        BpfObject ingress = BpfObject.Open(Path.Combine(options.ObjectFolder, "ingress.bpf.o"));
        ingress.SetConstants(ConstantsSection, MemoryMarshal.AsBytes(new ReadOnlySpan<Constants>(in constants)));
        ingress.SetFrags(frags);
        foreach ((string name, uint entries) in options.TableSizes)
        {
            ingress.SetEntries(name, entries);
        }

        foreach (string name in ingress.MapNames().Where(IsShared))
        {
            if (options.Shared is { } other && !options.OwnMaps.Contains(name, StringComparer.Ordinal))
            {
                ingress.Reuse(name, other.Map(name));
                continue;
            }

            using SafeFileHandle? existing = options.Existing(name);
            if (existing is { IsInvalid: false })
            {
                ingress.Reuse(name, existing);
                reused.Add(name);
            }
        }

        error = ingress.TryLoad(out log);
        return ingress;
    }

    private static void ThrowIfRefused(string program, int error, string log, string folder)
    {
        if (error >= 0)
        {
            return;
        }

        string advice = LoadAdvice.For(-error, log, KernelFacts.Read());
        string file = Path.Combine(folder, $"verifier-{program}.log");
        try
        {
            File.WriteAllText(file, log);
        }
        catch (IOException)
        {
            file = "nowhere: the log folder cannot be written";
        }

        throw new KernelException($"The {program} program cannot be loaded: {advice}. What it said is in {file}", -error);
    }

    private static bool IsShared(string map) => !map.Contains('.', StringComparison.Ordinal);

    private static ulong RandomKey()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return Unsafe.ReadUnaligned<ulong>(ref MemoryMarshal.GetReference(bytes));
    }

    private void FillInspectionSlots()
    {
        for (uint slot = 0; slot < InspectionPrograms.Length; slot++)
        {
            uint fd = (uint)_ingress.ProgramHandle(InspectionPrograms[slot]).DangerousGetHandle();
            int result = BpfSyscall.Update(
                Map("PROG_ARRAY"),
                MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in slot)),
                MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in fd)),
                0);
            if (result < 0)
            {
                throw new KernelException($"Program {InspectionPrograms[slot]} cannot be put into PROG_ARRAY.", -result);
            }
        }
    }
}
