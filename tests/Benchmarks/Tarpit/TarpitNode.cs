using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Tarpit;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Runtime;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>A tarpit in a process of its own that is not confined, so that it can tell what its heap holds.</summary>
internal sealed class TarpitNode : IAsyncDisposable
{
    private readonly Process _process;

    private TarpitNode(Process process, int port) => (_process, EndPoint) = (process, new IPEndPoint(IPAddress.Loopback, port));

    public IPEndPoint EndPoint { get; }

    public int ProcessId => _process.Id;

    public static async Task<TarpitNode> StartAsync()
    {
        Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(TarpitNode).Assembly.Location, "tarpit-node"] : ["tarpit-node"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        return new TarpitNode(process, int.Parse(await process.StandardOutput.ReadLineAsync() ?? "", CultureInfo.InvariantCulture));
    }

    /// <summary>Bytes of live objects on its heap.</summary>
    public async Task<long> HeapAsync()
    {
        await _process.StandardInput.WriteLineAsync("heap");
        return long.Parse(await _process.StandardOutput.ReadLineAsync() ?? "", CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>The process itself: its port first, then its heap for each line.</summary>
    public static async Task<int> RunAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        using TarpitRuntime runtime = new(ConfinedTarpit.Settings, TarpitIdentity.Create(TimeProvider.System), new NoRecords(), new Port22(), TimeProvider.System);
        using CancellationTokenSource stop = new();
        Task run = runtime.RunAsync([listener], stop.Token);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(GC.GetTotalMemory(forceFullCollection: true));
        }

        await stop.CancelAsync();
        await run;
        return 0;
    }

    private sealed class Port22 : IOriginalDestinations
    {
        public ValueTask<IPEndPoint?> FindAsync(IPEndPoint remote, IPEndPoint local, CancellationToken cancellation) => new(new IPEndPoint(IPAddress.Parse("192.0.2.22"), 22));
    }

    private sealed class NoRecords : IRecorder, ISessionLog
    {
        public string Id => "000000000000";

        public ISessionLog BeginSession() => this;

        public void Record(Observation observation)
        {
            // Only memory of connections is measured.
        }

        public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes)
        {
            // As above.
        }

        public string SaveFile(string name, ReadOnlySpan<byte> content) => "";
    }
}
