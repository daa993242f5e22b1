namespace Blackwall.Client.Sources;

/// <summary>/sources: what is known of one address.</summary>
public readonly struct SourcesApi(ApplianceClient client)
{
    /// <param name="address">IPv4 or IPv6.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<Source>> GetAsync(string address, CancellationToken cancellation) =>
        client.ReadAsync($"sources/{Uri.EscapeDataString(address)}", ClientJson.Default.Source, cancellation);
}
