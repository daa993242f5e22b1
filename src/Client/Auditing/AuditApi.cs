namespace Blackwall.Client.Auditing;

/// <summary>/audit and /keys: who did what, and who may.</summary>
public readonly struct AuditApi(ApplianceClient client)
{
    /// <param name="query">As in the API's description, without the question mark; empty: all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<AuditPage>> ListAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("audit", query), ClientJson.Default.AuditPage, cancellation);

    public Task<Answer<AuditProof>> VerifyAsync(CancellationToken cancellation) => client.ReadAsync("audit/verify", ClientJson.Default.AuditProof, cancellation);

    public Task<Answer<KeyList>> KeysAsync(CancellationToken cancellation) => client.ReadAsync("keys", ClientJson.Default.KeyList, cancellation);
}
