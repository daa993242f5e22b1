namespace Blackwall.Client.Status;

/// <summary>/health and /stats.</summary>
public readonly struct StatusApi(ApplianceClient client)
{
    /// <summary>Ready, degraded or starting; an appliance that is not ready answers too.</summary>
    public Task<Answer<Health>> HealthAsync(CancellationToken cancellation) => client.ReadAsync("health/ready", ClientJson.Default.Health, cancellation);

    public Task<Answer<Stats>> StatsAsync(CancellationToken cancellation) => client.ReadAsync("stats", ClientJson.Default.Stats, cancellation);
}
