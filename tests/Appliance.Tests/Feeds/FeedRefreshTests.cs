using System.Text;
using Blackwall.Feeds;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Pipeline;
using Xunit;

namespace Blackwall.Tests.Feeds;

/// <summary>What refreshes of large lists do to decisions.</summary>
public sealed class FeedRefreshTests : IDisposable
{
    private const int Feeds = 10;
    private const int Each = 20_000;

    private readonly BoardFixture _fixture = new();
    private readonly FeedClaims _claims;

    public FeedRefreshTests() => _claims = new FeedClaims(_fixture.Board);

    public void Dispose() => _fixture.Dispose();

    private static Feed NewFeed(string name, FeedAction action = FeedAction.Drop, FeedKind kind = FeedKind.Attackers, params string[] reserved) =>
        new(name, new FeedSettings("https://feeds.example/list", FeedFormat.Plain, "", kind, action, 80, 3600, 300, Enabled: true, reserved, "Authorization", null), null, 1);

    private static FeedList ListOf(string text, params string[] reserved)
    {
        FeedReading reading = FeedReader.Read(FeedFormat.Plain, "", Encoding.UTF8.GetBytes(text), 1_000_000, 0);
        Assert.Null(reading.Failure);
        return FeedList.From(reading.Entries, [.. reserved.Select(range => Prefix.Parse(range))]);
    }

    /// <summary>Of the first hundredth of the list another part in each version; the rest stays.</summary>
    private static string Text(int feed, int version)
    {
        StringBuilder text = new();
        for (int i = 0; i < Each; i++)
        {
            int shown = i < Each / 100 ? i + (Each * (version % 2)) : i;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{40 + feed}.{shown >> 16}.{(shown >> 8) & 255}.{shown & 255}\n");
        }

        return $"{text}";
    }

    [Fact]
    public async Task No_kept_address_is_ever_let_through_while_200_000_entries_of_10_feeds_are_refreshed()
    {
        Feed[] feeds = [.. Enumerable.Range(0, Feeds).Select(i => NewFeed($"feed-{i}"))];
        foreach ((int i, Feed feed) in feeds.Index())
        {
            Assert.Equal(Each, _claims.Make(feed, ListOf(Text(i, 0)), feed.Settings.Life, out _).Added);
        }

        Prefix[] kept = [.. Enumerable.Range(0, Feeds).SelectMany(feed => new[] { $"{40 + feed}.0.1.0", $"{40 + feed}.0.78.31" }).Select(text => Prefix.Parse(text))];
        using CancellationTokenSource done = new();
        long asked = 0;
        Task<int> hammer = Task.Run(() =>
        {
            int passed = 0;
            while (!done.IsCancellationRequested)
            {
                foreach (Prefix address in kept)
                {
                    passed += _fixture.Board.Effective(address)?.Verdict == Verdict.Drop ? 0 : 1;
                    Interlocked.Increment(ref asked);
                }
            }

            return passed;
        });
        for (int version = 1; version <= 4; version++)
        {
            foreach ((int i, Feed feed) in feeds.Index())
            {
                ReconcileResult made = _claims.Make(feed, ListOf(Text(i, version)), feed.Settings.Life, out _);
                Assert.Equal((Each / 100, Each / 100, Each - (Each / 100), 0), (made.Added, made.Removed, made.Kept, made.Changed));
            }
        }

        await Eventually.Reads(() => Interlocked.Read(ref asked), count => count > 1000);
        await done.CancelAsync();
        Assert.Equal(0, await hammer);

        // The control: what is taken away is let through.
        _claims.Withdraw("feed-0");
        Assert.Null(_fixture.Board.Effective(kept[0]));
        Assert.NotNull(_fixture.Board.Effective(kept[^1]));
    }

    [Fact]
    public void Claims_are_renewed_before_they_end_and_end_by_themselves_when_nobody_confirms_them()
    {
        Feed feed = NewFeed("mine");
        FeedList list = ListOf("45.0.0.1\n");
        _claims.Make(feed, list, feed.Settings.Life, out _);
        _fixture.Clock.Advance(feed.Settings.Interval * 2);
        Assert.Equal(1, _claims.Make(feed, list, feed.Settings.Life, out _).Changed);
        _fixture.Clock.Advance(feed.Settings.Interval * 2);
        _fixture.Board.ExpireDue();
        Assert.Equal(Verdict.Drop, _fixture.VerdictOf("45.0.0.1"));
        _fixture.Clock.Advance(feed.Settings.Interval * 2);
        _fixture.Board.ExpireDue();
        Assert.Equal(Verdict.Pass, _fixture.VerdictOf("45.0.0.1"));
    }

    [Fact]
    public void The_guard_holds_against_level1_everything_and_every_address_that_the_host_owns()
    {
        _fixture.Guard(("46.1.1.1", "an address of this machine"), ("2a00:1450::7", "an address of this machine"), ("46.1.1.254", "a gateway of this machine"));
        FeedList list = ListOf("0.0.0.0/0\n::/0\n0.0.0.0/8\n10.0.0.0/8\n127.0.0.0/8\n192.168.0.0/16\n46.1.1.1\n46.1.0.0/16\n2a00:1450::7\n2a00:1450::/32\n46.1.1.254\n47.0.0.0/24\n");
        Assert.Equal(6, list.Refused);
        Assert.Contains(list.RefusedSamples, sample => sample.StartsWith("10.0.0.0/8: private or reserved", StringComparison.Ordinal));
        ReconcileResult made = _claims.Make(NewFeed("level1"), list, TimeSpan.FromHours(1), out _);
        Assert.Equal((1, 5), (made.Added, made.Refused));
        Assert.All(new[] { "10.0.0.1", "127.0.0.1", "192.168.1.1", "46.1.1.1", "46.1.1.254", "2a00:1450::7", "2a00:1450::8", "8.8.8.8" }, address => Assert.Equal(Verdict.Pass, _fixture.VerdictOf(address)));
        Assert.Equal(Verdict.Drop, _fixture.VerdictOf("47.0.0.9"));
        Assert.Equal(5, _claims.Guarded(list).Count);

        // Named by the operator, and by nobody else.
        ReconcileResult named = _claims.Make(NewFeed("mine", reserved: "10.0.0.0/8"), ListOf("10.7.0.0/16\n192.168.0.0/16\n127.0.0.1\n", "10.0.0.0/8"), TimeSpan.FromHours(1), out _);
        Assert.Equal((1, 0), (named.Added, named.Refused));
        Assert.Equal((Verdict.Drop, Verdict.Pass, Verdict.Pass), (_fixture.VerdictOf("10.7.0.1"), _fixture.VerdictOf("192.168.0.1"), _fixture.VerdictOf("127.0.0.1")));
    }

    [Fact]
    public void An_allow_list_takes_addresses_out_of_feeds_and_of_nothing_else()
    {
        _fixture.Operator("45.0.0.2");
        _claims.Allow("harmless", ListOf("45.0.0.0/30\n").Ranges);
        _claims.Make(NewFeed("mine"), ListOf("45.0.0.1\n45.0.0.2\n45.0.0.9\n"), TimeSpan.FromHours(1), out int excepted);
        Assert.Equal((2, Verdict.Pass, Verdict.Drop, Verdict.Drop), (excepted, _fixture.VerdictOf("45.0.0.1"), _fixture.VerdictOf("45.0.0.2"), _fixture.VerdictOf("45.0.0.9")));
        _claims.Allow("harmless", null);
        _claims.Make(NewFeed("mine"), ListOf("45.0.0.1\n45.0.0.2\n45.0.0.9\n"), TimeSpan.FromHours(1), out excepted);
        Assert.Equal((0, Verdict.Drop), (excepted, _fixture.VerdictOf("45.0.0.1")));
    }

    [Theory]
    [InlineData("Tell", Verdict.Pass)]
    [InlineData("RateLimit", Verdict.RateLimit)]
    [InlineData("Redirect", Verdict.RedirectToTarpit)]
    [InlineData("Drop", Verdict.Drop)]
    public void Each_action_is_what_packets_meet(string action, Verdict verdict)
    {
        Feed feed = NewFeed("mine", Enum.Parse<FeedAction>(action));
        _claims.Make(feed, ListOf("45.0.0.1\n"), feed.Settings.Life, out _);
        Assert.Equal(verdict, _fixture.VerdictOf("45.0.0.1"));
    }

    [Fact]
    public void A_server_is_asked_when_it_bears_it()
    {
        FeedSettings settings = NewFeed("mine").Settings;
        DateTimeOffset now = _fixture.Clock.GetUtcNow();
        FeedState well = new() { LastAttempt = now };
        Assert.Equal(now, FeedSchedule.Next(settings, new FeedState(), now, 0.5));
        Assert.InRange(FeedSchedule.Next(settings, well, now, 0), now + settings.Interval, now + (settings.Interval * 1.1));
        Assert.InRange(FeedSchedule.Next(settings, well, now, 1), now + settings.Interval, now + (settings.Interval * 1.1));
        Assert.Equal(now + TimeSpan.FromMinutes(5), FeedSchedule.Next(settings, well with { Failures = 1 }, now, 0.5));
        Assert.Equal(now + TimeSpan.FromMinutes(20), FeedSchedule.Next(settings, well with { Failures = 3 }, now, 0.5));
        Assert.Equal(now + settings.Interval, FeedSchedule.Next(settings, well with { Failures = 30 }, now, 0.5));
        Assert.Equal(now + TimeSpan.FromHours(9), FeedSchedule.Next(settings, well with { Failures = 1, NotBefore = now + TimeSpan.FromHours(9) }, now, 0.5));
        Assert.Equal(now + TimeSpan.FromSeconds(300), FeedSchedule.Earliest(settings, well, now));
        Assert.Null(FeedSchedule.Earliest(settings, well, now + TimeSpan.FromSeconds(301)));

        // A clock that was ahead: its attempt counts as one of now, and its wish as none.
        FeedState ahead = new() { LastAttempt = now.AddYears(14), NotBefore = now.AddYears(14) };
        Assert.InRange(FeedSchedule.Next(settings, ahead, now, 0), now + settings.Interval, now + (settings.Interval * 1.1));
        Assert.Null(FeedSchedule.Earliest(settings, ahead, now));
        Assert.Null(FeedSchedule.Earliest(settings with { Url = "http://127.0.0.1/list" }, well, now));
    }
}
