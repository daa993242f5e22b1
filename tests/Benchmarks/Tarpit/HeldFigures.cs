using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>What scanners cost that connect and say nothing.</summary>
internal sealed class HeldFigures : IFigureGroup
{
    private static readonly TimeSpan s_watched = TimeSpan.FromSeconds(20);

    public string Name => "held";

    public string Title => "Held connections: scanners that read the banner and stay silent";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int count = options.Quick ? 1000 : 10_000;
        (double Cpu, double Kilobytes)? endlessh = await MeasureEndlesshAsync(count);
        await using (TarpitNode node = await TarpitNode.StartAsync())
        {
            // The first connections load code and tables.
            Close(await HoldAsync(node.EndPoint, 100));
            long before = await node.HeapAsync();
            List<Socket> held = await HoldAsync(node.EndPoint, count);
            book.Add(new Figure("heap of a held connection", ((await node.HeapAsync()) - before) / 1024.0 / count, "KB", Budget: 2, Note: "live objects, in a process that is not confined"));
            Close(held);
        }

        await using ConfinedTarpit tarpit = await ConfinedTarpit.StartAsync();
        Close(await HoldAsync(tarpit.EndPoint, 100));
        long resident = (await ProcessUsage.ReadAtRestAsync(tarpit.ProcessId)).Resident;
        List<Socket> all = await HoldAsync(tarpit.EndPoint, count);
        ProcessUsage start = await ProcessUsage.ReadAtRestAsync(tarpit.ProcessId);
        await Task.Delay(s_watched, TimeProvider.System);
        ProcessUsage end = tarpit.Usage();
        Close(all);
        book.Add(new Figure("resident memory of a held connection", (start.Resident - resident) / 1024.0 / count, "KB", endlessh is null ? null : "endlessh 1.1", endlessh?.Kilobytes));
        book.Add(new Figure($"one core's time for {count:#,0} of them", (end.Cpu - start.Cpu) / s_watched.TotalMilliseconds * 100, "%", endlessh is null ? null : "endlessh 1.1", endlessh?.Cpu, Budget: endlessh is null ? 2 : null));
    }

    // Debian's package, where it is installed; null: it is not.
    private static async Task<(double Cpu, double Kilobytes)?> MeasureEndlesshAsync(int count)
    {
        const string program = "/usr/bin/endlessh";
        if (!File.Exists(program))
        {
            return null;
        }

        int port;
        using (Socket free = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port = ((IPEndPoint)free.LocalEndPoint!).Port;
        }

        using Process process = Process.Start(new ProcessStartInfo(program, ["-4", "-p", port.ToString(CultureInfo.InvariantCulture), "-m", "20000", "-f", "/dev/null"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            IPEndPoint server = new(IPAddress.Loopback, port);
            await WaitForListenerAsync(server);
            long before = ProcessUsage.Read(process.Id).Resident;
            List<Socket> held = await ConnectAsync(server, count);
            ProcessUsage start = await ProcessUsage.ReadAtRestAsync(process.Id);
            await Task.Delay(s_watched, TimeProvider.System);
            ProcessUsage end = ProcessUsage.Read(process.Id);
            Close(held);
            return ((end.Cpu - start.Cpu) / s_watched.TotalMilliseconds * 100, (end.Resident - before) / 1024.0 / count);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task WaitForListenerAsync(IPEndPoint server)
    {
        for (int i = 0; ; i++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(server);
                return;
            }
            catch (SocketException) when (i < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    private static async Task<List<Socket>> HoldAsync(IPEndPoint server, int count)
    {
        List<Socket> sockets = await ConnectAsync(server, count);
        byte[] banner = new byte[256];
        foreach (Socket socket in sockets)
        {
            await socket.ReceiveAsync(banner);
        }

        return sockets;
    }

    private static async Task<List<Socket>> ConnectAsync(IPEndPoint server, int count) => await Crowd.RunAsync(count, 64, async _ =>
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server);
        return socket;
    });

    private static void Close(List<Socket> sockets) => sockets.ForEach(socket => socket.Dispose());
}
