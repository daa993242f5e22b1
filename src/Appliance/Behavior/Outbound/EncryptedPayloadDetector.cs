using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// Finds encrypted payload of an inside host on a port where clear text is spoken: a remote shell or a tunnel through a port that the firewall leaves
/// open. It may also be a messenger that avoids censorship, so it is reported and asks for nothing.
/// </summary>
internal sealed class EncryptedPayloadDetector(Alerts alerts, int capacity, ulong seed)
{
    private const uint RepeatSeconds = 6 * 3600;

    // Peer-to-peer programs encrypt and listen anywhere; whoever calls many ports of many hosts within five minutes meets such a port by chance.
    private const int PeerPorts = 5;
    private const int Peers = 8;

    private readonly BoundedTable<PairKey, LastReport> _told = new(capacity, seed);

    public void OnOpaque(in InsideHost host, in PairKey key, in PacketEvent packet, IFindings findings)
    {
        if (host.Ports.Count >= PeerPorts && host.Hosts.Count >= Peers)
        {
            return;
        }

        ref LastReport told = ref _told.FindOrAdd(key, out _);
        uint seconds = Profile.Seconds(packet.TimeNanoseconds);
        told.Flows++;
        if (told.Seconds != 0 && seconds - told.Seconds < RepeatSeconds)
        {
            return;
        }

        told.Seconds = seconds;
        EvidenceFacts facts = new(Findings.EncryptedInClear)
        {
            Flows = told.Flows,
            Other = $"{key.Outside}",
            Port = key.Port,
            Protocol = ProtocolWords.For(key.Protocol),
            BitsPerByte = Math.Round(packet.Entropy / 992.0, 4),
        };
        alerts.Raise(key.Inside, outside: null, answered: true, EvidenceKind.CleartextEntropy, 0.5, facts, packet.TimeNanoseconds, findings);
    }

    private struct LastReport
    {
        public uint Seconds;
        public uint Flows;
    }
}
