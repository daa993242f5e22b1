namespace Blackwall.Api.Licenses;

/// <summary>What a licence may add to an installation. Nothing of it decides, blocks or lets pass.</summary>
public enum LicensedFeature
{
    /// <summary>Events in CEF and LEEF, to be fetched.</summary>
    LineFeeds,

    /// <summary>Events for Splunk, in ECS and as EVE, to be fetched.</summary>
    JsonFeeds,

    /// <summary>STIX and TAXII, to be read.</summary>
    TaxiiRead,

    /// <summary>TAXII collections, to be added to.</summary>
    TaxiiWrite,

    /// <summary>Sinks of syslog and JSON lines.</summary>
    LineSinks,

    /// <summary>Sinks of Splunk and Elastic, and webhooks.</summary>
    CollectorSinks,
}
