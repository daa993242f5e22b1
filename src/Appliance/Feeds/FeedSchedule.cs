namespace Blackwall.Feeds;

/// <summary>When a server is asked again. Pure.</summary>
internal static class FeedSchedule
{
    /// <summary>A server that asks to be left alone for longer is asked after this all the same.</summary>
    public static readonly TimeSpan MostRetryAfter = TimeSpan.FromDays(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(5);

    /// <summary>At the start not all feeds are fetched in the same second, nor by all appliances that a power cut ended.</summary>
    private static readonly TimeSpan StartSpread = TimeSpan.FromSeconds(30);

    /// <param name="settings">Interval and minimum.</param>
    /// <param name="state">What happened before.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">0..1: spreads the questions of many appliances over time.</param>
    public static DateTimeOffset Next(FeedSettings settings, FeedState state, DateTimeOffset now, double random)
    {
        state = state.Until(now);
        if (state.LastAttempt is not { } last)
        {
            return now;
        }

        DateTimeOffset next = last + (state.Failures == 0 ? settings.Interval * (1 + (random / 10)) : Pause(settings, state.Failures) * (0.75 + (random / 2)));
        next = next < last + Gap(settings) ? last + Gap(settings) : next;
        next = state.NotBefore is { } asked && asked > next ? asked : next;
        return next > now ? next : now + (settings.IsOfThisMachine ? TimeSpan.Zero : StartSpread * random);
    }

    /// <summary>Null: the server may be asked now; else when.</summary>
    public static DateTimeOffset? Earliest(FeedSettings settings, FeedState state, DateTimeOffset now)
    {
        // An attempt in the future is the word of a clock that was wrong.
        DateTimeOffset? gap = (state.LastAttempt > now ? null : state.LastAttempt) + Gap(settings);
        state = state.Until(now);
        DateTimeOffset? earliest = state.NotBefore is { } asked && !(gap > asked) ? asked : gap;
        return earliest > now ? earliest : null;
    }

    private static TimeSpan Pause(FeedSettings settings, int failures)
    {
        TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10));
        return pause < settings.Interval ? pause : settings.Interval;
    }

    private static TimeSpan Gap(FeedSettings settings) => settings.IsOfThisMachine ? TimeSpan.Zero : TimeSpan.FromSeconds(settings.MinGapSeconds);
}
