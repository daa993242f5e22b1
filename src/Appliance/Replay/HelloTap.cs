using System.Text;
using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;
using Blackwall.Replay.Wire;

namespace Blackwall.Replay;

/// <summary>
/// Reads the TLS clients of a capture off its packets, in both directions and also in the middle of a flow, where live programs would not look.
/// Bounded: what was seen longest ago is forgotten.
/// </summary>
internal sealed class HelloTap(Action<ReplayedHello> found)
{
    private const int MostFlows = 65_536;

    /// <summary>Segments of a side that may still bring its hello: proxies and mail servers say a few lines first.</summary>
    private const int MostSegments = 16;

    // The second one answers a HelloRetryRequest (RFC 8446 §4.1.4) or a DTLS cookie; it is another fingerprint of the same client.
    private const int MostHellos = 2;

    private readonly HelloAssembler _assembler = new(4096);
    private readonly Dictionary<HelloFlow, Side> _sides = [];
    private readonly Queue<HelloFlow> _order = new();

    public void Observe(ReadOnlySpan<byte> frame, in FrameSketch sketch, ulong time)
    {
        if (!TransportPayload.TryRead(frame, out TransportPayload payload))
        {
            return;
        }

        HelloFlow flow = new(sketch.Source, sketch.SourcePort, sketch.Destination, sketch.DestinationPort, sketch.Protocol);
        if (sketch.Opens)
        {
            // The ports may have had another flow before.
            _sides.Remove(flow);
        }

        if (payload.Data.IsEmpty)
        {
            return;
        }

        Side side = _sides.GetValueOrDefault(flow);
        if (side.Segments >= MostSegments || side.Hellos >= MostHellos)
        {
            return;
        }

        ClientHello hello;
        char transport;
        bool whole;
        if (sketch.Protocol == FrameSketch.Tcp)
        {
            transport = 't';
            whole = _assembler.TryTcp(flow, time, payload.Sequence, payload.Data, overtaken: side is { Segments: 0, Hellos: 0 } && payload.Data[0] != 22 && payload.Data.Length >= 64, out hello);
        }
        else if ((payload.Data[0] & 0xc0) == 0xc0)
        {
            transport = 'q';
            whole = _assembler.TryQuic(flow, time, payload.Data, out hello);
        }
        else
        {
            transport = 'd';
            whole = _assembler.TryDtls(flow, time, payload.Data, out hello);
        }

        // The pieces of a hello that was begun are bounded by whoever puts them together.
        Keep(flow, new Side(side.Segments + (_assembler.IsWaiting(in flow) ? 0 : 1), side.Hellos + (whole ? 1 : 0)));
        if (whole)
        {
            found(new ReplayedHello(time, flow, Encoding.Latin1.GetString(hello.ServerName), Ja4.Forms(in hello, transport), IsRetry: side.Hellos > 0));
        }
    }

    private void Keep(in HelloFlow flow, Side side)
    {
        if (!_sides.ContainsKey(flow))
        {
            while (_sides.Count >= MostFlows && _order.TryDequeue(out HelloFlow oldest))
            {
                _sides.Remove(oldest);
            }

            _order.Enqueue(flow);
        }

        _sides[flow] = side;
    }

    private readonly record struct Side(int Segments, int Hellos);
}
