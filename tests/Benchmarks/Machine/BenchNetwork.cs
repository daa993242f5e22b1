using Blackwall.Kernel;
using Blackwall.Kernel.Interop;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Benchmarks.Machine;

/// <summary>Two namespaces with a veth between them and no way out: packets go from <see cref="Outside"/> to <see cref="Edge"/>.</summary>
internal sealed class BenchNetwork : IAsyncDisposable
{
    public const string EdgeAddress = "198.18.0.1";
    public const string OutsideAddress = "198.18.0.2";

    private readonly RunFolder _run;

    private BenchNetwork(RunFolder run, string suffix)
    {
        _run = run;
        Outside = new NetNamespace($"{run.Name}-o{suffix}", run.Path);
        Edge = new NetNamespace($"{run.Name}-e{suffix}", run.Path);
        Sender = $"bwo{Environment.ProcessId % 100_000}{suffix}";
        Receiver = $"bwe{Environment.ProcessId % 100_000}{suffix}";
    }

    public NetNamespace Outside { get; }

    public NetNamespace Edge { get; }

    /// <summary>The interface outside. Unique on the machine: kernel threads are named after interfaces.</summary>
    public string Sender { get; }

    /// <summary>The interface that is guarded.</summary>
    public string Receiver { get; }

    public RunFolder Run => _run;

    /// <param name="run">Whose folder and name to use.</param>
    /// <param name="suffix">One letter, different for each network of a run.</param>
    public static async Task<BenchNetwork> CreateAsync(RunFolder run, string suffix)
    {
        BenchNetwork network = new(run, suffix);
        try
        {
            await Tool.RunAsync(["ip", "netns", "add", network.Outside.Name]);
            await Tool.RunAsync(["ip", "netns", "add", network.Edge.Name]);

            // The addresses are those of the frames that Frame builds. One queue each, so that one NAPI thread takes everything.
            await Tool.RunAsync(
            [
                "ip", "-n", network.Outside.Name, "link", "add", network.Sender, "numrxqueues", "1", "numtxqueues", "1", "type", "veth",
                "peer", "name", network.Receiver, "numrxqueues", "1", "numtxqueues", "1", "netns", network.Edge.Name,
            ]);
            await network.Outside.ConfigureAsync("link set lo up", $"link set {network.Sender} address 02:00:00:00:00:02", $"address add {OutsideAddress}/15 dev {network.Sender}", $"link set {network.Sender} up");
            await network.Edge.ConfigureAsync("link set lo up", $"link set {network.Receiver} address 02:00:00:00:00:01", $"address add {EdgeAddress}/15 dev {network.Receiver}", $"link set {network.Receiver} up");
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Attaches a program natively to the guarded interface; it stays until the link is disposed.</summary>
    public SafeFileHandle Attach(SafeFileHandle program) => Edge.Do(() =>
        KernelLink.TryAttachXdp(program, Index(Receiver), XdpMode.Native, out int errno) ?? throw new KernelException($"{Receiver} refuses the program.", errno));

    /// <summary>Attaches a program to what leaves the guarded interface.</summary>
    public SafeFileHandle AttachEgress(SafeFileHandle program) => Edge.Do(() =>
        KernelLink.TryAttachTcx(program, Index(Receiver), out int errno) ?? throw new KernelException($"{Receiver} refuses the egress program.", errno));

    /// <summary>Index of an interface in the namespace of the calling thread.</summary>
    public static int Index(string name) => (int)BpfSyscall.InterfaceIndex(name);

    public async ValueTask DisposeAsync()
    {
        await LabCleaner.RemoveAsync(Outside);
        await LabCleaner.RemoveAsync(Edge);
    }
}
