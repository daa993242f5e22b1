using Blackwall.Api.Contracts;

namespace Blackwall.Feeds;

/// <summary>A feed and how it does. Its token is not shown.</summary>
/// <param name="Name">Its name; claims are made in it.</param>
/// <param name="Url">Where it comes from.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Field">Column or member that has the address; empty: what is usual.</param>
/// <param name="Kind">attackers, c2 or allow.</param>
/// <param name="Action">tell, rate-limit, redirect or drop.</param>
/// <param name="Score">How sure the feed is, 0..100.</param>
/// <param name="IntervalSeconds">Time between two fetches.</param>
/// <param name="Enabled">Whether it is fetched and acted on.</param>
/// <param name="Reserved">Private and reserved ranges that it may name.</param>
/// <param name="HasToken">Whether a token is stored.</param>
/// <param name="Header">Name of the header that carries it.</param>
/// <param name="CaCertificate">PEM of the authority; null: those of the system.</param>
/// <param name="State">new, current, failing, held, stale or off.</param>
/// <param name="Entries">Entries of the list in force.</param>
/// <param name="Claims">Decisions that the wall holds because of it.</param>
/// <param name="AgeSeconds">How long ago the list was last known to be up to date; null: there is none.</param>
/// <param name="LastSuccess">When that was.</param>
/// <param name="LastAttempt">When it was last fetched.</param>
/// <param name="Failures">Attempts in a row that failed.</param>
/// <param name="LastError">Why the last one failed; null: it did not.</param>
/// <param name="Held">Why a newer list waits for the operator; null: none does.</param>
/// <param name="HeldDigest">What that list is known by; null: there is none.</param>
/// <param name="LastRun">What became of the last attempt since the appliance started; null: there was none.</param>
internal sealed record FeedBody(
    string Name, string Url, [property: Word(FeedsFeature.FormatWords)] string Format, string Field, [property: Word(FeedsFeature.KindWords)] string Kind, [property: Word(FeedsFeature.ActionWords)] string Action,
    int Score, int IntervalSeconds, bool Enabled, IReadOnlyList<string> Reserved, bool HasToken, string Header, string? CaCertificate,
    [property: Word(FeedsFeature.StateWords)] string State, int Entries, int Claims, long? AgeSeconds, DateTimeOffset? LastSuccess, DateTimeOffset? LastAttempt, int Failures, string? LastError, string? Held, string? HeldDigest, FeedRun? LastRun)
{
    public static IReadOnlyList<string> States { get; } = ["new", "current", "failing", "held", "stale", "off"];

    public static FeedBody From(FeedRunner runner, DateTimeOffset now)
    {
        (FeedSettings settings, FeedState state) = (runner.Feed.Settings, runner.State);
        string word = !settings.Enabled ? "off" : state.Held is not null ? "held" : runner.IsStale ? "stale" : state.Failures > 0 ? "failing" : state.LastSuccess is null ? "new" : "current";
        return new FeedBody(
            runner.Feed.Name, settings.Url, Words.Kebab($"{settings.Format}"), settings.Field, Words.Kebab($"{settings.Kind}"), Words.Kebab($"{settings.Action}"), settings.Score, settings.IntervalSeconds,
            settings.Enabled, settings.Reserved, runner.Feed.Token is not null, settings.Header, settings.CaCertificate, word, runner.List.Entries.Count, runner.Claimed,
            state.LastSuccess is { } success ? Math.Max(0, (long)(now - success).TotalSeconds) : null, state.LastSuccess, state.LastAttempt, state.Failures, state.LastError, state.Held, runner.Staged is null ? null : state.HeldDigest, runner.LastRun);
    }
}
