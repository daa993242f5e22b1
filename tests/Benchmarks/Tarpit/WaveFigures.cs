using System.Diagnostics;
using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>One command in each of many sessions at once.</summary>
internal sealed class WaveFigures : IFigureGroup
{
    private const int Sessions = 500;

    public string Name => "wave";

    public string Title => $"A wave: 'uname -a' in each of {Sessions} sessions at once";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        await using ConfinedTarpit tarpit = await ConfinedTarpit.StartAsync();
        List<LightSshClient> clients = await Crowd.RunAsync(Sessions, 32, _ => LightSshClient.LogInAsync(tarpit.EndPoint));
        List<double> times = [];
        for (int round = 0; round <= options.Rounds(5); round++)
        {
            List<double> wave = await Crowd.RunAsync(Sessions, Sessions, async number =>
            {
                long start = Stopwatch.GetTimestamp();
                string output = await clients[number].ExecuteAsync("uname -a");
                return output.StartsWith("Linux ", StringComparison.Ordinal) ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : throw new InvalidOperationException($"uname -a wrote '{output}'");
            });

            // The first one warms caches and code.
            times.AddRange(round == 0 ? [] : wave);
        }

        clients.ForEach(client => client.Dispose());
        book.Add(new Figure("a command, p50", times.Median(), "ms", "Cowrie 3.0.9", 2960));
        book.Add(new Figure("a command, p95", times.Quantile(0.95), "ms", "Cowrie 3.0.9", 3050, Budget: 500 / 3050.0));
    }
}
