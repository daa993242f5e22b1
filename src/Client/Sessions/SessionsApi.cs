namespace Blackwall.Client.Sessions;

/// <summary>/sessions: what attackers did in the tarpit.</summary>
public readonly struct SessionsApi(ApplianceClient client)
{
    /// <param name="query">As in the API's description, without the question mark; empty: all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<SessionPage>> ListAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("sessions", query), ClientJson.Default.SessionPage, cancellation);

    public Task<Answer<SessionEventPage>> EventsAsync(string id, string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery($"{Path(id)}/events", query), ClientJson.Default.SessionEventPage, cancellation);

    /// <summary>Copies the terminal as asciicast v2; null: all of it is there.</summary>
    public Task<Failure?> CopyTerminalAsync(string id, Stream to, CancellationToken cancellation) => client.CopyAsync($"{Path(id)}/terminal", to, cancellation);

    /// <summary>Copies what the terminal recording has from a byte on: of a session that goes on, what came since.</summary>
    public Task<Failure?> CopyTerminalAsync(string id, long from, Stream to, CancellationToken cancellation) => client.CopyAsync($"{Path(id)}/terminal", from, to, cancellation);

    private static string Path(string id) => $"sessions/{Uri.EscapeDataString(id)}";
}
