using System.Globalization;
using Blackwall.Api.Contracts;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Replay.Wire;

namespace Blackwall.Replay;

/// <summary>For a person: decisions as they come, then the largest flows, then the sums.</summary>
internal sealed class TextReport(TextWriter output, bool packets) : IReplayOutput
{
    private const int FlowsShown = 20;
    private const int ClientsKept = 4096;

    // The least of those shown comes out first; of equal ones the later.
    private readonly PriorityQueue<ReplayedFlow, (long Packets, long Earlier)> _largest = new();

    private readonly Dictionary<string, long> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _syns = new(StringComparer.Ordinal);

    public bool WantsPackets => packets;

    public void Packet(long number, ulong time, FrameSketch? frame, bool outbound, Reason? reason)
    {
        string ends = frame is { } f ? $"{End(f.Source, f.SourcePort)} > {End(f.Destination, f.DestinationPort)} {Protocol(f.Protocol)}" : "no IP";
        Line($"{CaptureClock.Text(time)}  #{number} {(outbound ? "out" : "in ")} {ends}{(reason is { } why ? $"  {Words.Kebab(why.ToString())}" : "")}");
    }

    public void Decision(DecisionChange change)
    {
        Decision decision = change.Decision;
        string until = decision.Expiry is { } end ? $" until {Date(end)}" : "";
        Line($"{Date(change.Time)}  {Words.Kebab(change.Kind.ToString())}: {Words.For(decision.Verdict)} {decision.Scope} ({decision.Reason}){until}");
        foreach (Evidence evidence in change.Evidence)
        {
            Line($"    because: {evidence.Detail} [{Words.For(evidence.Class)}]");
        }
    }

    public void Evidence(Evidence evidence) =>
        Line($"{Date(evidence.Seen)}  seen: {evidence.Source} {evidence.Detail} ({evidence.Kind}) [{Words.For(evidence.Class)}]");

    public void Flow(ReplayedFlow flow)
    {
        _largest.Enqueue(flow, (flow.Packets, -flow.Number));
        if (_largest.Count > FlowsShown)
        {
            _largest.Dequeue();
        }
    }

    public void Hello(ReplayedHello hello)
    {
        if (!hello.IsRetry)
        {
            Count(_clients, hello.Ja4.Sorted);
        }
    }

    public void Syn(ReplayedSyn syn) => Count(_syns, syn.Print);

    public void Fault(long offset, string sentence) => Line($"The capture ends here, at byte {offset}: {sentence}.");

    public void Summary(ReplaySummary summary)
    {
        Line($"");
        Line($"{summary.Packets} packets from {CaptureClock.Text(summary.First)} to {CaptureClock.Text(summary.Last)}: {summary.Inbound} in, {summary.Outbound} out");
        Some(summary.Unreadable, "not read: another link type, or shorter than their link header");
        Some(summary.CutInHeaders, "not judged: cut within their headers");
        Some(summary.Padded, "cut behind their headers; zeros stand for what is missing");
        Some(summary.Unordered, "out of order in time; taken to come with the one before");
        Some(summary.Lost, "findings lost: the queue was full");
        Clients("TLS clients", _clients);
        Clients("TCP clients", _syns);
        Line($"");
        Line($"verdicts");
        foreach (WallCountersRow row in summary.Counters.Reasons.Where(r => r.Packets > 0).Select(r => new WallCountersRow(Words.Kebab(r.Reason.ToString()), r.Packets)))
        {
            Line($"  {row.Packets,12}  {row.Word}");
        }

        Line($"");
        Line($"{summary.Flows} flows{(summary.Flows > FlowsShown ? $"; the {FlowsShown} largest" : "")}");
        foreach (ReplayedFlow flow in _largest.UnorderedItems.Select(i => i.Element).OrderByDescending(f => f.Packets).ThenBy(f => f.Number))
        {
            Line($"  {End(flow.Remote, flow.RemotePort)} > {End(flow.Local, flow.LocalPort)} {Protocol(flow.Pair.Protocol)}: in {flow.Passed} passed, {flow.Stopped} stopped; out {flow.PacketsOut}; {flow.Bytes} bytes");
        }

        Line($"");
        Line($"{summary.Decisions} decisions, {summary.Refused} refused; {summary.Evidence} more pieces of evidence");
    }

    private static void Count(Dictionary<string, long> clients, string fingerprint)
    {
        if (clients.Count < ClientsKept || clients.ContainsKey(fingerprint))
        {
            clients[fingerprint] = clients.GetValueOrDefault(fingerprint) + 1;
        }
    }

    private void Clients(string title, Dictionary<string, long> clients)
    {
        if (clients.Count == 0)
        {
            return;
        }

        Line($"");
        Line($"{title}");
        foreach ((string fingerprint, long count) in clients.OrderByDescending(client => client.Value).ThenBy(client => client.Key, StringComparer.Ordinal).Take(FlowsShown))
        {
            Line($"  {count,12}  {fingerprint}");
        }
    }

    private void Some(long count, string what)
    {
        if (count > 0)
        {
            Line($"  {count} {what}");
        }
    }

    private void Line(FormattableString line)
    {
        output.Write(line.ToString(CultureInfo.InvariantCulture));
        output.Write('\n');
    }

    private static string Date(DateTimeOffset date) => date.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string End(Address address, ushort port) => string.Create(CultureInfo.InvariantCulture, $"{(address.IsV4 ? $"{address}" : $"[{address}]")}:{port}");

    private static string Protocol(byte protocol) => protocol switch
    {
        1 => "ICMP",
        6 => "TCP",
        17 => "UDP",
        58 => "ICMPv6",
        _ => string.Create(CultureInfo.InvariantCulture, $"protocol {protocol}"),
    };

    private readonly record struct WallCountersRow(string Word, ulong Packets);
}
