using System.Globalization;
using System.Text;
using Blackwall.Benchmarks.Report;
using Blackwall.Feeds;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Board;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Benchmarks.Feeds;

/// <summary>Processor time of a refresh of ten feeds with 200,000 entries, from the bytes that came to the claims on the board and the copy on the disk.</summary>
internal sealed class RefreshFigures : IFigureGroup
{
    private const int Feeds = 10;
    private const int Each = 20_000;
    private const int MaxBytes = 16;

    public string Name => "refresh";

    public string Title => "Threat feeds: a refresh of 10 lists, 200,000 entries";

    public Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int rounds = options.Quick ? 7 : 31;
        string folder = Directory.CreateTempSubdirectory("blackwall-bench-feeds-").FullName;
        try
        {
            using VerdictBoard board = new(new BoardOptions(), TimeProvider.System, []);
            Refresh refresh = new(board, folder);
            book.Add(new Figure("first refresh: CPU", Cpu(() => refresh.Run(0)), "ms", Budget: 2000, Note: "with what is compiled meanwhile"));
            List<Costs> all = [];
            for (int round = 1; round <= rounds; round++)
            {
                all.Add(refresh.Run(round));
            }

            // The first rounds run code that is not optimised yet.
            all.RemoveRange(0, rounds / 3);
            book.Add(new Figure("1 % changed: CPU", Median(all, one => one.All), "ms", Budget: 100));
            book.Add(new Figure("of it reading", Median(all, one => one.Read), "ms"));
            book.Add(new Figure("of it screening", Median(all, one => one.Screen), "ms"));
            book.Add(new Figure("of it claims", Median(all, one => one.Claim), "ms"));
            book.Add(new Figure("of it the copy on the disk", Median(all, one => one.Keep), "ms"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return Task.CompletedTask;
    }

    private static double Median(List<Costs> all, Func<Costs, double> of) => all.Select(of).Order().ElementAt(all.Count / 2);

    private static double Cpu(Action act)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        act();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    /// <summary>Of the first hundredth of a list another part in each round; the rest stays.</summary>
    private static byte[] Text(int feed, int round)
    {
        StringBuilder text = new(Each * MaxBytes);
        for (int i = 0; i < Each; i++)
        {
            int shown = i < Each / 100 ? i + (Each * (round % 2)) : i;
            text.Append(CultureInfo.InvariantCulture, $"{40 + feed}.{shown >> 16}.{(shown >> 8) & 255}.{shown & 255}\n");
        }

        return Encoding.ASCII.GetBytes($"{text}");
    }

    private sealed record Costs(double Read, double Screen, double Claim, double Keep)
    {
        public double All => Read + Screen + Claim + Keep;
    }

    private sealed class Refresh(VerdictBoard board, string folder)
    {
        private readonly FeedClaims _claims = new(board);
        private readonly FeedCopy _copy = new(Options.Create(new StorageOptions { StateFolder = folder }), Options.Create(new FeedOptions()));
        private readonly FeedList[] _lists = [.. Enumerable.Repeat(FeedList.Empty, Feeds)];

        public Costs Run(int round)
        {
            (double read, double screen, double claim, double keep) = (0, 0, 0, 0);
            for (int i = 0; i < Feeds; i++)
            {
                byte[] text = Text(i, round);
                Feed feed = new($"feed-{i}", new FeedSettings("https://feeds.example/list", FeedFormat.Plain, "", FeedKind.Attackers, FeedAction.Drop, 80, 3600, 300, Enabled: true, [], "Authorization", null), null, 1);
                FeedReading reading = null!;
                FeedList list = FeedList.Empty;
                FeedList before = _lists[i];
                int changed = 0;
                read += Cpu(() => reading = FeedReader.Read(FeedFormat.Plain, "", text, 1_000_000, 0));
                screen += Cpu(() =>
                {
                    list = FeedList.From(reading.Entries, []);
                    (int added, int removed) = list.CompareTo(before);
                    changed = added + removed;
                });
                ReconcileResult made = null!;
                claim += Cpu(() => made = _claims.Make(feed, list, feed.Settings.Life, out _));
                string? unkept = null;
                keep += Cpu(() => unkept = _copy.Write(feed.Name, list.Entries, out _));
                if (unkept is not null || changed != (round == 0 ? Each : 2 * Each / 100) || made.Added + made.Removed != changed)
                {
                    throw new InvalidOperationException($"The refresh is not what was to be measured: {made}, {unkept}");
                }

                _lists[i] = list;
            }

            return new Costs(read, screen, claim, keep);
        }
    }
}
