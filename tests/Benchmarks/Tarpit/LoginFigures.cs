using System.Diagnostics;
using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>How many clients can log in.</summary>
internal sealed class LoginFigures : IFigureGroup
{
    private const int AtOnce = 32;

    public string Name => "logins";

    public string Title => "Logins: key exchange, password, disconnect; PAM's delays off";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        await using ConfinedTarpit tarpit = await ConfinedTarpit.StartAsync();
        await Crowd.RunAsync(100, AtOnce, _ => LogInAsync(tarpit));
        int count = options.Quick ? 300 : 3000;
        ProcessUsage before = tarpit.Usage();
        long start = Stopwatch.GetTimestamp();
        List<double> times = await Crowd.RunAsync(count, AtOnce, _ => LogInAsync(tarpit));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        book.Add(new Figure("logins a second", count / seconds, "/s", "Cowrie 3.0.9", 78, Budget: 150 / 78.0, AtLeast: true, Note: $"{AtOnce} at once, curve25519, ed25519, chacha20-poly1305; client on the same cores"));
        book.Add(new Figure("processor time of a login", (tarpit.Usage().Cpu - before.Cpu) / count, "ms", "Cowrie 3.0.9", 5.2));
        book.Add(new Figure($"a login with {AtOnce} at once, p95", times.Quantile(0.95), "ms"));
    }

    private static async Task<double> LogInAsync(ConfinedTarpit tarpit)
    {
        long start = Stopwatch.GetTimestamp();
        using LightSshClient client = await LightSshClient.LogInAsync(tarpit.EndPoint);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
