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

    public Task<Answer<Nothing>> RemoveAsync(string id, CancellationToken cancellation) => client.DeleteAsync(Path(id), tag: null, cancellation);

    /// <summary>Copies a file that the peer brought; null: all of it is there.</summary>
    /// <param name="id">The session.</param>
    /// <param name="sha256">The file: SHA-256 of its content, in hexadecimal.</param>
    /// <param name="to">Where to.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Failure?> CopyFileAsync(string id, string sha256, Stream to, CancellationToken cancellation) => client.CopyAsync($"{Path(id)}/files/{Uri.EscapeDataString(sha256)}", to, cancellation);

    /// <summary>Copies the terminal as asciicast v2; null: all of it is there.</summary>
    public Task<Failure?> CopyTerminalAsync(string id, Stream to, CancellationToken cancellation) => client.CopyAsync($"{Path(id)}/terminal", to, cancellation);

    /// <summary>Copies what the terminal recording has from a byte on: of a session that goes on, what came since.</summary>
    public Task<Failure?> CopyTerminalAsync(string id, long from, Stream to, CancellationToken cancellation) => client.CopyAsync($"{Path(id)}/terminal", from, to, cancellation);

    private static string Path(string id) => $"sessions/{Uri.EscapeDataString(id)}";
}
