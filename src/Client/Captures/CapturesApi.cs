using System.Globalization;

namespace Blackwall.Client.Captures;

/// <summary>/captures: packets of sources.</summary>
public readonly struct CapturesApi(ApplianceClient client)
{
    /// <param name="query">As in the API's description, without the question mark; empty: all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<CapturePage>> ListAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("captures", query), ClientJson.Default.CapturePage, cancellation);

    public Task<Answer<Capture>> GetAsync(long id, CancellationToken cancellation) => client.ReadAsync(Path(id), ClientJson.Default.Capture, cancellation);

    public Task<Answer<Capture>> StartAsync(CaptureDraft draft, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, "captures", draft, ClientJson.Default.CaptureDraft, null, ClientJson.Default.Capture, cancellation);

    /// <summary>Copies the packets as pcapng; null: all are there.</summary>
    public Task<Failure?> CopyAsync(long id, Stream to, CancellationToken cancellation) => client.CopyAsync($"{Path(id)}/file", to, cancellation);

    /// <summary>Copies the packets around a decision; null: all are there.</summary>
    public Task<Failure?> CopyOfDecisionAsync(long decision, Stream to, CancellationToken cancellation) =>
        client.CopyAsync(string.Create(CultureInfo.InvariantCulture, $"decisions/{decision}/capture"), to, cancellation);

    private static string Path(long id) => string.Create(CultureInfo.InvariantCulture, $"captures/{id}");
}
