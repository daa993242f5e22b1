namespace Blackwall.Siem.Sinks;

/// <summary>A sink and how it does. Its secret is not shown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">hec, syslog, lines, elastic or webhook.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Format">cef, leef, ecs, eve or hec.</param>
/// <param name="Enabled">Whether events are sent.</param>
/// <param name="HasToken">Whether a secret is stored.</param>
/// <param name="Index">Index of Splunk or Elastic.</param>
/// <param name="SourceType">Of Splunk.</param>
/// <param name="Acknowledge">Whether Splunk confirms what is indexed.</param>
/// <param name="MinSeverity">Events below are not sent.</param>
/// <param name="Kinds">Kinds of events that are sent; empty: all.</param>
/// <param name="CaCertificate">PEM of the authority.</param>
/// <param name="State">running, retrying, stopped or unlicensed.</param>
/// <param name="Sent">Events that were delivered since the appliance started.</param>
/// <param name="Refused">Events that the sink refused for what they are; they are kept aside.</param>
/// <param name="Missed">Events that the log did not have any more when the sink was to get them.</param>
/// <param name="Behind">Events that wait.</param>
/// <param name="Failures">Attempts that failed since the appliance started.</param>
/// <param name="LastError">Why the last attempt failed; null: it did not.</param>
/// <param name="LastSent">When the last events were delivered.</param>
internal sealed record SinkBody(
    string Name, string Kind, string Url, string Format, bool Enabled, bool HasToken, string? Index, string? SourceType, bool Acknowledge, int MinSeverity, IReadOnlyList<string> Kinds, string? CaCertificate,
    string State, long Sent, long Refused, long Missed, long Behind, long Failures, string? LastError, DateTimeOffset? LastSent);
