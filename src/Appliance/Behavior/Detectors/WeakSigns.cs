using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Detectors;

/// <summary>Signs that mean little alone and much beside another: they are told and remembered, and ask for nothing.</summary>
internal sealed class WeakSigns(DetectionOptions options, Judge judge) : SourceDetector
{
    private const ulong Second = 1_000_000_000;
    private const ulong Day = 86_400 * Second;
    private const uint HourSeconds = 3600;
    private const int SweptHosts = 10;
    private const ulong StrangerFor = 3600 * Second;
    private const ulong SweepWindow = 7200 * Second;
    private const ushort OpaqueFlows = 3;
    private const ulong FirstPackets = 4;

    public override void OnOpen(Subject subject, in Opening opening, IFindings findings)
    {
        ref readonly PacketEvent packet = ref opening.Packet;
        if (packet.Kind != EventKind.FlowOpen || judge.IsMonitor(subject.Profile.Key))
        {
            return;
        }

        if (packet.Protocol == Contact.Tcp)
        {
            if (ServicePorts.IsLogin(packet.LocalPort))
            {
                OnKnock(subject, packet.LocalPort, packet.TimeNanoseconds, findings);
            }
        }
        else if (packet.Protocol is 1 or 58)
        {
            OnPing(subject, opening.Contact, packet.TimeNanoseconds, findings);
        }
    }

    /// <summary>A handshake at a login port: whoever gets in, or fails there, is looked at by what he does.</summary>
    public override void OnEstablished(Subject subject, in PacketEvent packet, in Contact contact)
    {
        ref Profile profile = ref subject.Profile;
        if (profile.Knocks > 0 && ServicePorts.IsLogin(packet.LocalPort))
        {
            profile.Knocks--;
        }
    }

    /// <summary>Payload that looks encrypted where clear text is spoken.</summary>
    public override void OnOpaque(Subject subject, in PacketEvent packet, IFindings findings)
    {
        // An upload is dense too, but begins with its request.
        if (!ServicePorts.StaysClear(packet.LocalPort) || packet.PacketsIn > FirstPackets)
        {
            return;
        }

        ref Watch watch = ref subject.Watch;
        uint seconds = Profile.Seconds(packet.TimeNanoseconds);
        if (watch.OpaqueFlows == 0 || seconds - watch.OpaqueSeconds > HourSeconds)
        {
            watch.OpaqueFlows = 0;
            watch.OpaqueSeconds = seconds;
        }

        watch.OpaqueFlows = (ushort)Math.Min(watch.OpaqueFlows + 1, ushort.MaxValue);
        if (watch.OpaqueFlows >= OpaqueFlows && Judge.IsRipe(ref watch, EvidenceKind.CleartextEntropy, packet.TimeNanoseconds))
        {
            EvidenceFacts facts = new(Findings.OpaqueFlows) { Flows = watch.OpaqueFlows, Port = packet.LocalPort, Protocol = ProtocolWords.For(packet.Protocol) };
            judge.Suspect(subject, EvidenceKind.CleartextEntropy, 0.3, facts, packet.TimeNanoseconds, findings);
        }
    }

    private void OnKnock(Subject subject, ushort port, ulong now, IFindings findings)
    {
        ref Profile profile = ref subject.Profile;
        ushort day = (ushort)(now / Day);
        if (profile.KnockDay != day)
        {
            // Half of yesterday's, so that midnight is no hiding place.
            profile.Knocks = (ushort)(day - profile.KnockDay == 1 ? profile.Knocks / 2 : 0);
            profile.KnockDay = day;
        }

        profile.Knocks = (ushort)Math.Min(profile.Knocks + 1, ushort.MaxValue);
        bool isTime = profile.Knocks == options.LoginKnocks || profile.Knocks == options.LoginKnocks * 8;
        if (isTime && Judge.IsRipe(ref subject.Watch, EvidenceKind.LoginKnock, now))
        {
            EvidenceFacts facts = new(Findings.LoginPortsOpened) { Flows = profile.Knocks, Port = port, Protocol = "tcp" };
            judge.Suspect(subject, EvidenceKind.LoginKnock, 0.3, facts, now, findings);
        }
    }

    private void OnPing(Subject subject, in Contact contact, ulong now, IFindings findings)
    {
        ref Profile profile = ref subject.Profile;
        if (now - Math.Min(now, profile.FirstNanoseconds) > StrangerFor)
        {
            // A monitor pings many hosts too, but keeps doing so.
            return;
        }

        // Most sources that ping send to one host: they need no record.
        if (profile.WatchSlot == 0 && (profile.First.IsEmpty || profile.First.Host == contact.Host))
        {
            profile.First = contact;
            return;
        }

        ref Watch watch = ref subject.Watch;
        watch.PingedHosts.Advance(now, SweepWindow);
        if (profile.First.IsPing)
        {
            watch.PingedHosts.Add(profile.First.Host, now);
            profile.First = default;
        }

        bool isNew = watch.PingedHosts.Add(contact.Host, now);
        int hosts = watch.PingedHosts.Count;
        if (isNew && (hosts == SweptHosts || hosts % (5 * SweptHosts) == 0) && Judge.IsRipe(ref watch, EvidenceKind.PingSweep, now))
        {
            judge.Suspect(subject, EvidenceKind.PingSweep, 0.3, new EvidenceFacts(Findings.HostsPinged) { Hosts = hosts, Protocol = "icmp" }, now, findings);
        }
    }
}
