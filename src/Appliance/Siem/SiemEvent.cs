namespace Blackwall.Siem;

/// <summary>An event of the log as security tools want it: common fields beside the event itself. What an event does not have is null. Text may be an attacker's.</summary>
/// <param name="Id">"LOG-SEQUENCE": stable, and the same wherever the event is told.</param>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Time">When it was told.</param>
/// <param name="Kind">Machine word: "decision".</param>
/// <param name="Name">What it is, for people; ours alone.</param>
/// <param name="Severity">0..10.</param>
/// <param name="Data">The event's own body: JSON in UTF-8, an object.</param>
internal sealed record SiemEvent(string Id, long Sequence, DateTimeOffset Time, string Kind, string Name, int Severity, ReadOnlyMemory<byte> Data)
{
    /// <summary>Address or prefix that it is about.</summary>
    public string? Source { get; init; }

    public int? SourcePort { get; init; }

    public string? Destination { get; init; }

    public int? DestinationPort { get; init; }

    /// <summary>tcp, udp or icmp.</summary>
    public string? Protocol { get; init; }

    /// <summary>What was done: drop, redirect, rate-limit, pass.</summary>
    public string? Action { get; init; }

    /// <summary>Machine word why.</summary>
    public string? Reason { get; init; }

    /// <summary>Who was logged in as, or tried.</summary>
    public string? User { get; init; }

    /// <summary>A sentence.</summary>
    public string? Message { get; init; }

    /// <summary>0..100.</summary>
    public int? Confidence { get; init; }

    public long? DecisionId { get; init; }

    /// <summary>"indicator--UUID", as STIX and TAXII name it.</summary>
    public string? Indicator { get; init; }

    /// <summary>HASSH or JA4 of the client.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Name of the decision's author.</summary>
    public string? Actor { get; init; }
}
