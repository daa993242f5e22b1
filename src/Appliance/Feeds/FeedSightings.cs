using Blackwall.Events;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Feeds;

/// <summary>
/// Tells of sources that feeds list which do nothing but tell: once a source and hour, when it is seen. It looks every minute at what detection remembers, so that
/// no packet waits for it.
/// </summary>
internal sealed class FeedSightings(FeedMentions mentions, Func<ISourceInsight?> detection, EventLog log, TimeProvider time) : BackgroundService, IStatsSource
{
    /// <summary>Sources told of within the last hour, at most; more are counted and not told.</summary>
    public const int MostAnHour = 10_000;

    private const int PageSize = 1000;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    private readonly Dictionary<Address, DateTimeOffset> _told = [];
    private DateTimeOffset _since;
    private long _matches;
    private long _untold;

    public string Name => "feedMatches";

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["matches"] = Interlocked.Read(ref _matches),
        ["untold"] = Interlocked.Read(ref _untold),
    };

    /// <summary>Tells of listed sources that were seen since the last look. One caller at a time.</summary>
    /// <param name="now">The time.</param>
    public void Look(DateTimeOffset now)
    {
        foreach (Address old in _told.Where(one => now - one.Value >= Quiet).Select(one => one.Key).ToArray())
        {
            _told.Remove(old);
        }

        // What was seen just before the last look may have come into the table after it.
        DateTimeOffset since = _since - Period;
        _since = now;
        FeedRunner[] telling = mentions.Telling;
        if (telling.Length == 0 || detection() is not { } insight)
        {
            return;
        }

        SourceQuery query = new(null, null, SourceOrder.LastSeen, null, PageSize) { Among = address => IsListed(telling, address) };
        for (IReadOnlyList<SourceRow> rows = insight.List(query); rows.Count > 0; rows = insight.List(query))
        {
            foreach (SourceRow row in rows.Where(row => row.LastSeen > since))
            {
                Tell(row, now);
            }

            if (rows.Count < PageSize || rows[^1].LastSeen <= since)
            {
                return;
            }

            query = query with { After = rows[^1].Place };
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _since = time.GetUtcNow();
        using PeriodicTimer timer = new(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look(time.GetUtcNow());
            }
        }
        catch (OperationCanceledException)
        {
            // The appliance stops.
        }
    }

    private static bool IsListed(FeedRunner[] telling, Address address)
    {
        foreach (FeedRunner one in telling)
        {
            if (one.List.Ranges.Find(address) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Tell(SourceRow row, DateTimeOffset now)
    {
        Address source = row.Place.Address;
        if (_told.ContainsKey(source))
        {
            return;
        }

        if (_told.Count >= MostAnHour)
        {
            Interlocked.Increment(ref _untold);
            return;
        }

        FeedMention[] said = [.. mentions.Mentions(source).Where(mention => !mention.IsAllow)];
        if (said.Length == 0)
        {
            // The list is another one by now.
            return;
        }

        _told[source] = now;
        Interlocked.Increment(ref _matches);
        log.Add(FeedEvents.Match, new FeedMatchBody($"{source}", [.. said.Select(mention => mention.Feed)], $"{said[0].Scope}", said[0].Note, row.Phase, row.Packets, row.LastSeen));
    }
}
