namespace Blackwall.Client.Classification;

/// <summary>/model: the language model, what it was asked and what it thinks.</summary>
public readonly struct ModelApi(ApplianceClient client)
{
    public Task<Answer<ModelStatus>> ReadAsync(CancellationToken cancellation) => client.ReadAsync("model", ClientJson.Default.ModelStatus, cancellation);

    /// <param name="query">As in the API's description, without the question mark; empty: all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<OpinionPage>> OpinionsAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("model/opinions", query), ClientJson.Default.OpinionPage, cancellation);

    /// <param name="query">As in the API's description, without the question mark; empty: all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<ModelExchangePage>> ExchangesAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("model/exchanges", query), ClientJson.Default.ModelExchangePage, cancellation);
}
