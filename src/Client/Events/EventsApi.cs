namespace Blackwall.Client.Events;

/// <summary>/events/history: what was told, also before a restart.</summary>
public readonly struct EventsApi(ApplianceClient client)
{
    /// <summary>The newest events, newest first.</summary>
    /// <param name="limit">1..1000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<EventPage>> HistoryAsync(int limit, CancellationToken cancellation) =>
        client.ReadAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"events/history?limit={limit}"), ClientJson.Default.EventPage, cancellation);
}
