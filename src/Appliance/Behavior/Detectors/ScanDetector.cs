using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Detectors;

/// <summary>
/// Counts the distinct ports and hosts that a source tried in vain: refused or unanswered. What is answered drops out, however much of it there is; so a browser, a NAT office or a monitoring probe is no scan.
/// </summary>
internal sealed class ScanDetector(DetectionOptions options, Judge judge) : SourceDetector
{
    private const ulong Second = 1_000_000_000;
    private const ulong Hour = 3600 * Second;
    private const uint PendingMilliseconds = 3000;
    private const int WellKnownPorts = 1024;
    private const ushort NameServer = 53;
    private const ulong LongestGreeting = 512;
    private const ushort FirstOfTraceroute = 33_000;

    private ulong Window => (ulong)options.ScanWindowSeconds * Second;

    private ulong SlowWindow => (ulong)options.SlowScanWindowMinutes * 60 * Second;

    /// <summary>A first packet to a local port. A UDP service on a high port (media, games) has no handshake that could clear it, so only low UDP ports count.</summary>
    public override void OnOpen(Subject subject, in Opening opening, IFindings findings)
    {
        (Contact contact, ulong now) = (opening.Contact, opening.Now);
        if (!opening.HasPort || (opening.Packet.Protocol != Contact.Tcp && contact.Port >= WellKnownPorts))
        {
            return;
        }

        ref Profile profile = ref subject.Profile;
        if (profile.WatchSlot == 0)
        {
            if (profile.First.IsEmpty || profile.First.IsPing || profile.First.Names(in contact))
            {
                profile.First = contact;
                return;
            }

            AddPending(ref subject.Watch, profile.First, now);
            profile.First = default;
        }

        ref Watch watch = ref subject.Watch;
        AddPending(ref watch, contact, now);
        Consider(subject, now, findings);
    }

    public override void OnFailure(Subject subject, in PacketEvent packet, in Contact contact, IFindings findings)
    {
        if (packet.Kind != EventKind.FlowRefused)
        {
            OnStealth(subject, contact, packet.TimeNanoseconds, findings);
            return;
        }

        bool isAnswer = packet.Protocol != Contact.Tcp && (packet.TcpFlags & PacketEvent.QuotedAnswer) != 0;
        OnRefused(subject, contact, packet.RemotePort, isAnswer, packet.TimeNanoseconds, findings);
    }

    public override void OnEstablished(Subject subject, in PacketEvent packet, in Contact contact) => Resolve(subject, in contact);

    // Only verified flows are told to end, so this one was answered, whether its handshake was told or held back: a mirror over FTP opens
    // hundreds of ports a second.
    public override bool OnClosed(Subject subject, in PacketEvent packet, in Contact contact, IFindings findings)
    {
        Resolve(subject, in contact);

        // Whoever fetches files over passive FTP says nothing either on the ports that he is told; a service that greets first stands at a low one.
        if (packet.BytesIn == 0 && (packet.BytesOut == 0 || (packet.LocalPort < WellKnownPorts && packet.BytesOut < LongestGreeting)))
        {
            OnEmpty(subject, in contact, packet.TimeNanoseconds, findings);
        }

        return false;
    }

    /// <summary>The local side answered with RST or port unreachable.</summary>
    private void OnRefused(Subject subject, Contact contact, ushort remotePort, bool isAnswer, ulong now, IFindings findings)
    {
        // A late answer of somebody's server to a flow that we opened and forgot looks like this; so does reflection of forged packets. From the
        // port of name servers both are answers, or somebody scans from there because firewalls let it through.
        if (remotePort is > 0 and < WellKnownPorts && contact.Port >= WellKnownPorts && (IsTcp(contact) || isAnswer || remotePort != NameServer))
        {
            return;
        }

        // traceroute and mtr send to ports from here on, one after the other, because nothing listens there.
        if (!IsTcp(contact) && contact.Port >= FirstOfTraceroute)
        {
            return;
        }

        ref Profile profile = ref subject.Profile;
        if (profile.WatchSlot == 0)
        {
            if (profile.First.IsEmpty || profile.First.IsPing || profile.First.Names(in contact))
            {
                profile.First = contact;
                return;
            }

            AddPending(ref subject.Watch, profile.First, now);
            profile.First = default;
        }

        ref Watch watch = ref subject.Watch;
        Resolve(ref watch, in contact);
        AddFailure(ref watch, in contact, countHost: true, now);
        Consider(subject, now, findings);
    }

    /// <summary>A handshake was completed: the contact is no failure unless the flow turns out to be empty.</summary>
    private static void Resolve(Subject subject, in Contact contact)
    {
        ref Profile profile = ref subject.Profile;
        if (profile.First.Names(in contact))
        {
            profile.First = default;
        }

        if (profile.WatchSlot != 0)
        {
            Resolve(ref subject.Watch, in contact);
        }
    }

    /// <summary>
    /// A completed handshake without a byte of use: nobody can forge it. A monitor or a load balancer that opens and closes what it looks after does
    /// so too, at dozens of ports or hosts, the same ones each time; so it takes many different ones to be a scan.
    /// </summary>
    private void OnEmpty(Subject subject, in Contact contact, ulong now, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        watch.Empty.Advance(now, 2 * Hour);
        if (!watch.Empty.Add(((uint)contact.Host << 16) ^ contact.Port, now) || judge.IsMonitor(subject.Profile.Key))
        {
            return;
        }

        int opened = watch.Empty.Count;
        int factor = judge.Forbearance(in subject.Profile, now);
        EvidenceKind kind = opened >= options.ConnectScanPorts * factor ? EvidenceKind.PortScan : EvidenceKind.SlowPortScan;
        if (opened >= options.ConnectScanPorts * factor * 2 / 3 && Judge.IsRipe(ref watch, kind, now, founded: true))
        {
            EvidenceFacts facts = new(Findings.HandshakesUnused) { Handshakes = opened, Protocol = "tcp", SpanMilliseconds = watch.Empty.MillisecondsSince(now) };
            judge.Report(subject, kind, EvidenceClass.Handshake, 0.7, facts, now, findings);
        }
    }

    private void OnStealth(Subject subject, Contact contact, ulong now, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        uint seconds = Profile.Seconds(now);
        if (watch.StealthPackets == 0 || seconds - watch.StealthSeconds > options.ScanWindowSeconds)
        {
            watch.StealthPackets = 0;
            watch.StealthSeconds = seconds;
        }

        watch.StealthPackets = (ushort)Math.Min(watch.StealthPackets + 1, ushort.MaxValue);
        AddFailure(ref watch, in contact, countHost: true, now);
        if (watch.StealthPackets >= options.StealthPackets && !judge.IsMonitor(subject.Profile.Key) && Judge.IsRipe(ref watch, EvidenceKind.StealthScan, now))
        {
            EvidenceFacts facts = new(Findings.ImpossiblePackets) { Packets = watch.StealthPackets, Protocol = "tcp", Ports = watch.Ports.Count, Hosts = watch.Hosts.Count };
            judge.Report(subject, EvidenceKind.StealthScan, EvidenceClass.Spoofable, 0.7, facts, now, findings);
        }
    }

    private void Consider(Subject subject, ulong now, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        Advance(ref watch, now);
        FoldPending(ref watch, now, out int pendingPorts, out int pendingHosts);
        int factor = judge.Forbearance(in subject.Profile, now);
        int ports = watch.Ports.Count + pendingPorts;
        int hosts = watch.Hosts.Count + pendingHosts;
        if (judge.IsMonitor(subject.Profile.Key))
        {
            return;
        }

        if (ports >= options.ScanPorts * factor || hosts >= options.ScanHosts * factor)
        {
            Remember(ref watch, ports, Math.Max(1, hosts), now);
            watch.SlowPortsTold = (ushort)Math.Max(watch.SlowPorts.Count, watch.SlowHosts.Count);
            if (Judge.IsRipe(ref watch, EvidenceKind.PortScan, now))
            {
                EvidenceFacts facts = FactsOf(in watch);
                judge.Report(subject, EvidenceKind.PortScan, EvidenceClass.Spoofable, 0.6, facts, now, findings);
            }

            return;
        }

        ConsiderSlow(subject, hosts, now, findings);
    }

    // Ports that were told once do not make a second scan because one more follows hours later: it takes twice as many.
    private void ConsiderSlow(Subject subject, int hosts, ulong now, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        int factor = judge.Forbearance(in subject.Profile, now);
        int ports = watch.SlowPorts.Count;
        int slowHosts = watch.SlowHosts.Count;
        int most = Math.Max(ports, slowHosts);
        watch.SlowPortsTold = (ushort)Math.Min(watch.SlowPortsTold, most);
        bool isScan = watch.HourPorts.Count >= options.HourScanPorts * factor || most >= options.SlowScanPorts * factor;
        int needed = isScan ? Math.Max(options.SlowScanPorts, watch.SlowPortsTold * 2) : options.FirstSignPorts * factor;
        if (most < needed || (!isScan && watch.SlowPortsTold > 0) || !Judge.IsRipe(ref watch, EvidenceKind.SlowPortScan, now))
        {
            return;
        }

        watch.ScanPorts = (ushort)Math.Max(1, ports);
        watch.SlowPortsTold = (ushort)(isScan ? most : 1);
        watch.ScanHosts = (ushort)Math.Max(Math.Max(1, hosts), slowHosts);
        watch.ScanMilliseconds = watch.SlowPorts.MillisecondsSince(now);
        EvidenceFacts facts = FactsOf(in watch);
        if (isScan)
        {
            judge.Report(subject, EvidenceKind.SlowPortScan, EvidenceClass.Spoofable, 0.5, facts, now, findings, Patience(in watch));
        }
        else
        {
            judge.Suspect(subject, EvidenceKind.SlowPortScan, 0.25, facts, now, findings);
        }
    }

    private static EvidenceFacts FactsOf(in Watch watch) => new(Findings.PortsTried) { Ports = watch.ScanPorts, Hosts = watch.ScanHosts, SpanMilliseconds = watch.ScanMilliseconds };

    // The limit makes the kernel challenge the next try, so it has to last until then.
    private static uint Patience(in Watch watch) => Math.Min(3 * 3600, watch.ScanMilliseconds / 1000 / Math.Max((uint)1, Math.Max(watch.ScanPorts, watch.ScanHosts)) * 3);

    private static void Remember(ref Watch watch, int ports, int hosts, ulong now)
    {
        watch.ScanPorts = (ushort)ports;
        watch.ScanHosts = (ushort)hosts;
        uint span = watch.Ports.MillisecondsSince(now);
        foreach (ref readonly Contact contact in (ReadOnlySpan<Contact>)watch.Pending)
        {
            if (!contact.IsEmpty)
            {
                span = Math.Max(span, Age(in contact, now));
            }
        }

        watch.ScanMilliseconds = span;
    }

    private void AddPending(ref Watch watch, Contact contact, ulong now)
    {
        Advance(ref watch, now);
        int oldest = 0;
        for (int i = 0; i < Watch.PendingContacts.Length; i++)
        {
            ref Contact pending = ref watch.Pending[i];
            if (pending.IsEmpty || pending.Names(in contact))
            {
                // A repeat keeps its first time, so that a retransmitted SYN ripens into a failure.
                contact = pending.IsEmpty ? contact : pending;
                pending = contact;
                return;
            }

            if ((int)(pending.Milliseconds - watch.Pending[oldest].Milliseconds) < 0)
            {
                oldest = i;
            }
        }

        AddFailure(ref watch, watch.Pending[oldest], countHost: IsTcp(watch.Pending[oldest]), now);
        watch.Pending[oldest] = contact;
    }

    private void FoldPending(ref Watch watch, ulong now, out int ports, out int hosts)
    {
        ports = 0;
        hosts = 0;
        Span<uint> seenPorts = stackalloc uint[Watch.PendingContacts.Length];
        Span<uint> seenHosts = stackalloc uint[Watch.PendingContacts.Length];
        for (int i = 0; i < Watch.PendingContacts.Length; i++)
        {
            ref Contact pending = ref watch.Pending[i];
            if (pending.IsEmpty)
            {
                continue;
            }

            if (Age(in pending, now) >= PendingMilliseconds)
            {
                AddFailure(ref watch, in pending, IsTcp(pending), now);
                pending = default;
                continue;
            }

            uint port = pending.PortKey;
            if (!watch.Ports.Contains(port) && !seenPorts[..ports].Contains(port))
            {
                seenPorts[ports++] = port;
            }

            if (IsTcp(pending) && !watch.Hosts.Contains(pending.Host) && !seenHosts[..hosts].Contains(pending.Host))
            {
                seenHosts[hosts++] = pending.Host;
            }
        }
    }

    private void AddFailure(ref Watch watch, in Contact contact, bool countHost, ulong now)
    {
        Advance(ref watch, now);
        ulong age = Age(in contact, now) * 1_000_000UL;
        ulong tried = now - Math.Min(now, age);
        if (age < SlowWindow)
        {
            watch.SlowPorts.Add(contact.PortKey, tried);
            if (countHost)
            {
                watch.SlowHosts.Add(contact.Host, tried);
            }
        }

        if (age < Hour)
        {
            watch.HourPorts.Add(contact.PortKey, tried);
        }

        // A contact may have waited here until the source's next packet.
        if (age >= Window)
        {
            return;
        }

        watch.Ports.Add(contact.PortKey, tried);
        if (countHost)
        {
            watch.Hosts.Add(contact.Host, tried);
        }
    }

    private void Advance(ref Watch watch, ulong now)
    {
        watch.Ports.Advance(now, Window);
        watch.Hosts.Advance(now, Window);
        watch.HourPorts.Advance(now, Hour);
        watch.SlowPorts.Advance(now, SlowWindow);
        watch.SlowHosts.Advance(now, SlowWindow);
    }

    private static void Resolve(ref Watch watch, in Contact contact)
    {
        foreach (ref Contact pending in (Span<Contact>)watch.Pending)
        {
            if (pending.Names(in contact))
            {
                pending = default;
            }
        }
    }

    /// <summary>Milliseconds since a contact; 0 for one that an event out of order puts ahead.</summary>
    private static uint Age(in Contact contact, ulong now) => (uint)Math.Max(0, (int)((uint)(now / 1_000_000) - contact.Milliseconds));

    private static bool IsTcp(Contact contact) => (contact.Host & 1) != 0;
}
