namespace Blackwall.Client.Feeds;

/// <summary>/feeds.</summary>
public readonly struct FeedsApi(ApplianceClient client)
{
    public Task<Answer<FeedList>> ListAsync(CancellationToken cancellation) => client.ReadAsync("feeds", ClientJson.Default.FeedList, cancellation);

    public Task<Answer<Feed>> ReadAsync(string name, CancellationToken cancellation) => client.ReadAsync(Path(name), ClientJson.Default.Feed, cancellation);

    public Task<Answer<Feed>> AddAsync(FeedDraft draft, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, "feeds", draft, ClientJson.Default.FeedDraft, null, ClientJson.Default.Feed, cancellation);

    /// <param name="name">Its name.</param>
    /// <param name="draft">All its settings.</param>
    /// <param name="tag">ETag of the feed as it was read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<Feed>> ReplaceAsync(string name, FeedDraft draft, string? tag, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Put, Path(name), draft, ClientJson.Default.FeedDraft, tag, ClientJson.Default.Feed, cancellation);

    public Task<Answer<Nothing>> RemoveAsync(string name, CancellationToken cancellation) => client.DeleteAsync(Path(name), tag: null, cancellation);

    /// <summary>Fetches it now.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="query">"dryRun=true", "accept=true", or empty.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<FeedRun>> RefreshAsync(string name, string query, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, ApplianceClient.WithQuery($"{Path(name)}/refresh", query), ClientJson.Default.FeedRun, cancellation);

    public Task<Answer<FeedRunList>> RunsAsync(string name, CancellationToken cancellation) => client.ReadAsync($"{Path(name)}/runs", ClientJson.Default.FeedRunList, cancellation);

    /// <summary>What of the traffic of the last days its list would have stopped.</summary>
    public Task<Answer<FeedReport>> ImpactAsync(string name, CancellationToken cancellation) => client.ReadAsync($"{Path(name)}/impact", ClientJson.Default.FeedReport, cancellation);

    private static string Path(string name) => $"feeds/{Uri.EscapeDataString(name)}";
}
