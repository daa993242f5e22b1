namespace Blackwall.Client.Settings;

/// <summary>/config.</summary>
public readonly struct SettingsApi(ApplianceClient client)
{
    /// <summary>Has the configuration read again; one with an error is refused and changes nothing.</summary>
    public Task<Answer<Reload>> ReloadAsync(CancellationToken cancellation) => client.SendAsync(HttpMethod.Post, "config/reload", ClientJson.Default.Reload, cancellation);
}
