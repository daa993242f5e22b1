using System.Text.Json.Serialization;

namespace Blackwall.Pipeline.Model;

/// <summary>
/// What was measured, as fields that a program can use. A finding fills those that it has; the rest are null and not shown. The sentence of a piece of
/// evidence is made from these.
/// </summary>
public sealed record EvidenceFacts
{
    private Finding? _finding;

    /// <param name="finding">What was found.</param>
    public EvidenceFacts(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        _finding = finding;
        Finding = finding.Name;
    }

    /// <param name="finding">Name of what was found, as it was stored.</param>
    [JsonConstructor]
    public EvidenceFacts(string finding) => Finding = finding;

    /// <summary>Machine word of what was found; it says which fields there are.</summary>
    public string Finding { get; private init; }

    /// <summary>The other end of the flows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Other { get; init; }

    /// <summary>The host inside whose behaviour it is, where the evidence is about the end outside.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Inside { get; init; }

    /// <summary>Addresses that acted together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Network { get; init; }

    /// <summary>Port on the side that serves; host order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Port { get; init; }

    /// <summary>What is served there: SSH, FTP.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Service { get; init; }

    /// <summary>tcp, udp or icmp.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Protocol { get; init; }

    /// <summary>Distinct ports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Ports { get; init; }

    /// <summary>Distinct hosts at the other end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Hosts { get; init; }

    /// <summary>Distinct source addresses.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Sources { get; init; }

    /// <summary>Distinct inside hosts that do the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? InsideHosts { get; init; }

    /// <summary>Other addresses of the network that use services in the ordinary way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Users { get; init; }

    /// <summary>Packets, or flows where their class counts so: SYNs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Packets { get; init; }

    /// <summary>Which packets: "SYNs", "UDP packets".</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PacketKind { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Flows { get; init; }

    /// <summary>Completed handshakes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Handshakes { get; init; }

    /// <summary>Failed or tried logins.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Logins { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Requests { get; init; }

    /// <summary>Requests for what is not there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Missed { get; init; }

    /// <summary>Distinct request targets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Targets { get; init; }

    /// <summary>How many of those that were tried answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Answered { get; init; }

    /// <summary>Distinct names asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Names { get; init; }

    /// <summary>Connections at regular intervals.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CheckIns { get; init; }

    /// <summary>Pieces of evidence that this one stands for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Pieces { get; init; }

    /// <summary>From our side.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesOut { get; init; }

    /// <summary>To our side.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesIn { get; init; }

    /// <summary>The part of bytesOut that went to other, where other destinations got some too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesOutToOther { get; init; }

    /// <summary>Bytes that the host usually sends in such a span, in all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? UsualBytesOut { get; init; }

    /// <summary>Most bytes that it usually sends to other in such a span.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? UsualBytesOutToOther { get; init; }

    /// <summary>Mean length of a name, in bytes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesEach { get; init; }

    /// <summary>Shannon entropy, 0..8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BitsPerByte { get; init; }

    /// <summary>Share of questions whose type can carry free data (TXT, NULL and the like), percent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RoomyPercent { get; init; }

    /// <summary>Time between two calls.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PeriodMilliseconds { get; init; }

    /// <summary>Median deviation of the time between two calls, in percent of its median.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SpreadPercent { get; init; }

    /// <summary>Gaps that are too short for the period, in percent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ShortPercent { get; init; }

    /// <summary>Gaps that are too long for the period, in percent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LongPercent { get; init; }

    /// <summary>0..100.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Score { get; init; }

    /// <summary>Length of the time over which it was counted; the evidence was seen at the end of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SpanMilliseconds { get; init; }

    /// <summary>What was counted, for each second of the span; not there where the span is 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PerSecond =>
        SpanMilliseconds > 0 && (Packets ?? Flows ?? Logins ?? Requests ?? Handshakes ?? Names ?? Ports) is { } count ? Math.Round(count * 1000.0 / SpanMilliseconds.Value, 3) : null;

    /// <summary>When what was counted began; not there where it has no span.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? FirstSeen { get; init; }

    /// <summary>When it was seen last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Rules that a request meets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>The threat feed that says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Feed { get; init; }

    /// <summary>What the feed says about the address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Malware { get; init; }

    /// <summary>What a client looks like.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Client { get; init; }

    /// <summary>browser, library, tool, scanner or malware.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Category { get; init; }

    /// <summary>0..1: how sure the name of the client is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Confidence { get; init; }

    /// <summary>ja4, hassh, ssh-banner or tcp-syn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FingerprintKind { get; init; }

    /// <summary>As the database holds it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fingerprint { get; init; }

    /// <summary>The finding that led to this one; the other fields belong to it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Because { get; init; }

    /// <summary>Phase before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    /// <summary>Phase after.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? To { get; init; }

    /// <summary>true: another site may have led a browser to it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? LedByOthers { get; init; }

    /// <summary>true: many people send from this address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? SharedSource { get; init; }

    /// <summary>Why a phase changed, as a sentence.</summary>
    [JsonIgnore]
    public string? Why { get; init; }

    /// <summary>What follows from these facts: another finding, with the same fields.</summary>
    public EvidenceFacts Leading(Finding to)
    {
        ArgumentNullException.ThrowIfNull(to);
        return this with { _finding = to, Finding = to.Name, Because = Finding, Why = Sentence, Inside = null, SharedSource = null };
    }

    /// <summary>How it reads; empty for what the store gave back, which keeps its sentence beside.</summary>
    [JsonIgnore]
    public string Sentence => _finding?.Sentence(this) ?? "";
}
