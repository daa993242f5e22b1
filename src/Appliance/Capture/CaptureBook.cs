using Blackwall.Capture.Wire;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Capture;

/// <summary>Starts captures, fills them with what the tap hands out, ends them and finds them again. Thread-safe.</summary>
internal sealed class CaptureBook(
    IPacketTap tap,
    VerdictBoard board,
    CaptureStore store,
    CaptureFolder folder,
    CaptureArchive archive,
    IOptions<CaptureOptions> configured,
    CaptureSite site,
    TimeProvider time,
    ILogger<CaptureBook> log)
    : IPacketReceiver, IStatsSource, IHealthSource
{
    private const string TimeOver = "its time was over";
    private const string NoSpace = "the space for captures is used up by captures that run";

    private readonly Lock _lock = new();
    private readonly CaptureOptions _options = configured.Value;
    private readonly ManagementPlane _management = new(tap, board, [.. configured.Value.ExcludePorts.Append(site.ApiPort).Distinct()]);
    private readonly OpenCaptures _open = new();
    private readonly SuspectList _suspects = new(tap, configured.Value);
    private long _lastId;
    private long _packets;
    private long _refused;

    public string Name => "captures";

    public bool Ready => true;

    public string? Fault => archive.Fault ?? (tap.Available ? tap.Fault : null);

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
                ["storedBytes"] = archive.Stored,
                ["refused"] = _refused,
                ["writeFailures"] = archive.Failures,
            };
        }
    }

    /// <summary>Takes up what an earlier process left, and opens the tap.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _lastId = archive.Begin();
        }

        tap.Open(this, _options.RingMegabytes);
        lock (_lock)
        {
            _management.Protect();
        }
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
            if (!_options.Enabled || archive.IsSpent(decision.Id))
            {
                return;
            }

            Start(decision.Scope, CaptureRecord.ByDecision, decision.Actor, decision.Id, verdict, TimeSpan.FromSeconds(_options.SecondsAfter));
        }
    }

    /// <summary>Keeps the next packets of a source in memory, because a decision about it may follow.</summary>
    public void Suspect(Address source)
    {
        lock (_lock)
        {
            _management.Protect();
            if (!_management.Guards(source) && _open.Containing(source) is null)
            {
                _suspects.Suspect(source, time.GetUtcNow());
            }
        }
    }

    public void OnPacket(in TappedPacket packet, ReadOnlySpan<byte> frame)
    {
        if (!FrameEnds.TryRead(frame, out FrameEnds ends))
        {
            return;
        }

        lock (_lock)
        {
            Address remote = packet.Outgoing ? ends.Destination : ends.Source;
            Address local = packet.Outgoing ? ends.Source : ends.Destination;

            // The packet socket's filter excludes the management plane already; frames from the ring of dropped frames have not passed that filter.
            if (packet.DroppedBy != 0 && _management.Contains(ends))
            {
                return;
            }

            if ((_open.Containing(remote) ?? _open.Containing(local)) is not { } capture)
            {
                _suspects.Add(remote, in packet, frame);
                return;
            }

            Append(capture, in packet, frame, before: false);
            if (capture.IsFull)
            {
                End(capture, CaptureArchive.Full);
            }
        }
    }

    public void Rest()
    {
        lock (_lock)
        {
            foreach (OpenCapture capture in _open.All.Where(capture => capture.Waits).ToArray())
            {
                TryWrite(capture, capture.Flush);
            }
        }
    }

    // The guard set is refreshed at each call, so that an address that became guarded meanwhile is not captured.
    private CaptureAnswer Start(Prefix scope, string cause, string actor, long? decision, string? verdict, TimeSpan duration)
    {
        _management.Protect();
        if (board.Guarding(scope) is { } guarded)
        {
            return new(null, $"It overlaps {guarded.Scope}, {guarded.Why}: the management plane is never captured.", IsNew: false);
        }

        DateTimeOffset now = time.GetUtcNow();
        bool running = _open.TryFind(scope, out OpenCapture? capture);
        if (!running && _open.Count >= _options.MaxOpen)
        {
            _refused++;
            return new(null, $"{_open.Count} captures run, which is the most (pcap.max_open).", IsNew: false);
        }

        PacketRing? kept = running ? null : _suspects.Remove(scope);
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
                archive.Fail(failure.Message);
                return new(null, $"The capture cannot be written: {failure.Message}", IsNew: false);
            }

            _open.Add(capture);
            archive.Stored += capture.Bytes;
            CaptureLog.Started(log, $"{scope}", capture.Id, actor);
            archive.AddEvent(CaptureEventBody.Started, capture.Record);
        }

        capture.Prolong(now + duration, decision, verdict);
        if (!running)
        {
            // The filter matches by longest prefix, so a suspect inside this scope would be captured with a suspect's limits.
            _suspects.ForgetWithin(scope);
        }

        if (!running && kept is not null)
        {
            long since = (now - TimeSpan.FromSeconds(_options.SecondsBefore)).ToUnixTimeMilliseconds() * 1_000_000;
            kept.Read(since, (in TappedPacket packet, ReadOnlySpan<byte> frame) => Append(capture, in packet, frame, before: true));
        }

        archive.Save([capture]);
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
                archive.Complete(complete);
            }

            _packets++;
            archive.Stored += capture.Bytes - bytes;
            if (!archive.MakeRoom())
            {
                End(capture, NoSpace);
            }
        }
        catch (IOException failure)
        {
            Abort(capture, failure);
        }
    }

    /// <summary>Ends what is over, forgets what is old, writes the index.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            _management.Protect();
            DateTimeOffset now = time.GetUtcNow();
            foreach (OpenCapture capture in _open.All.Where(c => c.Until <= now).ToArray())
            {
                End(capture, TimeOver);
            }

            _suspects.Prune(now);
            archive.Save([.. _open.All.Where(c => c.Changed)]);
            archive.Prune(now, _open.Count);
        }
    }

    /// <summary>Compresses one file that is complete, outside of any lock that packets wait for. False: there was none.</summary>
    public bool CompressNext()
    {
        string? file;
        lock (_lock)
        {
            file = archive.TakeComplete();
            if (file is null)
            {
                return false;
            }
        }

        long freed = folder.Compress(file);
        lock (_lock)
        {
            archive.Stored -= freed;
        }

        return true;
    }

    /// <summary>Ends everything that runs.</summary>
    public void EndAll()
    {
        lock (_lock)
        {
            foreach (OpenCapture capture in _open.All.ToArray())
            {
                End(capture, "the appliance stopped");
            }
        }
    }

    /// <summary>Null: there is none of this id.</summary>
    /// <exception cref="StoreException">The index cannot be read.</exception>
    public CaptureRecord? Find(long id)
    {
        lock (_lock)
        {
            if (_open.Find(id) is { } capture)
            {
                return capture.Record;
            }
        }

        return store.Find(id);
    }

    /// <summary>Newest first.</summary>
    /// <exception cref="StoreException">The index cannot be read.</exception>
    public IReadOnlyList<CaptureRecord> List(CaptureQuery query)
    {
        IReadOnlyList<CaptureRecord> found = store.List(query);
        lock (_lock)
        {
            return [.. found.Select(record => _open.Find(record.Id)?.Record ?? record)];
        }
    }

    /// <summary>The packets of a capture so far, as pcapng; the caller disposes the stream.</summary>
    /// <exception cref="IOException">The files cannot be read.</exception>
    public Stream OpenRead(CaptureRecord record)
    {
        lock (_lock)
        {
            if (_open.Find(record.Id) is { } capture)
            {
                TryWrite(capture, capture.Flush);
                return folder.OpenRead(record.Id, capture.Record.Files);
            }

            return folder.OpenRead(record.Id, record.Files);
        }
    }

    /// <summary>Ends a capture if it runs, and removes it. False: there is none of this id.</summary>
    public bool Delete(long id)
    {
        lock (_lock)
        {
            if (_open.Find(id) is { } capture)
            {
                End(capture, "it was deleted");
            }

            return archive.Delete(id);
        }
    }

    private void End(OpenCapture capture, string outcome)
    {
        if (!_open.Remove(capture))
        {
            return;
        }

        tap.Unwatch(capture.Scope);
        try
        {
            archive.Complete(capture.End(time.GetUtcNow(), outcome));
        }
        catch (IOException failure)
        {
            archive.Fail(failure.Message);
        }

        capture.Dispose();
        archive.Keep(capture.Record);
        archive.AddEvent(CaptureEventBody.Ended, capture.Record);
        archive.Save([capture]);
        CaptureLog.Ended(log, capture.Id, $"{capture.Scope}", capture.Record.Packets, outcome);
    }

    // A full disk ends the capture, never the appliance.
    private void Abort(OpenCapture capture, IOException failure)
    {
        archive.Fail(failure.Message);
        End(capture, $"it could not be written: {failure.Message}");
    }

    private void TryWrite(OpenCapture capture, Action write)
    {
        try
        {
            write();
            archive.Mended();
        }
        catch (IOException failure)
        {
            Abort(capture, failure);
        }
    }
}
