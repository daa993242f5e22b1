namespace Blackwall.Licensing;

/// <summary>What this installation is licensed for.</summary>
/// <param name="Tier">Basic, Professional, Enterprise or NationalSecurity: what counts at this moment.</param>
/// <param name="State">none, valid, future, grace, expired, revoked or other-machine.</param>
/// <param name="Id">Of the licence; null: there is none.</param>
/// <param name="Customer">Whose it is.</param>
/// <param name="Licensed">Tier that the licence names.</param>
/// <param name="NotBefore">From when on it counts.</param>
/// <param name="Expires">Until when it counts.</param>
/// <param name="GraceEnds">Until when it still counts after that.</param>
/// <param name="PageSize">Most items of a page of a feed or collection.</param>
/// <param name="RequestsPerMinute">Requests of one key to feeds, collections and exports; null: as many as it likes.</param>
/// <param name="LineSinks">Sinks of syslog and JSON lines; null: as many as there can be.</param>
/// <param name="CollectorSinks">Sinks of Splunk and Elastic, and webhooks; null: as many as there can be.</param>
/// <param name="Features">What it has beside that.</param>
/// <param name="Machine">What a licence for this machine alone has to name.</param>
internal sealed record LicenseBody(
    string Tier, string State, string? Id, string? Customer, string? Licensed, DateTimeOffset? NotBefore, DateTimeOffset? Expires, DateTimeOffset? GraceEnds,
    int PageSize, int? RequestsPerMinute, int? LineSinks, int? CollectorSinks, IReadOnlyList<string> Features, string Machine);
