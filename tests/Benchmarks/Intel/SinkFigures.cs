using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Benchmarks.Report;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Blackwall.Benchmarks.Intel;

/// <summary>A backlog of events that one collector gets, compressed and confirmed.</summary>
internal sealed class SinkFigures : IFigureGroup
{
    public string Name => "hec";

    public string Title => "Sinks: a backlog sent to a Splunk collector with acknowledgements";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int count = options.Quick ? 20_000 : 150_000;
        string folder = Directory.CreateTempSubdirectory("blackwall-bench-hec-").FullName;
        string license = Path.Combine(AppContext.BaseDirectory, "evaluation-nationalsecurity.lic");
        await using BusyCollector collector = await BusyCollector.StartAsync();
        try
        {
            JsonNode decided;
            using (RunningIntel appliance = await RunningIntel.StartAsync(folder, license))
            {
                (await appliance.Client.PostAsJsonAsync("/api/v1/sinks", new { name = "splunk", kind = "hec", url = collector.Url, token = "t", acknowledge = true, enabled = false, kinds = new[] { "decision" } })).EnsureSuccessStatusCode();
                (await appliance.Client.PostAsJsonAsync("/api/v1/rules", new { scope = "203.0.113.1", verdict = "drop" })).EnsureSuccessStatusCode();
                decided = (await appliance.Client.GetFromJsonAsync<JsonNode>("/api/v1/events/history?kind=decision&limit=1"))!["items"]![0]!;
            }

            Fill(folder, count, decided["data"]!.ToJsonString());
            using (RunningIntel appliance = await RunningIntel.StartAsync(folder, license))
            {
                await MeasureAsync(appliance, collector, count, book);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(RunningIntel appliance, BusyCollector collector, int count, FigureBook book)
    {
        using HttpResponseMessage sink = await appliance.Client.GetAsync("/api/v1/sinks/splunk");
        using HttpRequestMessage resume = new(HttpMethod.Put, "/api/v1/sinks/splunk")
        {
            Content = JsonContent.Create(new { kind = "hec", url = collector.Url, acknowledge = true, enabled = true, kinds = new[] { "decision" } }),
        };
        resume.Headers.TryAddWithoutValidation("If-Match", sink.Headers.ETag!.Tag);
        double cpu = appliance.Cpu;
        long began = Stopwatch.GetTimestamp();
        (await appliance.Client.SendAsync(resume)).EnsureSuccessStatusCode();
        double most = 0;
        while (collector.Events < count)
        {
            most = Math.Max(most, appliance.Memory);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double spent = appliance.Cpu - cpu;
        JsonNode? state;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            state = await appliance.Client.GetFromJsonAsync<JsonNode>("/api/v1/sinks/splunk");
        }
        while ((long)state!["behind"]! > 0);
        book.Add(new Figure($"{count} events to one collector", count / seconds, "/s", Budget: 10_000, AtLeast: true, Note: "the collector confirms after 2 s, and takes its share of the same two cores"));
        book.Add(new Figure("CPU of an event", spent * 1000 / count, "us"));
        book.Add(new Figure("sent more than once", 100.0 * (collector.Events - count) / count, "%", Budget: 1));
        book.Add(new Figure("memory while sending", most, "MB"));
    }

    private static void Fill(string folder, int count, string data)
    {
        Database database = new(Options.Create(new StorageOptions { StateFolder = folder }), FeatureList.Migrations(FeatureList.All), TimeProvider.System, NullLogger<Database>.Instance);
        using SqliteConnection connection = database.OpenWriter();
        using SqliteTransaction transaction = connection.BeginTransaction();
        using SqliteCommand last = connection.CreateCommand();
        last.CommandText = "SELECT max(seq) FROM event";
        long from = (long)last.ExecuteScalar()!;
        using (Statement add = new(connection, "INSERT INTO event (seq, time, kind, version, scope, forgeable, data) VALUES (?,?,'decision',1,NULL,0,?)"))
        {
            long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            for (int i = 1; i <= count; i++)
            {
                add.Bind(0, from + i).Bind(1, now).Bind(2, data.Replace("203.0.113.1", string.Create(CultureInfo.InvariantCulture, $"198.18.{i / 250 % 250}.{i % 250}"), StringComparison.Ordinal)).Step();
            }
        }

        using (Statement place = new(connection, "UPDATE sink SET place = ?"))
        {
            place.Bind(0, from).Step();
        }

        transaction.Commit();
    }
}
