using System.Text.Json;
using Blackwall.Storage;

namespace Blackwall.Intel;

/// <summary>Indicators by the day (UTC) on which they were first published: there they stay.</summary>
internal sealed class IndicatorDays(IndicatorDayStore store)
{
    /// <summary>Days that a feed shows at most, the newest.</summary>
    public const int MaxDays = 90;

    /// <summary>Most indicators of a day that are shown, those that were changed last.</summary>
    public const int MaxIndicators = 50_000;

    /// <summary>The newest days, and when something was last changed on each.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<(DateOnly Day, DateTimeOffset Changed)> All() => store.Days(MaxDays);

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<Indicator> Of(DateOnly day) => [.. store.Of(day, MaxIndicators).Select(state => JsonSerializer.Deserialize(state, IntelJson.Default.Indicator)).OfType<Indicator>()];
}
