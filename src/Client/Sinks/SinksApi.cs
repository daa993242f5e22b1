namespace Blackwall.Client.Sinks;

/// <summary>/sinks.</summary>
public readonly struct SinksApi(ApplianceClient client)
{
    public Task<Answer<SinkList>> ListAsync(CancellationToken cancellation) => client.ReadAsync("sinks", ClientJson.Default.SinkList, cancellation);

    public Task<Answer<Sink>> ReadAsync(string name, CancellationToken cancellation) => client.ReadAsync(Path(name), ClientJson.Default.Sink, cancellation);

    public Task<Answer<Sink>> AddAsync(SinkDraft draft, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, "sinks", draft, ClientJson.Default.SinkDraft, null, ClientJson.Default.Sink, cancellation);

    /// <param name="name">Its name.</param>
    /// <param name="draft">All its settings.</param>
    /// <param name="tag">ETag of the sink as it was read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<Sink>> ReplaceAsync(string name, SinkDraft draft, string? tag, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Put, Path(name), draft, ClientJson.Default.SinkDraft, tag, ClientJson.Default.Sink, cancellation);

    public Task<Answer<Nothing>> RemoveAsync(string name, CancellationToken cancellation) => client.DeleteAsync(Path(name), tag: null, cancellation);

    /// <summary>Sends one test event.</summary>
    public Task<Answer<SinkTest>> TestAsync(string name, CancellationToken cancellation) => client.SendAsync(HttpMethod.Post, $"{Path(name)}/test", ClientJson.Default.SinkTest, cancellation);

    /// <summary>Events that the sink refused for what they are, newest first.</summary>
    public Task<Answer<RefusedEventPage>> RefusedAsync(string name, string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery($"{Path(name)}/refused", query), ClientJson.Default.RefusedEventPage, cancellation);

    /// <summary>Sends what was refused once more.</summary>
    public Task<Answer<SinkRetry>> RetryAsync(string name, CancellationToken cancellation) => client.SendAsync(HttpMethod.Post, $"{Path(name)}/refused/retry", ClientJson.Default.SinkRetry, cancellation);

    private static string Path(string name) => $"sinks/{Uri.EscapeDataString(name)}";
}
