using System.Globalization;
using System.Text.Json;

namespace Blackwall.Client.Changes;

/// <summary>/changes: propose, try, confirm, take back.</summary>
public readonly struct ChangesApi(ApplianceClient client)
{
    public Task<Answer<ChangeList>> ListAsync(CancellationToken cancellation) => client.ReadAsync("changes", ClientJson.Default.ChangeList, cancellation);

    public Task<Answer<Change>> GetAsync(long id, CancellationToken cancellation) => client.ReadAsync(Path(id), ClientJson.Default.Change, cancellation);

    public Task<Answer<Change>> ProposeAsync(ChangeDraft draft, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, "changes", draft, ClientJson.Default.ChangeDraft, null, ClientJson.Default.Change, cancellation);

    /// <summary>Proposes what a file says, as it is: the appliance names what is wrong in it.</summary>
    public Task<Answer<Change>> ProposeAsync(JsonElement draft, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, "changes", draft, ClientJson.Default.JsonElement, null, ClientJson.Default.Change, cancellation);

    /// <param name="id">Of the change.</param>
    /// <param name="seconds">It goes back by itself unless confirmed within these.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<Change>> TryAsync(long id, long seconds, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, $"{Path(id)}/apply", new ChangeTrial(seconds), ClientJson.Default.ChangeTrial, null, ClientJson.Default.Change, cancellation);

    public Task<Answer<Change>> ConfirmAsync(long id, CancellationToken cancellation) => client.SendAsync(HttpMethod.Post, $"{Path(id)}/confirm", ClientJson.Default.Change, cancellation);

    public Task<Answer<Change>> RevertAsync(long id, CancellationToken cancellation) => client.SendAsync(HttpMethod.Delete, Path(id), ClientJson.Default.Change, cancellation);

    private static string Path(long id) => string.Create(CultureInfo.InvariantCulture, $"changes/{id}");
}
