using Blackwall.Pipeline.Model;
using Blackwall.Replay.Wire;

namespace Blackwall.Replay;

/// <summary>
/// The flows of a capture, and which end of each is ours. Bounded: a new flow puts out the one longest untouched (second chance), which is
/// reported as it stands.
/// </summary>
/// <param name="capacity">Most flows at once.</param>
/// <param name="local">
/// Our networks; empty: a private address is ours when the other is public, else who was near when the other was not, else who got the first
/// SYN, or the first packet of another kind.
/// </param>
/// <param name="hops">Who was near.</param>
/// <param name="ended">Called with each flow once.</param>
internal sealed class FlowBook(int capacity, IReadOnlyList<Prefix> local, HopSurvey hops, Action<ReplayedFlow> ended)
{
    private readonly Dictionary<FlowPair, ReplayedFlow> _flows = [];
    private readonly Queue<ReplayedFlow> _order = new();

    /// <summary>Flows so far.</summary>
    public long Count { get; private set; }

    /// <summary>Flows that had to go before the capture ended.</summary>
    public long Evicted { get; private set; }

    /// <summary>The flow of a packet; <paramref name="outbound"/>: it leaves from our side.</summary>
    public ReplayedFlow Find(in FrameSketch frame, ulong now, out bool outbound)
    {
        FlowPair pair = FlowPair.From(in frame);
        if (!_flows.TryGetValue(pair, out ReplayedFlow? flow))
        {
            flow = Add(pair, in frame, now);
        }

        flow.Last = now;
        flow.Touched = true;
        if (!flow.SidesKnown)
        {
            Learn(flow, in frame, first: false);
        }

        outbound = flow.SidesKnown && frame.Source == flow.Local && frame.SourcePort == flow.LocalPort
            && !(frame.Source == flow.Remote && frame.SourcePort == flow.RemotePort);
        return flow;
    }

    /// <summary>Reports what is left, in order of their beginnings.</summary>
    public void Close()
    {
        foreach (ReplayedFlow flow in _order.OrderBy(f => f.Number))
        {
            ended(flow);
        }

        _order.Clear();
        _flows.Clear();
    }

    private ReplayedFlow Add(FlowPair pair, in FrameSketch frame, ulong now)
    {
        while (_flows.Count >= capacity)
        {
            ReplayedFlow oldest = _order.Dequeue();
            if (oldest.Touched)
            {
                oldest.Touched = false;
                _order.Enqueue(oldest);
                continue;
            }

            _flows.Remove(oldest.Pair);
            Evicted++;
            ended(oldest);
        }

        ReplayedFlow flow = new(++Count, pair, now);
        SetSides(flow, in frame, fromLocal: false);
        Learn(flow, in frame, first: true);
        _flows.Add(pair, flow);
        _order.Enqueue(flow);
        return flow;
    }

    private void Learn(ReplayedFlow flow, in FrameSketch frame, bool first)
    {
        bool fromLocal = IsLocal(frame.Source);
        bool toLocal = IsLocal(frame.Destination);
        if (local.Count == 0)
        {
            // Nobody said: private addresses are at home when the other end is not.
            fromLocal = IsPrivate(frame.Source);
            toLocal = IsPrivate(frame.Destination);
            if (fromLocal == toLocal && hops.IsNear(frame.Source) is { } fromNear && hops.IsNear(frame.Destination) is { } toNear && fromNear != toNear)
            {
                (fromLocal, toLocal) = (fromNear, toNear);
            }
        }

        if (fromLocal != toLocal)
        {
            SetSides(flow, in frame, fromLocal);
            flow.SidesKnown = true;
        }
        else if (frame.Answers || frame.Opens)
        {
            SetSides(flow, in frame, fromLocal: frame.Answers);
            flow.SidesKnown = true;
        }
        else if (first && frame.Protocol != FrameSketch.Tcp)
        {
            flow.SidesKnown = true;
        }
    }

    private static void SetSides(ReplayedFlow flow, in FrameSketch frame, bool fromLocal)
    {
        (flow.Remote, flow.RemotePort, flow.Local, flow.LocalPort) = fromLocal
            ? (frame.Destination, frame.DestinationPort, frame.Source, frame.SourcePort)
            : (frame.Source, frame.SourcePort, frame.Destination, frame.DestinationPort);
    }

    // RFC 1918, RFC 4193.
    private static bool IsPrivate(Address address) => address.IsV4
        ? address.V4 >> 24 == 10 || address.V4 >> 20 == 0xac1 || address.V4 >> 16 == 0xc0a8
        : address.Value >> 121 == 0x7e;

    private bool IsLocal(Address address)
    {
        foreach (Prefix prefix in local)
        {
            if (prefix.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
