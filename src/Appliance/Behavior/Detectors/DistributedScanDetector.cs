using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Detectors;

/// <summary>
/// Scans that are shared out among the addresses of one network, so that none of them does much: the ports that they try in vain are
/// counted together, for IPv4 by /24, for IPv6 by /64 and /48. Only those that take part are accused, never the network, except that an
/// IPv6 /64 is one household: who moves about in it is limited there.
/// </summary>
internal sealed class DistributedScanDetector(DetectionOptions options, Judge judge, ulong seed) : SourceDetector
{
    private const ulong Day = 86_400_000_000_000;
    private const int WellKnownPorts = 1024;

    private readonly BoundedTable<NetworkKey, Neighbours> _networks = new(options.MaxNetworks, seed);

    public BoundedTable<NetworkKey, Neighbours> Table => _networks;

    public int Networks => _networks.Count;

    public long Evicted => _networks.Evicted;

    /// <summary>A first packet that may be in vain.</summary>
    public override void OnOpen(Subject subject, in Opening opening, IFindings findings)
    {
        (Contact contact, ulong now) = (opening.Contact, opening.Now);

        // Forged sources would push out the networks that scan slowly.
        if (!opening.HasPort || opening.IsFlooded || judge.IsMonitor(subject.Profile.Key) || (opening.Packet.Protocol != Contact.Tcp && contact.Port >= WellKnownPorts))
        {
            return;
        }

        Address source = subject.Profile.Key;
        if (source.IsV4)
        {
            Count(subject, NetworkKey.From(source, 24), in contact, now, findings);
        }
        else
        {
            Count(subject, NetworkKey.From(source, 64), in contact, now, findings);
            Count(subject, NetworkKey.From(source, 48), in contact, now, findings);
        }
    }

    public override void OnEstablished(Subject subject, in PacketEvent packet, in Contact contact)
    {
        (Address source, ulong now) = (subject.Profile.Key, packet.TimeNanoseconds);
        if (source.IsV4)
        {
            Answer(NetworkKey.From(source, 24), in contact, now);
        }
        else
        {
            Answer(NetworkKey.From(source, 64), in contact, now);
            Answer(NetworkKey.From(source, 48), in contact, now);
        }
    }

    /// <summary>Ports that a network's sources tried in vain, and how many sources that were.</summary>
    public (int Ports, int Sources) Read(NetworkKey network) =>
        _networks.TryFind(network, out int slot) ? (InVain(in _networks[slot]), _networks[slot].Sources.Count) : default;

    private void Count(Subject subject, NetworkKey network, in Contact contact, ulong now, IFindings findings)
    {
        ref Neighbours together = ref _networks.FindOrAdd(network, out _);
        together.Tried.Advance(now, 2 * Day);
        together.Sources.Advance(now, 2 * Day);
        bool isNew = together.Tried.Add(contact.PortKey, now);
        together.Sources.Add((uint)(Mixer.Mix(subject.Profile.Key, seed) >> 32), now);
        if (!isNew || InVain(in together) < options.DistributedScanPorts)
        {
            return;
        }

        int sources = together.Sources.Count;
        if (sources < options.DistributedScanSources || !Judge.IsRipe(ref subject.Watch, EvidenceKind.DistributedScan, now))
        {
            return;
        }

        Prefix scope = network.Network;
        EvidenceFacts facts = new(Findings.NetworkPortsTried) { Sources = sources, Network = $"{scope}", Ports = InVain(in together), SpanMilliseconds = together.Tried.MillisecondsSince(now) };
        judge.Report(subject, EvidenceKind.DistributedScan, EvidenceClass.Spoofable, 0.4, facts, now, findings, scope: !scope.IsV4 && scope.Length == 64 ? scope : null);
    }

    private void Answer(NetworkKey network, in Contact contact, ulong now)
    {
        if (_networks.TryFind(network, out int slot))
        {
            ref Neighbours together = ref _networks[slot];
            together.Answered.Advance(now, 2 * Day);
            together.Answered.Add(contact.PortKey, now);
        }
    }

    private static int InVain(in Neighbours together) => Math.Max(0, together.Tried.Count - together.Answered.Count);
}
