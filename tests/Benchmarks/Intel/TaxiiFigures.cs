using System.Diagnostics;
using System.Globalization;
using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Intel;

/// <summary>TAXII pages, walks and walkers.</summary>
internal sealed class TaxiiFigures : IFigureGroup
{
    private const string Objects = "/taxii2/api/collections/intelligence/objects/";

    public string Name => "taxii";

    public string Title => "TAXII: pages of a large collection";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int count = options.Quick ? 50_000 : 1_000_000;
        string folder = Directory.CreateTempSubdirectory("blackwall-bench-intel-").FullName;
        try
        {
            book.Add(new Figure("indicators stored", StoredIntelligence.Fill(folder, count), "/s", Note: "one transaction for 20,000; floor of a prototype: 104,000 a CPU second"));
            using RunningIntel appliance = await RunningIntel.StartAsync(folder, Path.Combine(AppContext.BaseDirectory, "evaluation-nationalsecurity.lic"));
            (long first, long last) = await EndsAsync(appliance, count);
            string late = $"&next={last - 100:x}";
            await PageAsync(appliance, "?limit=1000", 20);
            double hundred = await PageAsync(appliance, "?limit=100", 400);
            book.Add(new Figure("page of 100, first: CPU", hundred, "ms", Budget: 1.5, Note: "OpenTAXII 13 ms at 10,000 and 39 ms at 100,000 without its password hash; medallion 3.3 s at 1,000"));
            double hundredLate = await PageAsync(appliance, "?limit=100" + late, 400);
            book.Add(new Figure("page of 100, last: CPU", hundredLate, "ms", "first page", hundred, 1.5));
            double thousand = await PageAsync(appliance, "?limit=1000", 60);
            book.Add(new Figure("page of 1000: CPU", thousand, "ms", Budget: 7));
            book.Add(new Figure("page of 1000, last: CPU", await PageAsync(appliance, "?limit=1000" + late, 60), "ms", "first page", thousand, 1.5));
            book.Add(new Figure("page of 100 with match[type]: CPU", await PageAsync(appliance, "?limit=100&match[type]=indicator" + late, 400), "ms", "without", hundredLate, 2));
            string middle = Intel.Micros((first + last) / 2);
            book.Add(new Figure("page of 100 with added_after: CPU", await PageAsync(appliance, $"?limit=100&added_after={middle}", 400), "ms", "without", hundredLate, 2));
            book.Add(new Figure("manifest of 100: CPU", await PageAsync(appliance, "?limit=100", 400, "/taxii2/api/collections/intelligence/manifest/"), "ms", "page", hundred, 2));
            await RateAsync(appliance, book, options.Quick ? 2000 : 10_000);
            double before = appliance.Memory;
            (double seconds, int walked) = await WalkAsync(appliance);
            book.Add(new Figure($"full walk of {walked} by 1000", seconds, "s", Budget: 15, Note: "client on the same two cores"));
            long began = Stopwatch.GetTimestamp();
            double most = before;
            using CancellationTokenSource over = new();
            Task watch = Task.Run(async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    most = Math.Max(most, appliance.Memory);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
                }
            });
            (double Seconds, int)[] walkers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => WalkAsync(appliance, options.Quick ? int.MaxValue : 100)));
            await over.CancelAsync();
            await watch;
            book.Add(new Figure("20 walkers: memory", most, "MB", Budget: 600, Note: string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s")));
            book.Add(new Figure("20 walkers: slowest", walkers.Max(walker => walker.Seconds), "s", "fastest", walkers.Min(walker => walker.Seconds), 3));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(long First, long Last)> EndsAsync(RunningIntel appliance, int count)
    {
        long first = 0;
        long last = 0;

        // The constants of this start were added after the rest.
        using HttpResponseMessage page = await appliance.Client.GetAsync(Objects + "?limit=1");
        first = Micros(page.Headers.GetValues("X-TAXII-Date-Added-First").Single());
        using HttpResponseMessage identity = await appliance.Client.GetAsync(Objects + "?match[type]=extension-definition");
        last = Micros(identity.Headers.GetValues("X-TAXII-Date-Added-First").Single());
        return (first, first + Math.Min(last - first, count - 1000));
    }

    private static long Micros(string text) => (DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static async Task<double> PageAsync(RunningIntel appliance, string query, int times, string path = Objects)
    {
        for (int i = 0; i < times / 4; i++)
        {
            await appliance.Client.GetByteArrayAsync(path + query);
        }

        double before = appliance.Cpu;
        for (int i = 0; i < times; i++)
        {
            await appliance.Client.GetByteArrayAsync(path + query);
        }

        return (appliance.Cpu - before) / times;
    }

    private static async Task RateAsync(RunningIntel appliance, FigureBook book, int requests)
    {
        long began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, cancellation) => await appliance.Client.GetByteArrayAsync(Objects + "?limit=100", cancellation));
        book.Add(new Figure("pages of 100, 8 clients", requests / Stopwatch.GetElapsedTime(began).TotalSeconds, "/s", Budget: 2000, AtLeast: true, Note: "the clients take their share of the same two cores"));
    }

    private static async Task<(double Seconds, int Objects)> WalkAsync(RunningIntel appliance, int pages = int.MaxValue)
    {
        long began = Stopwatch.GetTimestamp();
        int walked = 0;
        string next = "";
        for (int i = 0; i < pages; i++)
        {
            string page = await appliance.Client.GetStringAsync($"{Objects}?limit=1000{next}");
            int at = page.IndexOf("\"next\":\"", StringComparison.Ordinal);
            if (at is < 0 or > 64)
            {
                break;
            }

            walked += 1000;
            next = $"&next={page[(at + 8)..page.IndexOf('"', at + 8)]}";
        }

        return (Stopwatch.GetElapsedTime(began).TotalSeconds, walked);
    }

    private static class Intel
    {
        public static string Micros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }
}
