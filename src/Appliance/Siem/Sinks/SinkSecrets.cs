namespace Blackwall.Siem.Sinks;

/// <summary>What a sink proves itself with; written, and never read back.</summary>
/// <param name="Token">Token of Splunk, API key of Elastic ("user:password" is sent as Basic), or the key that a webhook is signed with.</param>
internal sealed record SinkSecrets(string? Token);
