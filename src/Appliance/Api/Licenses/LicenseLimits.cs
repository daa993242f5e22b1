namespace Blackwall.Api.Licenses;

/// <summary>How much of it; null: as much as the appliance can.</summary>
/// <param name="PageSize">Most items of a page of a feed or collection.</param>
/// <param name="RequestsPerMinute">Requests of one key to feeds, collections and exports.</param>
/// <param name="LineSinks">Sinks of syslog and JSON lines.</param>
/// <param name="CollectorSinks">Sinks of Splunk and Elastic, and webhooks.</param>
public sealed record LicenseLimits(int PageSize, int? RequestsPerMinute, int? LineSinks, int? CollectorSinks);
