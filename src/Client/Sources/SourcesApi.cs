namespace Blackwall.Client.Sources;

/// <summary>/sources: what is known of addresses.</summary>
public readonly struct SourcesApi(ApplianceClient client)
{
    /// <param name="query">As in the API's description, without the question mark: "phase=suspicious&amp;sort=packets"; empty: all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<SourcePage>> ListAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("sources", query), ClientJson.Default.SourcePage, cancellation);

    /// <param name="address">IPv4 or IPv6.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<Source>> GetAsync(string address, CancellationToken cancellation) =>
        client.ReadAsync($"sources/{Uri.EscapeDataString(address)}", ClientJson.Default.Source, cancellation);
}
