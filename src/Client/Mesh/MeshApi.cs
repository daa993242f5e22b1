namespace Blackwall.Client.Mesh;

/// <summary>/mesh: this sensor among others.</summary>
public readonly struct MeshApi(ApplianceClient client)
{
    public Task<Answer<MeshStatus>> ReadAsync(CancellationToken cancellation) => client.ReadAsync("mesh", ClientJson.Default.MeshStatus, cancellation);

    public Task<Answer<MeshPeerList>> PeersAsync(CancellationToken cancellation) => client.ReadAsync("mesh/peers", ClientJson.Default.MeshPeerList, cancellation);

    public Task<Answer<MeshIndicatorList>> IndicatorsAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("mesh/indicators", query), ClientJson.Default.MeshIndicatorList, cancellation);

    public Task<Answer<MeshReportList>> ReportsAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("mesh/reports", query), ClientJson.Default.MeshReportList, cancellation);

    /// <param name="kind">Its kind: "ipv4".</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<MeshIndicator>> IndicatorAsync(string kind, string value, CancellationToken cancellation) => client.ReadAsync(Path(kind, value), ClientJson.Default.MeshIndicator, cancellation);

    /// <summary>Says to all that it is no attacker.</summary>
    public Task<Answer<Nothing>> RefuteAsync(string kind, string value, CancellationToken cancellation) =>
        client.PutAsync($"{Path(kind, value)}/refutation", cancellation);

    public Task<Answer<Nothing>> BanAsync(string peer, CancellationToken cancellation) =>
        client.PutAsync($"mesh/peers/{Uri.EscapeDataString(peer)}/ban", cancellation);

    public Task<Answer<Nothing>> UnbanAsync(string peer, CancellationToken cancellation) => client.DeleteAsync($"mesh/peers/{Uri.EscapeDataString(peer)}/ban", tag: null, cancellation);

    private static string Path(string kind, string value) => $"mesh/indicators/{Uri.EscapeDataString(kind)}/{Uri.EscapeDataString(value)}";
}
