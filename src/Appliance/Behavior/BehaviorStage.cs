using System.Collections.Frozen;
using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Outbound;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;

namespace Blackwall.Behavior;

/// <summary>
/// Keeps a profile of each source and asks the detectors what its events mean. Flows that the other side opened speak about the other side;
/// flows that ours opened speak about ours, since what answers to our own connections is no attack on us.
/// </summary>
public sealed class BehaviorStage : IStage, ISourceInsight
{
    // Inside, time is nanoseconds since 1970, so that what was learned before a reboot still has its date.
    private static readonly BootClock Dates = BootClock.Replay();

    private readonly Lock _gate = new();
    private readonly DetectionOptions _options;
    private readonly BootClock _clock;
    private readonly Judge _judge;
    private readonly SourceWatch _sources;
    private readonly OutboundWatch _outbound;
    private readonly BehaviorMemory _memory;
    private readonly SourceListing _listing;
    private readonly EvidenceCounts _counts = new();
    private ulong _now;

    /// <param name="options">Validated thresholds.</param>
    /// <param name="clock">Dates of events.</param>
    /// <param name="tarpitConfigured">Whether a redirect has somewhere to go; asked at each proven attack.</param>
    /// <param name="ledger">What the operator called false positives; null: nothing.</param>
    /// <param name="feeds">What others know of addresses; null: nothing.</param>
    public BehaviorStage(DetectionOptions options, BootClock clock, Func<bool> tarpitConfigured, FalsePositiveLedger? ledger = null, IThreatFeeds? feeds = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        _options = options;
        _clock = clock;
        ledger ??= new FalsePositiveLedger(TimeProvider.System);
        _judge = new Judge(options, Dates, tarpitConfigured, _counts, ledger);
        _sources = new SourceWatch(options, _judge);
        _outbound = new OutboundWatch(options, Dates, _counts, ledger, feeds ?? NoFeeds.Instance);
        _memory = new BehaviorMemory(_gate, _sources, _outbound);
        _listing = new SourceListing(_gate, _sources.Table, Dates);
    }

    /// <summary>A snapshot for any thread; single numbers are exact, taken together they may be some events apart.</summary>
    public BehaviorStats Stats => new(
        _sources.Table.Unproven.Count,
        _sources.Table.Proven.Count,
        _sources.Table.Unproven.Watched + _sources.Table.Proven.Watched,
        _sources.Table.Unproven.Evicted,
        _sources.Table.Proven.Evicted,
        _sources.Table.Unproven.WatchesEvicted + _sources.Table.Proven.WatchesEvicted,
        _sources.Flooded(Volatile.Read(ref _now)),
        _judge.LimitsSuppressed,
        _outbound.Pairs,
        _outbound.PairsEvicted,
        _outbound.Hosts,
        _sources.Networks.Networks,
        _sources.Networks.Evicted,
        EvidenceKind.All.ToFrozenDictionary(kind => kind.Name, kind => _counts[kind], StringComparer.Ordinal));

    /// <summary>What is thought of a source now. For the drain thread and for tests; profiles have no lock.</summary>
    public Phase PhaseOf(Address source) => _sources.Table.TryFind(source, out Subject subject) ? subject.Profile.Phase : Phase.New;

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        // Taken by one thread alone but for an operator's question now and then.
        lock (_gate)
        {
            PacketEvent dated = packet;
            dated.TimeNanoseconds = _clock.ToUnix(packet.TimeNanoseconds);
            dated.FirstNanoseconds = packet.FirstNanoseconds == 0 ? 0 : _clock.ToUnix(packet.FirstNanoseconds);
            Judge(in dated, findings);
        }
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        lock (_gate)
        {
            SampleHeader dated = header;
            dated.TimeNanoseconds = _clock.ToUnix(header.TimeNanoseconds);
            Judge(in dated, data, findings);
        }
    }

    public void OnSign(in Sign sign, IFindings findings)
    {
        lock (_gate)
        {
            _sources.OnSign(in sign, _clock.ToUnix(sign.TimeNanoseconds), findings);
        }
    }

    public SourceStanding? Describe(Address source)
    {
        lock (_gate)
        {
            return _sources.Table.TryFind(source, out Subject subject)
                ? Standing.Describe(subject, ReferenceEquals(subject.Region, _sources.Table.Proven), _options, _sources.Networks, Dates)
                : null;
        }
    }

    public IReadOnlyList<SourceRow> List(SourceQuery query) => _listing.List(query);

    private void Judge(in PacketEvent packet, IFindings findings)
    {
        ulong now = packet.TimeNanoseconds;
        Volatile.Write(ref _now, Math.Max(_now, now));
        if (packet.Direction == FlowDirection.Outbound)
        {
            _outbound.Observe(in packet, findings);
            return;
        }

        if (packet.Kind == EventKind.FlowProgress)
        {
            _outbound.ObserveInbound(in packet, findings);
            return;
        }

        _sources.Observe(in packet, findings);
    }

    private void Judge(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        if (header.Kind == SampleKind.Dns)
        {
            _outbound.ObserveQuestion(in header, data, findings);
            return;
        }

        if (header.Direction == FlowDirection.Outbound)
        {
            return;
        }

        if (header.Protocol != Contact.Tcp || header.Kind is not (SampleKind.Http or SampleKind.Tls or SampleKind.Ssh))
        {
            return;
        }

        Volatile.Write(ref _now, Math.Max(_now, header.TimeNanoseconds));
        _sources.ObserveSample(in header, findings);
    }

    /// <inheritdoc cref="BehaviorMemory.Save()"/>
    public ReadOnlyMemory<byte> Save() => _memory.Save();

    /// <inheritdoc cref="BehaviorMemory.Load(ReadOnlySpan{byte}, DateTimeOffset)"/>
    public int Load(ReadOnlySpan<byte> content, DateTimeOffset now) => _memory.Load(content, now);

    public void Forget(Prefix scope)
    {
        lock (_gate)
        {
            _sources.Table.Forget(scope);
        }
    }

    public void Exempt(Prefix scope)
    {
        lock (_gate)
        {
            _sources.Exempt(scope, _now);
        }
    }
}
