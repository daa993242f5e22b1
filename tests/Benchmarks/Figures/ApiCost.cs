using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Benchmarks.Figures;

/// <summary>What the control plane costs, with few and with many decisions.</summary>
internal sealed class ApiCost : IFigures
{
    private const int Few = 10_000, Many = 1_000_000, Connections = 8, CheckedAtOnce = 1000;

    public string Name => "api";

    public string Title => "The control plane (real appliance, HTTP keep-alive, a key; client on the same machine)";

    public async Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        StoredBoard.Fill(BenchAppliance.StateFolder(run, "few"), Scopes(Few));
        StoredBoard.Fill(BenchAppliance.StateFolder(run, "many"), Scopes(Many));
        await using BenchControl few = await BenchControl.StartAsync(run, "few");
        await using BenchControl many = await BenchControl.StartAsync(run, "many");
        TimeSpan watched = TimeSpan.FromSeconds(options.Quick ? 2 : 6);

        foreach ((string what, string path, int count) in new[] { ("a rule", "rules", Many), ("a decision", "decisions", Many) })
        {
            await ReadsAsync(many, watched / 2, i => Path(path, i, count));
            double rate = await ReadsAsync(many, watched, i => Path(path, i, count));
            book.Add(new($"reads of {what}, 1M decisions", rate, "req/s", Budget: 5_000, AtLeast: true, Note: $"{Connections} connections"));
        }

        (double fewPage, double manyPage) = await InTurnAsync(options, few, many, PageAsync);
        book.Add(new("page of 100 decisions by cursor, 1M", manyPage, "ms", "10k", fewPage, Budget: 1.5, Note: "random cursors, median of the rounds"));

        // Warm, and then by CPU time of the process: what else runs here does not count.
        (double fewCheck, double manyCheck) = await InTurnAsync(options, few, many, CheckCpuAsync);
        book.Add(new("check of an address, CPU, 1M with prefixes", manyCheck, "ms", Budget: 0.5, Note: $"{CheckedAtOnce} addresses a request, half of them in a blocked prefix or host"));
        book.Add(new("check of an address, 1M against 10k", manyCheck, "ms", "10k", fewCheck, Budget: 1.5));

        List<double> delays = await EventDelaysAsync(many, options.Quick ? 100 : 500);
        book.Add(new("event after the decision's request, p50", delays.Quantile(0.5), "ms"));
        book.Add(new("event after the decision's request, p99", delays.Quantile(0.99), "ms", Budget: 100, Note: "from before the POST to the event's line at the client, 1M decisions"));
    }

    private static IEnumerable<Prefix> Scopes(int count) => SamplePolicy.Hosts(count - (count / 10)).Concat(SamplePolicy.Prefixes4(count / 10)).Distinct();

    // Scattered over all ids.
    private static string Path(string list, long number, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{list}/{VerdictBoard.FirstStoredId + (number * 7919 % (count * 9 / 10))}");

    private static async Task<double> ReadsAsync(BenchControl appliance, TimeSpan watched, Func<long, string> path)
    {
        long done = 0;
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < watched)
            {
                using HttpResponseMessage answer = await appliance.Http.GetAsync(new Uri(path(Interlocked.Increment(ref done)), UriKind.Relative));
                answer.EnsureSuccessStatusCode();
            }
        })));
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<(double Few, double Many)> InTurnAsync(BenchOptions options, BenchControl few, BenchControl many, Func<BenchControl, int, Task<double>> measure)
    {
        List<double> ofFew = [], ofMany = [];
        for (int round = 0; round <= options.Rounds(9); round++)
        {
            double one = await measure(few, Few);
            double other = await measure(many, Many);
            if (round > 0)
            {
                ofFew.Add(one);
                ofMany.Add(other);
            }
        }

        return (ofFew.Median(), ofMany.Median());
    }

    private static async Task<double> PageAsync(BenchControl appliance, int count)
    {
        List<double> milliseconds = [];
        for (int i = 1; i <= 50; i++)
        {
            long cursor = VerdictBoard.FirstStoredId + 200 + (i * 7919L % (count * 9 / 10 - 200));
            long started = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await appliance.Http.GetAsync(new Uri($"decisions?limit=100&cursor={cursor}", UriKind.Relative));
            answer.EnsureSuccessStatusCode();
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return milliseconds.Median();
    }

    /// <summary>CPU of the appliance for each address, ms.</summary>
    private static async Task<double> CheckCpuAsync(BenchControl appliance, int count)
    {
        const int requests = 40;
        string[] known = [.. Scopes(count).Take(CheckedAtOnce / 2).Select(scope => $"{scope.Network}")];
        string[] addresses = [.. known, .. SamplePolicy.Hosts(CheckedAtOnce - known.Length, seed: 99).Select(host => $"{host.Network}")];
        TimeSpan before = appliance.Busy;
        for (int i = 0; i < requests; i++)
        {
            using HttpResponseMessage answer = await appliance.Http.PostAsJsonAsync(new Uri("decisions/check", UriKind.Relative), new { addresses });
            answer.EnsureSuccessStatusCode();
        }

        return (appliance.Busy - before).TotalMilliseconds / (requests * addresses.Length);
    }

    private static async Task<List<double>> EventDelaysAsync(BenchControl appliance, int decisions)
    {
        using HttpResponseMessage stream = await appliance.Http.GetAsync(new Uri("events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await stream.Content.ReadAsStreamAsync());
        List<double> milliseconds = [];
        for (int i = 0; i < decisions + 20; i++)
        {
            string scope = $"2001:db8:{i:x}::1";
            long asked = Stopwatch.GetTimestamp();
            Task<HttpResponseMessage> answer = appliance.Http.PostAsJsonAsync(new Uri("decisions", UriKind.Relative), new { scope, verdict = "drop", ttlSeconds = 600 });
            while (await lines.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal) && string.Equals((string?)JsonNode.Parse(line[6..])!["decision"]?["scope"], Prefix.Parse(scope).ToString(), StringComparison.Ordinal))
                {
                    break;
                }
            }

            if (i >= 20)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            (await answer).Dispose();
        }

        return milliseconds;
    }
}
