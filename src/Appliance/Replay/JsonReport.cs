using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Contracts;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Replay.Wire;

namespace Blackwall.Replay;

/// <summary>One JSON object a line.</summary>
internal sealed class JsonReport(Stream output, bool packets) : IReplayOutput, IDisposable
{
    private static readonly string[] ReasonWords = [.. Enum.GetValues<Reason>().Select(reason => Words.Kebab(reason.ToString()))];

    private readonly Utf8JsonWriter _writer = new(output);

    public bool WantsPackets => packets;

    public void Packet(long number, ulong time, FrameSketch? frame, bool outbound, Reason? reason) => Write(
        new PacketLine(
            "packet",
            number,
            CaptureClock.Text(time),
            outbound ? "out" : "in",
            frame is { } from ? $"{from.Source}" : null,
            frame?.SourcePort,
            frame is { } to ? $"{to.Destination}" : null,
            frame?.DestinationPort,
            frame?.Protocol,
            reason is { } why ? ReasonWords[(int)why] : null),
        ReplayJson.Default.PacketLine);

    public void Decision(DecisionChange change) => Write(
        new DecisionLine("decision", Words.Kebab(change.Kind.ToString()), change.Time, DecisionBody.From(change.Decision, change.Evidence, enforced: true)),
        ReplayJson.Default.DecisionLine);

    public void Evidence(Evidence evidence) => Write(
        new EvidenceLine("evidence", evidence.Seen, $"{evidence.Source}", evidence.Kind, Words.For(evidence.Class), evidence.Weight, evidence.Detail, evidence.Facts),
        ReplayJson.Default.EvidenceLine);

    public void Flow(ReplayedFlow flow) => Write(
        new FlowLine(
            "flow",
            flow.Number,
            CaptureClock.Text(flow.First),
            CaptureClock.Text(flow.Last),
            $"{flow.Remote}",
            flow.RemotePort,
            $"{flow.Local}",
            flow.LocalPort,
            flow.Pair.Protocol,
            flow.SidesKnown,
            flow.Passed,
            flow.Stopped,
            flow.PacketsOut,
            flow.Bytes),
        ReplayJson.Default.FlowLine);

    public void Hello(ReplayedHello hello) => Write(
        new TlsClientLine(
            hello.IsRetry ? "tls_client_retry" : "tls_client",
            CaptureClock.Text(hello.Time),
            $"{hello.Flow.Client}",
            hello.Flow.ClientPort,
            $"{hello.Flow.Server}",
            hello.Flow.ServerPort,
            hello.ServerName,
            hello.Ja4.Sorted,
            hello.Ja4.SortedRaw,
            hello.Ja4.Original,
            hello.Ja4.OriginalRaw),
        ReplayJson.Default.TlsClientLine);

    public void Syn(ReplayedSyn syn) => Write(
        new TcpClientLine(
            "tcp_client",
            CaptureClock.Text(syn.Time),
            $"{syn.Flow.Client}",
            syn.Flow.ClientPort,
            $"{syn.Flow.Server}",
            syn.Flow.ServerPort,
            syn.Print,
            syn.Distance),
        ReplayJson.Default.TcpClientLine);

    public void Fault(long offset, string sentence) => Write(new FaultLine("fault", offset, sentence), ReplayJson.Default.FaultLine);

    public void Summary(ReplaySummary summary) => Write(
        new SummaryLine(
            "summary",
            summary.Packets,
            CaptureClock.Text(summary.First),
            CaptureClock.Text(summary.Last),
            summary.Inbound,
            summary.Outbound,
            summary.Unreadable,
            summary.CutInHeaders,
            summary.Padded,
            summary.Unordered,
            summary.Flows,
            summary.Decisions,
            summary.Evidence,
            summary.Refused,
            summary.Lost,
            summary.Counters.Reasons.Where(row => row.Packets > 0).ToDictionary(row => ReasonWords[(int)row.Reason], row => row.Packets, StringComparer.Ordinal),
            summary.Counters.Losses.Where(row => row.Count > 0).ToDictionary(row => Words.Kebab(row.Kind.ToString()), row => row.Count, StringComparer.Ordinal)),
        ReplayJson.Default.SummaryLine);

    public void Dispose() => _writer.Dispose();

    private void Write<T>(T line, JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(_writer, line, type);
        _writer.Flush();
        _writer.Reset();
        output.WriteByte((byte)'\n');
    }
}
