using System.Globalization;

namespace Blackwall.Client.Auditing;

/// <summary>/audit and /keys: who did what, and who may.</summary>
public readonly struct AuditApi(ApplianceClient client)
{
    /// <param name="query">As in the API's description, without the question mark; empty: all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<AuditPage>> ListAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("audit", query), ClientJson.Default.AuditPage, cancellation);

    public Task<Answer<AuditProof>> VerifyAsync(CancellationToken cancellation) => client.ReadAsync("audit/verify", ClientJson.Default.AuditProof, cancellation);

    public Task<Answer<NewKey>> AddKeyAsync(KeyDraft draft, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, "keys", draft, ClientJson.Default.KeyDraft, null, ClientJson.Default.NewKey, cancellation);

    /// <summary>Gives a key a new secret; the old one is worth nothing from then on.</summary>
    public Task<Answer<NewKey>> RotateKeyAsync(long id, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"keys/{id}/rotate"), ClientJson.Default.NewKey, cancellation);

    public Task<Answer<Nothing>> RevokeKeyAsync(long id, CancellationToken cancellation) =>
        client.DeleteAsync(string.Create(CultureInfo.InvariantCulture, $"keys/{id}"), null, cancellation);

    public Task<Answer<KeyList>> KeysAsync(CancellationToken cancellation) => client.ReadAsync("keys", ClientJson.Default.KeyList, cancellation);
}
