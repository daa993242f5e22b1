using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>What logged-in sessions hold while nobody types.</summary>
internal sealed class SessionFigures : IFigureGroup
{
    public string Name => "sessions";

    public string Title => "Memory: logged-in sessions at a terminal, idle";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int count = options.Quick ? 300 : 2000;
        await MeasureAsync(count, "none", "an idle session", 64, book);
        await MeasureAsync(options.Quick ? 100 : 500, "zlib@openssh.com", "an idle session with compression", null, book);
    }

    private static async Task MeasureAsync(int count, string compression, string name, double? budget, FigureBook book)
    {
        await using ConfinedTarpit tarpit = await ConfinedTarpit.StartAsync();

        // What the first sessions load stays.
        await OpenAndCloseAsync(tarpit, 100, compression);
        long before = (await ProcessUsage.ReadAtRestAsync(tarpit.ProcessId)).Resident;
        List<LightSshClient> clients = await OpenAsync(tarpit, count, compression);
        ProcessUsage during = await ProcessUsage.ReadAtRestAsync(tarpit.ProcessId);
        book.Add(new Figure(name, (during.Resident - before) / 1024.0 / count, "KB", "Cowrie 3.0.9", 194, Budget: budget / 194, Note: $"resident memory of the process divided by {count:#,0} sessions that typed one command"));
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        double cpu = (tarpit.Usage().Cpu - during.Cpu) / 50;
        book.Add(new Figure($"one core's time for {count:#,0} of them", cpu, "%"));
        clients.ForEach(client => client.Dispose());

        // Connections end when the last bytes are acknowledged or two seconds later; memory is released at the tick behind that.
        await Task.Delay(TimeSpan.FromSeconds(12), TimeProvider.System);
        long after = (await ProcessUsage.ReadAtRestAsync(tarpit.ProcessId)).Resident;
        book.Add(new Figure("resident memory when they are closed, beside before", after * 100.0 / before, "%", Budget: 115, Note: "Cowrie gives nothing back"));
    }

    private static Task<List<LightSshClient>> OpenAsync(ConfinedTarpit tarpit, int count, string compression) => Crowd.RunAsync(count, 16, async _ =>
    {
        LightSshClient client = await LightSshClient.LogInAsync(tarpit.EndPoint, compression);
        await client.OpenShellAsync();
        await client.TypeAsync("uname -a");
        return client;
    });

    private static async Task OpenAndCloseAsync(ConfinedTarpit tarpit, int count, string compression) =>
        (await OpenAsync(tarpit, count, compression)).ForEach(client => client.Dispose());
}
