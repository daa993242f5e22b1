using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior;

/// <content>What events mean for a source outside.</content>
public sealed partial class BehaviorStage
{
    private const ushort WellKnownPorts = 1024;
    private const ulong LongestGreeting = 512;

    private void Leave(Prefix scope)
    {
        if (scope.IsHost && _table.TryFind(scope.Network, out Subject subject))
        {
            subject.Profile.ExemptUntilSeconds = Profile.Seconds(_now) + ExemptSeconds;
        }
    }

    private void OnOpen(in PacketEvent packet, IFindings findings)
    {
        bool isFlooded = _targets.OnOpen(in packet, findings);
        Subject subject = _table.FindOrAdd(packet.Remote.ToAddress(), packet.TimeNanoseconds);
        if (!Admit(subject, packet.TimeNanoseconds, findings))
        {
            return;
        }

        _floods.OnPacket(subject, in packet, findings);
        Contact contact = Contact.Of(packet.Local, packet.LocalPort, packet.Protocol, packet.TimeNanoseconds);
        if (packet.Protocol is Contact.Tcp or 17)
        {
            _scans.OnOpen(subject, contact, packet.Protocol, packet.TimeNanoseconds, findings);
            if (!isFlooded && !_judge.IsMonitor(subject.Profile.Key))
            {
                // Forged sources would push out the networks that scan slowly.
                _networks.OnOpen(subject, in contact, packet.Protocol, packet.TimeNanoseconds, findings);
            }
        }

        _signs.OnOpen(subject, in packet, in contact, findings);
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
                _floods.OnStray(subject, in packet, findings);
            }
        }
    }

    private void OnFailure(in PacketEvent packet, IFindings findings)
    {
        Subject subject = _table.FindOrAdd(packet.Remote.ToAddress(), packet.TimeNanoseconds);
        bool isStealth = packet.Kind != EventKind.FlowRefused;
        if (!Admit(subject, packet.TimeNanoseconds, findings, arrives: isStealth))
        {
            return;
        }

        Contact contact = Contact.Of(packet.Local, packet.LocalPort, packet.Protocol, packet.TimeNanoseconds);
        if (isStealth)
        {
            _scans.OnStealth(subject, contact, packet.TimeNanoseconds, findings);
        }
        else
        {
            bool isAnswer = packet.Protocol != Contact.Tcp && (packet.TcpFlags & PacketEvent.QuotedAnswer) != 0;
            _scans.OnRefused(subject, contact, packet.RemotePort, isAnswer, packet.TimeNanoseconds, findings);
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

        _floods.OnEstablished(ref profile, now);
        Contact contact = Contact.Of(packet.Local, packet.LocalPort, packet.Protocol, now);
        ScanDetector.OnEstablished(subject, in contact);
        _networks.OnAnswered(profile.Key, in contact, now);
        WeakSigns.OnEstablished(ref profile, packet.LocalPort);
        profile.IdleRemotePort = packet.RemotePort;
        profile.IdleLocalPort = packet.LocalPort;
        profile.IdleMilliseconds = Milliseconds(now);
    }

    private void OnClosed(in PacketEvent packet, IFindings findings)
    {
        if (packet.Protocol != Contact.Tcp || !_table.TryFind(packet.Remote.ToAddress(), out Subject subject) || !Admit(subject, packet.TimeNanoseconds, findings, arrives: false))
        {
            return;
        }

        ref Profile profile = ref subject.Profile;
        ulong now = packet.TimeNanoseconds;
        if (packet.BytesIn != 0)
        {
            OnData(ref profile, packet.RemotePort, packet.LocalPort);
        }

        // Only verified flows are told to end, so this one was answered, whether its handshake was told or held back: a mirror over FTP opens
        // hundreds of ports a second.
        ScanDetector.OnEstablished(subject, Contact.Of(packet.Local, packet.LocalPort, packet.Protocol, now));
        if (packet.BytesIn != 0 && packet.BytesOut != 0)
        {
            if (!_logins.OnClosed(subject, in packet, findings))
            {
                OnUse(ref profile, now, findings);
            }
        }
        else if (packet.BytesIn == 0)
        {
            // The kernel tells the end of verified flows only; a forged SYN and RST have none.
            OnData(ref profile, packet.RemotePort, packet.LocalPort);

            // Whoever fetches files over passive FTP says nothing either on the ports that he is told; a service that greets first stands at a low one.
            if (packet.BytesOut == 0 || (packet.LocalPort < WellKnownPorts && packet.BytesOut < LongestGreeting))
            {
                _scans.OnEmpty(subject, Contact.Of(packet.Local, packet.LocalPort, packet.Protocol, now), now, findings);
            }
        }
    }

    private void OnLoginRefused(in PacketEvent packet, IFindings findings)
    {
        Subject subject = _table.Prove(packet.Remote.ToAddress(), packet.TimeNanoseconds);
        if (Admit(subject, packet.TimeNanoseconds, findings, arrives: false))
        {
            OnData(ref subject.Profile, packet.RemotePort, packet.LocalPort);
            _logins.OnRefused(subject, in packet, findings);
        }
    }

    private void OnProven(in PacketEvent packet, IFindings findings)
    {
        // Alive, and no more: the stack of anybody in whose name others scan answers a challenge too.
        Admit(_table.Prove(packet.Remote.ToAddress(), packet.TimeNanoseconds), packet.TimeNanoseconds, findings);
    }

    private void Judge(in Sign sign, ulong now, IFindings findings)
    {
        if (!_table.TryFind(sign.Source, out Subject subject) || !Admit(subject, now, findings))
        {
            return;
        }

        RequestKey flow = new(sign.Source, sign.RemotePort, sign.LocalPort);
        switch (sign.Kind)
        {
            case SignKind.Request:
                if (_logged.OnOther(in flow, now))
                {
                    BruteForceDetector.OnTaken(subject, sign.LocalPort);
                }

                if (OnData(ref subject.Profile, sign.RemotePort, sign.LocalPort) && sign.Weight <= 0)
                {
                    OnUse(ref subject.Profile, now, findings);
                }

                _probes.OnRequest(subject, in sign, now, findings);
                _households.OnProbe(subject, in sign, now, findings);
                break;
            case SignKind.Agent:
                OnAgent(ref subject.Profile, sign.Thing, now);
                break;
            case SignKind.LoginForm:
                _logins.OnHttpLogin(subject, sign.LocalPort, sign.Class, now, findings);
                break;
            case SignKind.Credentials when _logged.OnCredentials(in flow, sign.Thing, sign.Class, now):
                _logins.OnRefused(subject, sign.LocalPort, sign.Thing, sign.Class, now, findings);
                break;
            case SignKind.Client:
                _judge.Corroborate(subject, EvidenceKind.Fingerprint, in sign, now, findings);
                break;
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
        RequestKey flow = new(packet.Remote.ToAddress(), packet.RemotePort, packet.LocalPort);
        if (packet.Length is 401 or 403 or (401 | PacketEvent.StaleStatus) && _logged.OnRefused(in flow, now, out uint credentials, out EvidenceClass evidenceClass))
        {
            // A nonce that has run out says nothing of the password (RFC 7616 §3.3).
            if ((packet.Length & PacketEvent.StaleStatus) != 0)
            {
                return;
            }

            _logins.OnRefused(subject, packet.LocalPort, credentials, evidenceClass, now, findings);
        }
        else if (packet.Length is >= 400 and < 500 and not (401 or 407 or 408 or 429))
        {
            _probes.OnMissing(subject, now, findings);
        }
    }

    /// <summary>The flow is in use, or over: it is not waited for any longer. True for the one noted last.</summary>
    private static bool OnData(ref Profile profile, ushort remotePort, ushort localPort)
    {
        bool isIdle = profile.IdleMilliseconds != 0 && profile.IdleRemotePort == remotePort && profile.IdleLocalPort == localPort;
        if (isIdle)
        {
            profile.IdleMilliseconds = 0;
        }

        return isIdle;
    }

    private static void OnAgent(ref Profile profile, uint agent, ulong now)
    {
        uint seconds = Profile.Seconds(now);
        if (profile.AgentSeconds == 0 || seconds - profile.AgentSeconds > Judgement.Judge.AgentWindowSeconds)
        {
            profile.Agents = 0;
            profile.AgentSeconds = seconds;
        }

        profile.Agents |= 1u << (int)((agent * 0x9E3779B1) >> 27);
    }

    private void OnUse(ref Profile profile, ulong now, IFindings findings)
    {
        if (profile.UsedSeconds != 0 && Profile.Seconds(now) - profile.UsedSeconds > _options.StandingMinutes * 60)
        {
            profile.Uses = 0;
        }

        _households.OnUse(profile.Key, now);
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
    /// <param name="arrives">
    /// Whether a packet of the source came through, which a block would not allow. The end of a flow is no such sign: the local side closes
    /// what a blocked source left open.
    /// </param>
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
            _judge.Move(ref profile, Phase.Blocked, new EvidenceFacts(packet.Enforced != 0 ? Findings.HeldByWall : Findings.WouldBeHeldByWall), packet.TimeNanoseconds, findings);
            profile.LastNanoseconds = packet.TimeNanoseconds;
            profile.CoveredUntilNanoseconds = Math.Max(profile.CoveredUntilNanoseconds, packet.TimeNanoseconds + tail);
        }
    }

    private static uint Milliseconds(ulong nanoseconds) => (uint)(nanoseconds / 1_000_000) | 1;
}
