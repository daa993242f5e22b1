namespace Blackwall.Siem.Sinks;

/// <summary>What a sink shall be.</summary>
/// <param name="Name">1..64 of a-z, 0-9, '-' and '_'; never changes.</param>
/// <param name="Kind">hec, syslog, lines, elastic or webhook.</param>
/// <param name="Url">https://HOST..., udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT, as the kind has it.</param>
/// <param name="Format">cef, leef, ecs or eve; without it what is usual for the kind.</param>
/// <param name="Enabled">Whether events are sent; true without it.</param>
/// <param name="Token">Token, API key or signing key; without it a stored one stays. Never shown again.</param>
/// <param name="Index">Index of Splunk or Elastic.</param>
/// <param name="SourceType">Of Splunk; "blackwall:event" without it.</param>
/// <param name="Acknowledge">Whether Splunk confirms what is indexed; false without it.</param>
/// <param name="MinSeverity">Events below are not sent; 0..10, 0 without it.</param>
/// <param name="Kinds">Kinds of events that are sent; all without it.</param>
/// <param name="CaCertificate">PEM of the authority that the server's certificate comes from.</param>
internal sealed record SinkInput(
    string? Name, string? Kind, string? Url, string? Format = null, bool? Enabled = null, string? Token = null, string? Index = null, string? SourceType = null,
    bool? Acknowledge = null, int? MinSeverity = null, IReadOnlyList<string>? Kinds = null, string? CaCertificate = null);
