using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior;

/// <summary>Keeps a profile of each source outside and asks the detectors what its events mean. Not thread-safe; times are nanoseconds since 1970.</summary>
internal sealed class SourceWatch
{
    private const ulong Second = 1_000_000_000;
    private const ulong EnforcedTail = Second / 5;
    private const ulong ObservedTail = 60 * Second;
    private const ulong RedirectedTail = 10 * Second;
    private const uint ExemptSeconds = 300;
    private const uint TrustedUses = 50;
    private const ulong TrustedAge = 600 * Second;
    private const byte FlagAck = 0x10;

    private readonly DetectionOptions _options;
    private readonly ProfileTable _table;
    private readonly TargetTable _targets;
    private readonly Judge _judge;
    private readonly HttpLogins _httpLogins;
    private readonly SourceDetector[] _detectors;

    public SourceWatch(DetectionOptions options, Judge judge)
    {
        _options = options;
        _judge = judge;
        _table = new ProfileTable(options);
        _targets = new TargetTable(options, judge);
        Networks = new DistributedScanDetector(options, judge, Mixer.NewSeed());
        Households = new HouseholdDetector(options, judge, Mixer.NewSeed());
        BruteForceDetector logins = new(options, judge, Households);
        _httpLogins = new HttpLogins(logins);

        // A new detector is a line here. They are told of each event in this order.
        _detectors =
        [
            new FloodDetector(options, judge),
            new ScanDetector(options, judge),
            Networks,
            new WeakSigns(options, judge),
            logins,
            new HttpProbeDetector(options, judge),
            Households,
        ];
    }

    public ProfileTable Table => _table;

    public DistributedScanDetector Networks { get; }

    public HouseholdDetector Households { get; }

    /// <summary>Own addresses that are flooded at a moment.</summary>
    public int Flooded(ulong now) => _targets.Flooded(now);

    /// <summary>An event of a flow that the source opened.</summary>
    public void Observe(in PacketEvent packet, IFindings findings)
    {
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
            case EventKind.Proven:
                OnProven(in packet, findings);
                break;
            case EventKind.Entropy:
                if (_table.TryFind(packet.Remote.ToAddress(), out Subject speaker))
                {
                    speaker.Profile.EndIdle(packet.RemotePort, packet.LocalPort);
                    foreach (SourceDetector detector in _detectors)
                    {
                        detector.OnOpaque(speaker, in packet, findings);
                    }
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

    /// <summary>
    /// Payload of a source. The kernel samples TCP payload of flows with a verified handshake only, so the sample proves what the handshake's event
    /// does, which comes on another ring and may be late.
    /// </summary>
    public void ObserveSample(in SampleHeader header, IFindings findings)
    {
        ulong now = header.TimeNanoseconds;
        Subject subject = _table.Prove(header.Remote.ToAddress(), now);
        if (!Admit(subject, now, findings))
        {
            return;
        }

        // SSH is no sign of use: whoever guesses passwords speaks it too. What is said in the clear is one when it turns out to be a harmless request.
        if (header.Kind == SampleKind.Tls && subject.Profile.EndIdle(header.RemotePort, header.LocalPort))
        {
            OnUse(subject, now, findings);
        }
    }

    /// <summary>Leaves a source alone for a while: what it does is known to be harmless.</summary>
    public void Exempt(Prefix scope, ulong now)
    {
        if (scope.IsHost && _table.TryFind(scope.Network, out Subject subject))
        {
            subject.Profile.ExemptUntilSeconds = Profile.Seconds(now) + ExemptSeconds;
        }
    }

    private void OnOpen(in PacketEvent packet, IFindings findings)
    {
        bool isFlooded = _targets.OnOpen(in packet, findings);
        Subject subject = _table.FindOrAdd(packet.Remote.ToAddress(), packet.TimeNanoseconds);
        subject.Profile.Packets.Add(1, packet.TimeNanoseconds);
        if (!Admit(subject, packet.TimeNanoseconds, findings))
        {
            return;
        }

        Opening opening = new(in packet, Contact.From(packet.Local, packet.LocalPort, packet.Protocol, packet.TimeNanoseconds), isFlooded);
        foreach (SourceDetector detector in _detectors)
        {
            detector.OnOpen(subject, in opening, findings);
        }
    }

    // Says nothing about what the source wants; but many of them are a flood.
    private void OnStray(in PacketEvent packet, IFindings findings)
    {
        _targets.OnOpen(in packet, findings);
        if (packet.TcpFlags == FlagAck)
        {
            // Anything else may be an answer to what somebody sent in our name: SYN-ACKs and RSTs of victims, pages of middleboxes.
            Subject subject = _table.FindOrAdd(packet.Remote.ToAddress(), packet.TimeNanoseconds);
            if (Admit(subject, packet.TimeNanoseconds, findings))
            {
                foreach (SourceDetector detector in _detectors)
                {
                    detector.OnStray(subject, in packet, findings);
                }
            }
        }
    }

    private void OnFailure(in PacketEvent packet, IFindings findings)
    {
        Subject subject = _table.FindOrAdd(packet.Remote.ToAddress(), packet.TimeNanoseconds);
        bool isStealth = packet.Kind != EventKind.FlowRefused;
        subject.Profile.Packets.Add(1, packet.TimeNanoseconds);
        if (!Admit(subject, packet.TimeNanoseconds, findings, arrives: isStealth))
        {
            return;
        }

        Contact contact = Contact.From(packet.Local, packet.LocalPort, packet.Protocol, packet.TimeNanoseconds);
        foreach (SourceDetector detector in _detectors)
        {
            detector.OnFailure(subject, in packet, in contact, findings);
        }
    }

    private void OnEstablished(in PacketEvent packet, IFindings findings)
    {
        ulong now = packet.TimeNanoseconds;
        _targets.OnEstablished(in packet);
        Subject subject = _table.Prove(packet.Remote.ToAddress(), now);
        ref Profile profile = ref subject.Profile;
        if (!Admit(subject, now, findings))
        {
            return;
        }

        Contact contact = Contact.From(packet.Local, packet.LocalPort, packet.Protocol, now);
        foreach (SourceDetector detector in _detectors)
        {
            detector.OnEstablished(subject, in packet, in contact);
        }

        profile.IdleRemotePort = packet.RemotePort;
        profile.IdleLocalPort = packet.LocalPort;
        profile.IdleMilliseconds = Milliseconds(now);
    }

    private void OnClosed(in PacketEvent packet, IFindings findings)
    {
        if (!_table.TryFind(packet.Remote.ToAddress(), out Subject subject))
        {
            return;
        }

        // The first of them was counted when the flow began.
        subject.Profile.Packets.Add(packet.PacketsIn - Math.Min(packet.PacketsIn, 1), packet.TimeNanoseconds);
        ulong now = packet.TimeNanoseconds;
        if (packet.Protocol != Contact.Tcp || !Admit(subject, now, findings, arrives: false))
        {
            return;
        }

        // The kernel tells the end of verified flows only; a forged SYN and RST have none.
        subject.Profile.EndIdle(packet.RemotePort, packet.LocalPort);
        Contact contact = Contact.From(packet.Local, packet.LocalPort, packet.Protocol, now);
        bool gotIn = true;
        foreach (SourceDetector detector in _detectors)
        {
            gotIn &= !detector.OnClosed(subject, in packet, in contact, findings);
        }

        if (gotIn && packet.BytesIn != 0 && packet.BytesOut != 0)
        {
            OnUse(subject, now, findings);
        }
    }

    private void OnLoginRefused(in PacketEvent packet, IFindings findings)
    {
        Subject subject = _table.Prove(packet.Remote.ToAddress(), packet.TimeNanoseconds);
        if (Admit(subject, packet.TimeNanoseconds, findings, arrives: false))
        {
            subject.Profile.EndIdle(packet.RemotePort, packet.LocalPort);
            foreach (SourceDetector detector in _detectors)
            {
                detector.OnLoginRefused(subject, in packet, findings);
            }
        }
    }

    private void OnProven(in PacketEvent packet, IFindings findings)
    {
        // Alive, and no more: the stack of anybody in whose name others scan answers a challenge too.
        Admit(_table.Prove(packet.Remote.ToAddress(), packet.TimeNanoseconds), packet.TimeNanoseconds, findings);
    }

    /// <summary>Another stage's sign about a source.</summary>
    public void OnSign(in Sign sign, ulong now, IFindings findings)
    {
        if (!_table.TryFind(sign.Source, out Subject subject) || !Admit(subject, now, findings))
        {
            return;
        }

        _httpLogins.OnSign(subject, in sign, now, findings);
        switch (sign.Kind)
        {
            case SignKind.Request:
                if (subject.Profile.EndIdle(sign.RemotePort, sign.LocalPort) && sign.Weight <= 0)
                {
                    OnUse(subject, now, findings);
                }

                break;
            case SignKind.Agent:
                subject.Profile.AddAgent(sign.Thing, now);
                break;
            case SignKind.Client:
                _judge.Corroborate(subject, EvidenceKind.Fingerprint, in sign, now, findings);
                break;
        }

        foreach (SourceDetector detector in _detectors)
        {
            detector.OnSign(subject, in sign, now, findings);
        }
    }

    private void OnHttpError(in PacketEvent packet, IFindings findings)
    {
        ulong now = packet.TimeNanoseconds;
        if (!_table.TryFind(packet.Remote.ToAddress(), out Subject subject) || !Admit(subject, now, findings, arrives: false))
        {
            return;
        }

        // RFC 9110 §15.5: 401 and 403 answer a login. 407, 408 and 429 speak of a proxy, of time, of numbers; the rest of what was asked for.
        if (!_httpLogins.OnError(subject, in packet, findings) && packet.Length is >= 400 and < 500 and not (401 or 407 or 408 or 429))
        {
            foreach (SourceDetector detector in _detectors)
            {
                detector.OnMissing(subject, now, findings);
            }
        }
    }

    private void OnUse(Subject subject, ulong now, IFindings findings)
    {
        ref Profile profile = ref subject.Profile;
        if (profile.UsedSeconds != 0 && Profile.Seconds(now) - profile.UsedSeconds > _options.StandingMinutes * 60)
        {
            profile.Uses = 0;
        }

        foreach (SourceDetector detector in _detectors)
        {
            detector.OnUse(subject, now);
        }

        profile.UsedSeconds = Profile.Seconds(now);
        profile.Uses = (ushort)Math.Min(profile.Uses + 1, ushort.MaxValue);
        if (profile.Phase == Phase.New && profile.Uses >= TrustedUses && now - profile.FirstNanoseconds >= TrustedAge)
        {
            _judge.Move(ref profile, Phase.Trusted, new EvidenceFacts(Findings.OrdinaryUse) { Flows = profile.Uses, SpanMilliseconds = (long)((now - profile.FirstNanoseconds) / 1_000_000) }, now, findings);
        }
    }

    /// <summary>Whether the source's event is to be judged: not while it is exempt or the wall holds it already.</summary>
    /// <param name="subject">The source.</param>
    /// <param name="now">Time of the event.</param>
    /// <param name="findings">Where results go.</param>
    /// <param name="arrives">Whether a packet came through, which a block would not allow. The end of a flow is no such sign: the local side closes what a blocked source left open.</param>
    private bool Admit(Subject subject, ulong now, IFindings findings, bool arrives = true)
    {
        ref Profile profile = ref subject.Profile;
        profile.LastNanoseconds = Math.Max(profile.LastNanoseconds, now);
        if (now < profile.CoveredUntilNanoseconds || Profile.Seconds(now) < profile.ExemptUntilSeconds)
        {
            return false;
        }

        if (profile.Phase is Phase.Malicious or Phase.Blocked)
        {
            if (!arrives)
            {
                return false;
            }

            // The wall lets it through again: the decision ended or was lifted. What was counted before is settled.
            subject.Region.ReleaseWatch(subject.Slot);
            profile.First = default;
            profile.LimitedUntilSeconds = 0;
            _judge.Move(ref profile, Phase.Suspicious, new EvidenceFacts(Findings.LetThroughAgain), now, findings);
        }

        if (profile.Phase == Phase.Trusted && !_judge.HasStanding(in profile, now))
        {
            _judge.Move(ref profile, Phase.New, new EvidenceFacts(Findings.NotSeenLately), now, findings);
        }

        _judge.Decay(ref profile, now, findings);
        return true;
    }

    private void Cover(in PacketEvent packet, ulong tail, IFindings findings)
    {
        if (_table.TryFind(packet.Remote.ToAddress(), out Subject subject))
        {
            ref Profile profile = ref subject.Profile;
            profile.Packets.Add(1, packet.TimeNanoseconds);
            _judge.Move(ref profile, Phase.Blocked, new EvidenceFacts(packet.Enforced != 0 ? Findings.HeldByWall : Findings.WouldBeHeldByWall), packet.TimeNanoseconds, findings);
            profile.LastNanoseconds = packet.TimeNanoseconds;
            profile.CoveredUntilNanoseconds = Math.Max(profile.CoveredUntilNanoseconds, packet.TimeNanoseconds + tail);
        }
    }

    private static uint Milliseconds(ulong nanoseconds) => (uint)(nanoseconds / 1_000_000) | 1;
}
