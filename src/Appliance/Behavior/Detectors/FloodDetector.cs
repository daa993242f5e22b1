using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Detectors;

/// <summary>Rates of one source over a window. The SYN rate only speaks against a source that hardly completes a handshake: a busy proxy completes them all.</summary>
internal sealed class FloodDetector(DetectionOptions options, Judge judge) : SourceDetector
{
    private const ulong Second = 1_000_000_000;
    private const byte Udp = 17;

    // Events held back may have been of any kind. A busy source that once hits a limit must not look like a flood for all it did before.
    private const uint MostHeldBack = 250;
    private const uint FewHeldBack = 100;

    private ulong Window => (ulong)options.FloodWindowSeconds * Second;

    public override void OnOpen(Subject subject, in Opening opening, IFindings findings)
    {
        ref readonly PacketEvent packet = ref opening.Packet;
        ref Profile profile = ref subject.Profile;
        Turn(ref profile, packet.TimeNanoseconds);
        bool limited = packet.Kind == EventKind.Limited;
        switch (packet.Protocol)
        {
            case Contact.Tcp:
                profile.Opened++;
                profile.Syns = Add(profile.Syns, 1UL + Math.Min(packet.Suppressed, MostHeldBack));
                if (profile.Syns >= (uint)options.SynFloodRate * (uint)options.FloodWindowSeconds && profile.Established < profile.Opened / 4)
                {
                    Report(subject, EvidenceKind.SynFlood, profile.Syns, "SYNs", packet.TimeNanoseconds, findings);
                }

                break;

            // Those held back count in full only beside a packet that hit the limit of this very class.
            case Udp:
                profile.Datagrams = Add(profile.Datagrams, 1UL + Math.Min(packet.Suppressed, limited ? MostHeldBack : FewHeldBack));
                if (profile.Datagrams >= (uint)options.UdpFloodRate * (uint)options.FloodWindowSeconds)
                {
                    Report(subject, EvidenceKind.UdpFlood, profile.Datagrams, "UDP packets", packet.TimeNanoseconds, findings);
                }

                break;

            case 1 or 58: // ICMP, ICMPv6
                profile.Pings = Add(profile.Pings, limited ? 1UL + Math.Min(packet.Suppressed, MostHeldBack) : 1);
                if (profile.Pings >= (uint)options.IcmpFloodRate * (uint)options.FloodWindowSeconds)
                {
                    Report(subject, EvidenceKind.IcmpFlood, profile.Pings, "ICMP packets", packet.TimeNanoseconds, findings);
                }

                break;

            default:
                break;
        }
    }

    public override void OnStray(Subject subject, in PacketEvent packet, IFindings findings)
    {
        ref Profile profile = ref subject.Profile;
        Turn(ref profile, packet.TimeNanoseconds);
        profile.Syns = Add(profile.Syns, 1UL + Math.Min(packet.Suppressed, MostHeldBack));
        if (profile.Syns >= (uint)options.SynFloodRate * (uint)options.FloodWindowSeconds && profile.Established == 0)
        {
            Report(subject, EvidenceKind.SynFlood, profile.Syns, "packets outside any connection", packet.TimeNanoseconds, findings);
        }
    }

    public override void OnEstablished(Subject subject, in PacketEvent packet, in Contact contact)
    {
        ref Profile profile = ref subject.Profile;
        Turn(ref profile, packet.TimeNanoseconds);
        profile.Established++;
    }

    private void Report(Subject subject, EvidenceKind kind, uint count, string what, ulong now, IFindings findings)
    {
        if (!Judge.IsRipe(ref subject.Watch, kind, now))
        {
            return;
        }

        uint milliseconds = (uint)(now <= subject.Profile.FloodNanoseconds ? 0 : (now - subject.Profile.FloodNanoseconds) / 1_000_000);
        EvidenceFacts facts = new(Findings.PacketFlood)
        {
            Packets = count,
            PacketKind = what,
            Protocol = kind == EvidenceKind.SynFlood ? "tcp" : kind == EvidenceKind.UdpFlood ? "udp" : "icmp",
            SpanMilliseconds = milliseconds,
            Handshakes = subject.Profile.Established,
        };
        judge.Report(subject, kind, EvidenceClass.Spoofable, 0.6, facts, now, findings);
    }

    private void Turn(ref Profile profile, ulong now)
    {
        if (profile.FloodNanoseconds == 0 || (now > profile.FloodNanoseconds && now - profile.FloodNanoseconds >= Window))
        {
            profile.FloodNanoseconds = Math.Max(1, now);
            profile.Syns = 0;
            profile.Opened = 0;
            profile.Established = 0;
            profile.Datagrams = 0;
            profile.Pings = 0;
        }
    }

    private static uint Add(uint counter, ulong amount) => (uint)Math.Min(uint.MaxValue, counter + amount);
}
