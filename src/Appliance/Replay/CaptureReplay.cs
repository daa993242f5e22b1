using Blackwall.Kernel;
using Blackwall.Kernel.Enforcement;
using Blackwall.Kernel.Events;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Replay.Wire;

namespace Blackwall.Replay;

/// <summary>
/// Sends the packets of a capture through the kernel programs and the pipeline, in the time of the capture: what is decided about a packet
/// meets the next one. One thread from beginning to end.
/// </summary>
internal sealed class CaptureReplay : IDecisionObserver, IEvidenceSink, IDisposable
{
    private const int FirstBuffer = 1 << 20;
    private const int MostFlows = 65_536;
    private const ulong Second = 1_000_000_000;

    private readonly IReplayOutput _output;
    private readonly CaptureClock _clock = new();
    private readonly PublishQueue _queue = new();
    private readonly DecisionPipeline _pipeline;
    private readonly VerdictBoard _board;
    private readonly VirtualWall _wall;
    private readonly EnforcementWriter _writer;
    private readonly HopSurvey _hops = new();
    private readonly FlowBook _flows;
    private readonly HelloTap _hellos;
    private readonly SynTap _syns;
    private readonly List<DecisionChange> _changes = [];
    private readonly byte[] _frame = new byte[(1 << 16) + LinkLayer.EthernetBytes + CaptureParser.LongestPacket];
    private (ulong Nanoseconds, uint LinkType, long OriginalLength, byte[] Data)? _waiting;
    private long _packets;
    private long _inbound;
    private long _outbound;
    private long _unreadable;
    private long _cutInHeaders;
    private long _padded;
    private long _decisions;
    private long _alerts;
    private long _refused;
    private long _lost;
    private ulong _first;
    private ulong _expired;

    /// <remarks>Throws what <see cref="VirtualWall"/> throws when the programs cannot be loaded.</remarks>
    public CaptureReplay(ReplaySetup setup, IReplayOutput output)
    {
        _output = output;
        _pipeline = new DecisionPipeline(setup.Plan.Stages, _queue);
        _board = new VerdictBoard(setup.Board, _clock, [this]);
        _hellos = new HelloTap(output.Hello);
        _syns = new SynTap(output.Syn);
        _flows = new FlowBook(MostFlows, setup.Local, _hops, output.Flow);
        _wall = new VirtualWall(setup.Wall, new PipelineFeed(_pipeline));
        _writer = new EnforcementWriter(_board, _wall);
        foreach (Action<VerdictBoard> rules in setup.Plan.Rules)
        {
            rules(_board);
        }

        _changes.Clear();
    }

    /// <summary>Where the capture is damaged, in bytes, and how; null: nowhere.</summary>
    public (long Offset, string Sentence)? Fault { get; private set; }

    /// <summary>Reads to the end, or to where the capture is damaged.</summary>
    public void Run(Stream capture)
    {
        Survey(capture);
        CaptureParser parser = new();
        byte[] buffer = new byte[FirstBuffer];
        int start = 0;
        int end = 0;
        bool isOver = false;
        string? fault = null;
        while (fault is null)
        {
            CaptureStep step = parser.Next(buffer.AsSpan(start, end - start), out int consumed, out CapturedPacket packet);
            if (step == CaptureStep.Packet)
            {
                Order(in packet);
            }
            else if (step == CaptureStep.Damaged)
            {
                fault = parser.Fault;
            }
            else if (step == CaptureStep.NeedMore)
            {
                if (isOver)
                {
                    fault = end > start ? "the file ends within a record" : parser.Offset == 0 ? "the file is empty" : null;
                    break;
                }

                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                if (end == buffer.Length)
                {
                    // The parser refuses longer records, so this ends.
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                int read = capture.Read(buffer.AsSpan(end));
                end += read;
                isOver = read == 0;
            }

            start += consumed;
        }

        Release(contradicted: false);
        _flows.Close();
        if (fault is not null)
        {
            Fault = (parser.Offset, fault);
            _output.Fault(parser.Offset, fault);
        }

        _output.Summary(Sum());
    }

    public void OnChange(DecisionChange change) => _changes.Add(change);

    public void Record(Evidence evidence)
    {
        _alerts++;
        _output.Evidence(evidence);
    }

    public void Dispose()
    {
        _wall.Dispose();
        _board.Dispose();
    }

    /// <summary>Looks at the beginning of a capture before anything of it is judged. What comes through a pipe cannot be read twice.</summary>
    private void Survey(Stream capture)
    {
        if (!capture.CanSeek)
        {
            return;
        }

        long start = capture.Position;
        byte[] head = new byte[FirstBuffer];
        ReadOnlySpan<byte> rest = head.AsSpan(0, capture.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        capture.Position = start;
        CaptureParser parser = new();
        CaptureStep step;
        while ((step = parser.Next(rest, out int consumed, out CapturedPacket packet)) is not (CaptureStep.NeedMore or CaptureStep.Damaged))
        {
            rest = rest[consumed..];
            if (step == CaptureStep.Packet && LinkLayer.TryLocate(packet.LinkType, packet.Data, out int headerBytes, out ushort etherType)
                && FrameSketch.TryRead(Frame(in packet, headerBytes, etherType, out _), out FrameSketch sketch, out _))
            {
                _hops.Observe(in sketch);
            }
        }
    }

    /// <summary>A packet far ahead of the one before waits for the next one, which says whether its time is right.</summary>
    private void Order(in CapturedPacket packet)
    {
        if (_waiting is { } earlier)
        {
            Release(_clock.Contradicts(earlier.Nanoseconds, packet.Nanoseconds));
        }

        if (_packets > 0 && _clock.IsLeap(packet.Nanoseconds))
        {
            _waiting = (packet.Nanoseconds, packet.LinkType, packet.OriginalLength, packet.Data.ToArray());
            return;
        }

        Process(in packet);
    }

    private void Release(bool contradicted)
    {
        if (_waiting is { } packet)
        {
            _waiting = null;
            Process(new CapturedPacket { Nanoseconds = packet.Nanoseconds, LinkType = packet.LinkType, OriginalLength = packet.OriginalLength, Data = packet.Data }, contradicted);
        }
    }

    private void Process(in CapturedPacket packet, bool isMisdated = false)
    {
        _packets++;
        if (isMisdated)
        {
            _clock.Stay();
        }
        else
        {
            _clock.MoveTo(packet.Nanoseconds);
        }

        if (_packets == 1)
        {
            _first = _clock.Now;
            _expired = _clock.Now;
            _wall.Now = _clock.Now;
            _writer.Replace();
        }

        _wall.Now = _clock.Now;
        if (_clock.Now - _expired >= Second)
        {
            _expired = _clock.Now;
            if (_board.ExpireDue() > 0)
            {
                Enforce();
            }
        }

        if (!LinkLayer.TryLocate(packet.LinkType, packet.Data, out int headerBytes, out ushort etherType))
        {
            _unreadable++;
            return;
        }

        ReadOnlySpan<byte> frame = Frame(in packet, headerBytes, etherType, out long length);
        bool isIp = FrameSketch.TryRead(frame, out FrameSketch sketch, out bool whole);
        if (isIp && whole)
        {
            _syns.Observe(frame, in sketch, _clock.Now);
            _hellos.Observe(frame, in sketch, _clock.Now);
        }

        if (length > frame.Length)
        {
            if (!whole)
            {
                _cutInHeaders++;
                return;
            }

            frame = Padded(frame, length);
        }

        Judge(frame, isIp ? sketch : null);
    }

    private void Judge(ReadOnlySpan<byte> frame, FrameSketch? sketch)
    {
        bool outbound = false;
        ReplayedFlow? flow = sketch is { } ends ? _flows.Find(in ends, _clock.Now, out outbound) : null;
        bool passed = false;
        if (outbound)
        {
            _outbound++;
            _wall.Egress(frame[..Math.Min(frame.Length, VirtualWall.LongestEgress)]);
        }
        else
        {
            _inbound++;
            passed = _wall.Ingress(frame[..Math.Min(frame.Length, _wall.LongestIngress)]);
        }

        if (flow is not null)
        {
            flow.Bytes += frame.Length;
            flow.PacketsOut += outbound ? 1 : 0;
            flow.Passed += !outbound && passed ? 1 : 0;
            flow.Stopped += !outbound && !passed ? 1 : 0;
        }

        if (_output.WantsPackets)
        {
            _output.Packet(_packets, _clock.Now, sketch, outbound, outbound ? null : _wall.LastReason());
        }

        _wall.Drain();
        if (_queue.PublishWaiting(_board, [this], OnRefused) > 0)
        {
            Enforce();
        }
    }

    private void OnRefused(DecisionRequest request, string refusal)
    {
        _refused++;
        _pipeline.Exempt(request.Scope);
    }

    /// <summary>The kernel meets the next packet with what is decided now.</summary>
    private void Enforce()
    {
        _writer.Synchronise();
        foreach (DecisionChange change in _changes)
        {
            _decisions += change.Kind == DecisionChangeKind.Created ? 1 : 0;
            _output.Decision(change);
        }

        _changes.Clear();
        _lost = _queue.Dropped;
    }

    /// <summary>The packet behind an Ethernet header; <paramref name="length"/>: what it had on the wire.</summary>
    private ReadOnlySpan<byte> Frame(in CapturedPacket packet, int headerBytes, ushort etherType, out long length)
    {
        const uint ethernet = 1;
        if (packet.LinkType == ethernet)
        {
            length = packet.OriginalLength;
            return packet.Data;
        }

        ReadOnlySpan<byte> network = packet.Data[headerBytes..];
        length = packet.OriginalLength - headerBytes + LinkLayer.EthernetBytes;
        LinkLayer.WriteEthernet(_frame, etherType);
        network.CopyTo(_frame.AsSpan(LinkLayer.EthernetBytes));
        return _frame.AsSpan(0, LinkLayer.EthernetBytes + network.Length);
    }

    private ReadOnlySpan<byte> Padded(ReadOnlySpan<byte> frame, long length)
    {
        _padded++;
        int whole = (int)Math.Min(length, Math.Max(frame.Length, _wall.LongestIngress));
        frame.CopyTo(_frame);
        _frame.AsSpan(frame.Length, whole - frame.Length).Clear();
        return _frame.AsSpan(0, whole);
    }

    private ReplaySummary Sum() => new()
    {
        Packets = _packets,
        First = _first,
        Last = _packets == 0 ? 0 : _clock.Now,
        Inbound = _inbound,
        Outbound = _outbound,
        Unreadable = _unreadable,
        CutInHeaders = _cutInHeaders,
        Padded = _padded,
        Unordered = _clock.Unordered,
        Flows = _flows.Count,
        Decisions = _decisions,
        Evidence = _alerts,
        Refused = _refused,
        Lost = _lost,
        Counters = _wall.ReadCounters(),
    };
}
