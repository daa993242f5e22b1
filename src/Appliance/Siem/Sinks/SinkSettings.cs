namespace Blackwall.Siem.Sinks;

/// <summary>A sink as it is stored, without its secrets.</summary>
/// <param name="Kind">hec, syslog, lines, elastic or webhook.</param>
/// <param name="Url">https://HOST..., udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT.</param>
/// <param name="Format">cef, leef, ecs or eve; hec has its own.</param>
/// <param name="Enabled">Whether events are sent.</param>
/// <param name="Index">Index of Splunk or Elastic; null: that of the token, or "blackwall".</param>
/// <param name="SourceType">Of Splunk.</param>
/// <param name="Acknowledge">Whether Splunk confirms what is indexed.</param>
/// <param name="MinSeverity">Events below are not sent; 0..10.</param>
/// <param name="Kinds">Kinds of events that are sent; empty: all.</param>
/// <param name="CaCertificate">PEM of the authority that the server's certificate comes from; null: those of the system.</param>
/// <param name="Scopes">Scopes of the key that made or changed it last: events that need another are not sent; null: that key was the administrator's.</param>
internal sealed record SinkSettings(
    string Kind, string Url, string Format, bool Enabled, string? Index, string? SourceType, bool Acknowledge, int MinSeverity, IReadOnlyList<string> Kinds, string? CaCertificate, IReadOnlyList<string>? Scopes = null);
