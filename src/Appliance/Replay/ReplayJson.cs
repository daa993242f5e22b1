using System.Text.Json.Serialization;
using Blackwall.Api.Contracts;
using Blackwall.Pipeline.Model;

namespace Blackwall.Replay;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PacketLine))]
[JsonSerializable(typeof(DecisionLine))]
[JsonSerializable(typeof(EvidenceLine))]
[JsonSerializable(typeof(FlowLine))]
[JsonSerializable(typeof(TlsClientLine))]
[JsonSerializable(typeof(TcpClientLine))]
[JsonSerializable(typeof(FaultLine))]
[JsonSerializable(typeof(SummaryLine))]
internal sealed partial class ReplayJson : JsonSerializerContext;

internal sealed record PacketLine(
    string Type,
    long Number,
    string Time,
    string Direction,
    string? Source,
    int? SourcePort,
    string? Destination,
    int? DestinationPort,
    int? Protocol,
    string? Reason);

internal sealed record DecisionLine(string Type, string Change, DateTimeOffset Time, DecisionBody Decision);

internal sealed record EvidenceLine(string Type, DateTimeOffset Time, string Source, string Kind, string Class, double Weight, string Detail, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EvidenceFacts? Facts);

internal sealed record FlowLine(
    string Type,
    long Number,
    string First,
    string Last,
    string Remote,
    int RemotePort,
    string Local,
    int LocalPort,
    int Protocol,
    bool SidesKnown,
    long Passed,
    long Stopped,
    long PacketsOut,
    long Bytes);

internal sealed record TlsClientLine(
    string Type,
    string Time,
    string Src,
    int Sport,
    string Dst,
    int Dport,
    string Sni,
    string Ja4,
    [property: JsonPropertyName("ja4_r")] string Ja4Raw,
    [property: JsonPropertyName("ja4_o")] string Ja4Original,
    [property: JsonPropertyName("ja4_ro")] string Ja4OriginalRaw);

internal sealed record TcpClientLine(
    string Type,
    string Time,
    string Src,
    int Sport,
    string Dst,
    int Dport,
    [property: JsonPropertyName("tcp_syn")] string TcpSyn,
    int Distance);

internal sealed record FaultLine(string Type, long Offset, string Detail);

internal sealed record SummaryLine(
    string Type,
    long Packets,
    string First,
    string Last,
    long Inbound,
    long Outbound,
    long Unreadable,
    long CutInHeaders,
    long Padded,
    long Unordered,
    long Flows,
    long Decisions,
    long Evidence,
    long Refused,
    long Lost,
    IReadOnlyDictionary<string, ulong> Reasons,
    IReadOnlyDictionary<string, ulong> Losses);
