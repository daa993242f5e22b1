using System.Runtime.InteropServices;
using Blackwall.Kernel;
using Blackwall.Kernel.Interop;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Benchmarks.Peers;

/// <summary>
/// xdp-filter with all features on an interface, in mount and network namespaces of its own: its pins are private and go with it.
/// </summary>
internal sealed class XdpFilter : IAsyncDisposable
{
    /// <summary>What its map takes.</summary>
    public const int Capacity = 10_000;

    private const byte DenySource = 1; // MAP_FLAG_SRC of its sources

    private readonly RunningTool _shell;
    private readonly string _folder;

    private XdpFilter(RunningTool shell, string folder, SafeFileHandle program)
    {
        _shell = shell;
        _folder = folder;
        Program = program;
    }

    public SafeFileHandle Program { get; }

    public static async Task<XdpFilter> StartAsync(NetNamespace network, string interfaceName)
    {
        // ip netns exec makes the mount namespace; the shell keeps it alive.
        string script = $"mount -t bpf bpf /sys/fs/bpf && xdp-filter load -m native -f all {interfaceName} && echo loaded && exec sleep 3600";
        RunningTool shell = RunningTool.Start(["ip", "netns", "exec", network.Name, "sh", "-c", script]);
        try
        {
            await Tool.UntilAsync(() => Task.FromResult(shell.HasExited || shell.Output.Contains("loaded", StringComparison.Ordinal)), TimeSpan.FromSeconds(20), CancellationToken.None);
            string folder = $"/proc/{shell.Id}/root/sys/fs/bpf/xdp-filter";
            string[] programs = Directory.Exists(folder) ? Directory.GetFiles(Path.Combine(folder, "programs", interfaceName)) : [];
            if (shell.HasExited || programs.Length != 1)
            {
                throw new ToolFailedException($"xdp-filter cannot be loaded: {shell.Errors.Trim()}");
            }

            return new XdpFilter(shell, folder, Open(programs[0]));
        }
        catch
        {
            await shell.DisposeAsync();
            throw;
        }
    }

    /// <summary>Denies these sources. Through its map: its command takes 30 ms an address.</summary>
    public void Deny(IEnumerable<Address> sources)
    {
        using SafeFileHandle map = Open(Path.Combine(_folder, "filter_ipv4"));
        ulong[] values = new ulong[BpfSyscall.PossibleCpus()];
        Array.Fill(values, DenySource);
        byte[] key = new byte[4];
        foreach (Address source in sources)
        {
            source.WriteFamilyBytes(key);
            int result = BpfSyscall.Update(map, key, MemoryMarshal.AsBytes<ulong>(values), 0);
            if (result < 0)
            {
                throw new KernelException("xdp-filter's map takes no more.", -result);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Program.Dispose();
        await _shell.DisposeAsync();
    }

    private static SafeFileHandle Open(string path)
    {
        SafeFileHandle handle = BpfSyscall.Open(path);
        return handle.IsInvalid ? throw new KernelException($"{path} cannot be opened.") : handle;
    }
}
