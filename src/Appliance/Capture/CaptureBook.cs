using Blackwall.Capture.Wire;
using Blackwall.Events;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Capture;

/// <summary>Starts captures, fills them with what the tap hands out, ends them and finds them again. Thread-safe.</summary>
internal sealed partial class CaptureBook(
    IPacketTap tap,
    VerdictBoard board,
    CaptureStore store,
    CaptureFolder folder,
    EventLog events,
    IOptions<CaptureOptions> configured,
    CaptureSite site,
    TimeProvider time,
    ILogger<CaptureBook> log)
    : IPacketTaker, IStatsSource, IHealthSource
{
    private const string Full = "its limit of packets or bytes is reached";
    private const string TimeOver = "its time was over";
    private const string NoSpace = "the space for captures is used up by captures that run";

    private readonly Lock _lock = new();
    private readonly CaptureOptions _options = configured.Value;
    private readonly IReadOnlyList<ushort> _ownPorts = [.. configured.Value.ExcludePorts.Append(site.ApiPort).Distinct()];
    private readonly Dictionary<Prefix, OpenCapture> _open = [];
    private readonly SuspectList _suspects = new(tap, configured.Value);
    private readonly EndedCaptures _ended = new();
    private readonly Queue<string> _complete = new();
    private GuardSet _guard = GuardSet.Empty;
    private string? _fault;
    private long _lastId;
    private long _stored;
    private long _packets;
    private long _refused;
    private long _failures;

    public string Name => "captures";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault) ?? (store.Fault is { } why ? $"The index of captures cannot be written: {why}" : null) ?? (tap.Available ? tap.Fault : null);

    public IReadOnlyDictionary<string, long> Read()
    {
        lock (_lock)
        {
            return new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["open"] = _open.Count,
                ["suspects"] = _suspects.Count,
                ["suspectsDisplaced"] = _suspects.Displaced,
                ["packets"] = _packets,
                ["packetsLost"] = tap.Lost,
                ["storedBytes"] = _stored,
                ["refused"] = _refused,
                ["writeFailures"] = _failures + store.Failures,
            };
        }
    }

    /// <summary>Takes up what an earlier process left, and opens the tap.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            try
            {
                (IReadOnlyList<CaptureRecord> ended, IReadOnlyList<CaptureRecord> unended, _lastId) = store.ReadAll();
                folder.Prepare();
                foreach (CaptureRecord known in ended)
                {
                    Keep(known);
                }

                foreach (CaptureRecord left in unended)
                {
                    CaptureRecord mended = left with { Files = folder.Mend(left.Id, left.Files + 1), Ended = time.GetUtcNow(), Outcome = "the appliance ended" };
                    mended = mended with { Bytes = folder.SizeOf(mended) };
                    store.Save([mended]);
                    Keep(mended);
                }

                _stored = folder.Prepare();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StoreException)
            {
                Fail(failure.Message);
            }
        }

        tap.Open(this, _options.RingMegabytes);
        Protect();
    }

    /// <summary>Captures a source because somebody asked for it.</summary>
    public CaptureAnswer Start(Prefix scope, TimeSpan duration, string actor)
    {
        lock (_lock)
        {
            return Start(scope, CaptureRecord.ByOperator, actor, null, null, duration);
        }
    }

    /// <summary>Captures the source of a decision of this appliance.</summary>
    public void Flag(Decision decision, string verdict)
    {
        lock (_lock)
        {
            if (!_options.Enabled || _ended.IsSpent(decision.Id))
            {
                return;
            }

            Start(decision.Scope, CaptureRecord.ByDecision, decision.Actor, decision.Id, verdict, TimeSpan.FromSeconds(_options.SecondsAfter));
        }
    }

    /// <summary>Keeps the next packets of a source in memory, for it may be decided about soon.</summary>
    public void Suspect(Address source)
    {
        Protect();
        lock (_lock)
        {
            if (_guard.Overlapping(Prefix.Host(source)) is null && Running(source) is null)
            {
                _suspects.Suspect(source, time.GetUtcNow());
            }
        }
    }

    public void Take(in TappedPacket packet, ReadOnlySpan<byte> frame)
    {
        if (!FrameEnds.TryRead(frame, out FrameEnds ends))
        {
            return;
        }

        lock (_lock)
        {
            Address remote = packet.Outgoing ? ends.Destination : ends.Source;
            Address local = packet.Outgoing ? ends.Source : ends.Destination;

            // The socket's filter has sorted the management plane out; the ring of dropped frames comes without it.
            if (packet.DroppedBy != 0 && IsManagement(ends))
            {
                return;
            }

            if ((Running(remote) ?? Running(local)) is not { } capture)
            {
                _suspects.Add(remote, in packet, frame);
                return;
            }

            Append(capture, in packet, frame, before: false);
            if (capture.IsFull)
            {
                End(capture, Full);
            }
        }
    }

    public void Rest()
    {
        lock (_lock)
        {
            foreach (OpenCapture capture in _open.Values.Where(capture => capture.Waits).ToArray())
            {
                TryWrite(capture, capture.Flush);
            }
        }
    }

    // Every call brings the guard set up to date first, so that nobody is captured who was guarded by then.
    private CaptureAnswer Start(Prefix scope, string cause, string actor, long? decision, string? verdict, TimeSpan duration)
    {
        Protect();
        if (board.Guarding(scope) is { } guarded)
        {
            return new(null, $"It overlaps {guarded.Scope}, {guarded.Why}: the management plane is never captured.", IsNew: false);
        }

        DateTimeOffset now = time.GetUtcNow();
        bool running = _open.TryGetValue(scope, out OpenCapture? capture);
        if (!running && _open.Count >= _options.MaxOpen)
        {
            _refused++;
            return new(null, $"{_open.Count} captures run, which is the most (pcap.max_open).", IsNew: false);
        }

        PacketRing? kept = running ? null : _suspects.Take(scope);
        TimeSpan left = running && capture!.Until - now is var still && still > duration ? still : duration;
        if (!tap.TryWatch(scope, new TapTerms(left, _options.PacketsPerSecond, _options.SnapLength)))
        {
            _refused++;
            return new(null, tap.Fault ?? (tap.Available ? "The capture filter has no room for another source." : "Nothing is captured while network.mode is off."), IsNew: false);
        }

        if (capture is null)
        {
            try
            {
                CaptureRecord record = new(++_lastId, scope, cause, actor, now, now + duration, null, null, 0, 0, 1, []);
                capture = new OpenCapture(record, folder, _options, site.Interface);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                tap.Unwatch(scope);
                Fail(failure.Message);
                return new(null, $"The capture cannot be written: {failure.Message}", IsNew: false);
            }

            _open[scope] = capture;
            _stored += capture.Bytes;
            CaptureLog.Started(log, $"{scope}", capture.Id, actor);
            Tell(CaptureEventBody.Started, capture.Record);
        }

        capture.Prolong(now + duration, decision, verdict);
        if (!running)
        {
            // The filter goes by the longest prefix, and a suspect inside would get a suspect's share.
            _suspects.ForgetWithin(scope);
        }

        if (!running && kept is not null)
        {
            long since = (now - TimeSpan.FromSeconds(_options.SecondsBefore)).ToUnixTimeMilliseconds() * 1_000_000;
            kept.Read(since, (in TappedPacket packet, ReadOnlySpan<byte> frame) => Append(capture, in packet, frame, before: true));
        }

        Save([capture]);
        return new(capture.Record, null, !running);
    }

    private void Append(OpenCapture capture, in TappedPacket packet, ReadOnlySpan<byte> frame, bool before)
    {
        if (capture.IsEnded)
        {
            return;
        }

        long bytes = capture.Bytes;
        try
        {
            if (capture.Append(in packet, frame, before) is { } complete)
            {
                _complete.Enqueue(complete);
            }

            _packets++;
            _stored += capture.Bytes - bytes;
            if (!HasRoom())
            {
                End(capture, NoSpace);
            }
        }
        catch (IOException failure)
        {
            Abort(capture, failure);
        }
    }

    private OpenCapture? Running(Address address)
    {
        if (_open.TryGetValue(Prefix.Host(address), out OpenCapture? host))
        {
            return host;
        }

        OpenCapture? longest = null;
        foreach ((Prefix scope, OpenCapture capture) in _open)
        {
            if (!scope.IsHost && scope.Contains(address) && (longest is null || scope.Length > longest.Scope.Length))
            {
                longest = capture;
            }
        }

        return longest;
    }

    private bool IsManagement(FrameEnds ends) => _guard.Overlapping(Prefix.Host(ends.Destination)) switch
    {
        null => false,
        { Pass: true } => true,
        _ => !ends.IsControl && (ends.DestinationPort is not { } port || _ownPorts.Contains(port)),
    };

    private void Tell(string change, CaptureRecord capture) => events.Add(CaptureEvents.Moved, new CaptureEventBody(change, CaptureBody.Of(capture)));

    private void Keep(CaptureRecord ended) => _ended.Add(ended, string.Equals(ended.Outcome, Full, StringComparison.Ordinal));

    private void Protect()
    {
        lock (_lock)
        {
            GuardSet guard = board.Guarded;
            if (!ReferenceEquals(_guard, guard))
            {
                tap.Protect(guard, _ownPorts);
                _guard = guard;
            }
        }
    }
}
