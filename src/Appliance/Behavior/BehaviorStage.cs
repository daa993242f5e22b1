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
public sealed partial class BehaviorStage : IStage, ISourceInsight
{
    private const ulong Second = 1_000_000_000;
    private const ulong EnforcedTail = Second / 5;
    private const ulong ObservedTail = 60 * Second;
    private const ulong RedirectedTail = 10 * Second;
    private const uint ExemptSeconds = 300;
    private const uint TrustedUses = 50;
    private const ulong TrustedAge = 600 * Second;
    private const byte FlagAck = 0x10;

    // Inside, time is nanoseconds since 1970, so that what was learned before a reboot still has its date.
    private static readonly BootClock Dates = BootClock.Replay();

    private readonly Lock _gate = new();
    private readonly DetectionOptions _options;
    private readonly BootClock _clock;
    private readonly ProfileTable _table;
    private readonly TargetTable _targets;
    private readonly Judge _judge;
    private readonly ScanDetector _scans;
    private readonly FloodDetector _floods;
    private readonly BruteForceDetector _logins;
    private readonly HttpProbeDetector _probes;
    private readonly LoginRequests _logged;
    private readonly OutboundWatch _outbound;
    private readonly DistributedScanDetector _networks;
    private readonly HouseholdDetector _households;
    private readonly WeakSigns _signs;
    private readonly EvidenceCounts _counts = new();
    private ulong _now;

    /// <param name="options">Validated thresholds.</param>
    /// <param name="clock">Dates of events.</param>
    /// <param name="tarpitConfigured">Whether a redirect has somewhere to go; asked at each proven attack.</param>
    /// <param name="ledger">What the operator called false positives; null: nothing.</param>
    public BehaviorStage(DetectionOptions options, BootClock clock, Func<bool> tarpitConfigured, FalsePositiveLedger? ledger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        _options = options;
        _clock = clock;
        ledger ??= new FalsePositiveLedger(TimeProvider.System);
        _table = new ProfileTable(options);
        _judge = new Judge(options, Dates, tarpitConfigured, _counts, ledger);
        _outbound = new OutboundWatch(options, Dates, _counts, ledger);
        _networks = new DistributedScanDetector(options, _judge, Mixer.NewSeed());
        _signs = new WeakSigns(options, _judge);
        _targets = new TargetTable(options, _judge);
        _scans = new ScanDetector(options, _judge);
        _floods = new FloodDetector(options, _judge);
        _households = new HouseholdDetector(options, _judge, Mixer.NewSeed());
        _logins = new BruteForceDetector(options, _judge, _households);
        _probes = new HttpProbeDetector(options, _judge);
        _logged = new LoginRequests(Mixer.NewSeed());
    }

    /// <summary>A snapshot for any thread; single numbers are exact, taken together they may be some events apart.</summary>
    public BehaviorStats Stats => new(
        _table.Unproven.Count,
        _table.Proven.Count,
        _table.Unproven.Watched + _table.Proven.Watched,
        _table.Unproven.Evicted,
        _table.Proven.Evicted,
        _table.Unproven.WatchesEvicted + _table.Proven.WatchesEvicted,
        _targets.Flooded(Volatile.Read(ref _now)),
        _judge.LimitsSuppressed,
        _outbound.Pairs,
        _outbound.PairsEvicted,
        _outbound.Hosts,
        _networks.Networks,
        _networks.Evicted,
        EvidenceKind.All.ToFrozenDictionary(kind => kind.Name, kind => _counts[kind], StringComparer.Ordinal));

    /// <summary>What is thought of a source now. For the drain thread and for tests; profiles have no lock.</summary>
    public Phase PhaseOf(Address source) => _table.TryFind(source, out Subject subject) ? subject.Profile.Phase : Phase.New;

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

    public void Heed(in Sign sign, IFindings findings)
    {
        lock (_gate)
        {
            Judge(in sign, _clock.ToUnix(sign.TimeNanoseconds), findings);
        }
    }

    public SourceStanding? Describe(Address source)
    {
        lock (_gate)
        {
            return _table.TryFind(source, out Subject subject)
                ? Standing.Of(subject, ReferenceEquals(subject.Region, _table.Proven), _options, _networks, Dates)
                : null;
        }
    }

    private void Judge(in PacketEvent packet, IFindings findings)
    {
        ulong now = packet.TimeNanoseconds;
        Volatile.Write(ref _now, Math.Max(_now, now));
        if (packet.Direction == FlowDirection.Outbound)
        {
            _outbound.Observe(in packet, findings);
            return;
        }

        switch (packet.Kind)
        {
            case EventKind.FlowOpen or EventKind.FlowReopened or EventKind.Limited:
                // A first packet with ACK is the middle of an older flow, or the echo of a packet that somebody sent in our name.
                if (packet.Protocol != Contact.Tcp || (packet.TcpFlags & FlagAck) == 0)
                {
                    OnOpen(in packet, findings);
                }
                else
                {
                    OnStray(in packet, findings);
                }

                break;
            case EventKind.FlowRefused or EventKind.Stealth:
                OnFailure(in packet, findings);
                break;
            case EventKind.Malformed when packet is { Protocol: Contact.Tcp, Reason: Reason.DropFragmentTiny }:
                // RFC 791 lets no path cut so small that the TCP header is in pieces: it is done to hide it from filters (RFC 1858 §3).
                OnFailure(in packet, findings);
                break;
            case EventKind.FlowEstablished:
                OnEstablished(in packet, findings);
                break;
            case EventKind.FlowClosed:
                OnClosed(in packet, findings);
                break;
            case EventKind.LoginRefused:
                OnLoginRefused(in packet, findings);
                break;
            case EventKind.FlowProgress:
                _outbound.ObserveInbound(in packet, findings);
                break;
            case EventKind.Proven:
                OnProven(in packet, findings);
                break;
            case EventKind.Entropy:
                if (_table.TryFind(packet.Remote.ToAddress(), out Subject speaker))
                {
                    OnData(ref speaker.Profile, packet.RemotePort, packet.LocalPort);
                    _signs.OnOpaque(speaker, in packet, findings);
                }

                break;
            case EventKind.HttpError:
                OnHttpError(in packet, findings);
                break;
            case EventKind.Dropped:
                Cover(in packet, packet.Enforced != 0 ? EnforcedTail : ObservedTail, findings);
                break;
            case EventKind.Redirected:
                Cover(in packet, packet.Enforced != 0 ? RedirectedTail : ObservedTail, findings);
                break;
            default:
                break;
        }
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

        // The kernel samples TCP payload of flows with a verified handshake only, so the sample proves what the handshake's event does, which
        // comes on another ring and may be late.
        ulong now = header.TimeNanoseconds;
        Volatile.Write(ref _now, Math.Max(_now, now));
        Subject subject = _table.Prove(header.Remote.ToAddress(), now);
        ref Profile profile = ref subject.Profile;
        if (!Admit(subject, now, findings))
        {
            return;
        }

        // SSH is no sign of use: whoever guesses passwords speaks it too. What is said in the clear is one when it turns out to be a harmless request.
        if (header.Kind == SampleKind.Tls && OnData(ref profile, header.RemotePort, header.LocalPort))
        {
            OnUse(ref profile, now, findings);
        }
    }

    public void Forget(Prefix scope)
    {
        lock (_gate)
        {
            _table.Forget(scope);
        }
    }

    public void Exempt(Prefix scope)
    {
        lock (_gate)
        {
            Leave(scope);
        }
    }
}
