namespace Blackwall.Siem.Sinks;

/// <summary>How a sink takes events.</summary>
internal enum SinkKind
{
    /// <summary>Splunk's HTTP Event Collector.</summary>
    Hec,

    /// <summary>Syslog of RFC 5424 over UDP, TCP or TLS.</summary>
    Syslog,

    /// <summary>JSON objects, one a line, over TCP or TLS.</summary>
    Lines,

    /// <summary>Elastic's bulk API.</summary>
    Elastic,

    /// <summary>POST of JSON lines, signed.</summary>
    Webhook,
}
