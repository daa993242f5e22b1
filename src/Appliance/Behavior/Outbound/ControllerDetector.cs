using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// A host of ours that talks with an address that feeds call a C2 server. Others look like this: a scanner of ours, which touches many addresses of a
/// list and says nothing to them; name and mail servers, which talk to whoever shares a machine with anybody; so a flow counts when both ends said
/// something, at a port that is not one of theirs, and who talks with many listed addresses is told of as what it probably is.
/// </summary>
internal sealed class ControllerDetector(Alerts alerts, IThreatFeeds feeds, int capacity, ulong seed)
{
    private const ulong Window = 3600_000_000_000;
    private const uint RepeatSeconds = 6 * 3600;

    /// <summary>Malware has a handful of servers; who talks with more in an hour walks over a list.</summary>
    private const uint MostOfMalware = 8;

    private const double Weight = 0.7;
    private const double WeightOfScanner = 0.2;

    private readonly BoundedTable<PairKey, Contacted> _pairs = new(capacity, seed);
    private readonly BoundedTable<AddressKey, Host> _hosts = new(capacity, seed);

    /// <param name="key">Who talked with whom.</param>
    /// <param name="packet">The flow so far, or its end.</param>
    /// <param name="findings">Where results go.</param>
    public void OnVolume(in PairKey key, in PacketEvent packet, IFindings findings)
    {
        if (packet.BytesOut == 0 || packet.BytesIn == 0 || CommonServices.IsRegular(key.Port, key.Protocol) || feeds.FindController(key.Outside) is not { } mention)
        {
            return;
        }

        ulong now = packet.TimeNanoseconds;
        uint seconds = Profile.Seconds(now);
        ref Host host = ref _hosts.FindOrAdd(new AddressKey(key.Inside), out _);
        if (now - Math.Min(now, host.Start) >= Window)
        {
            (host.Start, host.Destinations) = (now, 0);
        }

        ref Contacted pair = ref _pairs.FindOrAdd(key, out bool isNew);
        if (isNew || pair.Start != host.Start)
        {
            pair.Start = host.Start;
            host.Destinations++;
        }

        bool isScanner = host.Destinations > MostOfMalware;
        ref uint told = ref isScanner ? ref host.ToldSeconds : ref pair.ToldSeconds;
        if (told != 0 && seconds - told < RepeatSeconds)
        {
            return;
        }

        told = seconds;
        EvidenceFacts facts = new(isScanner ? Findings.ManyControllersContacted : Findings.ControllerContacted)
        {
            Other = $"{key.Outside}",
            Port = key.Port,
            Protocol = ProtocolWords.For(key.Protocol),
            Feed = mention.Feed,
            Malware = mention.Note,
            Hosts = host.Destinations,
            BytesOut = (long)packet.BytesOut,
            BytesIn = (long)packet.BytesIn,
        };

        // Over TCP both ends said something within a handshake that our side opened.
        alerts.Raise(key.Inside, isScanner ? null : key.Outside, key.Protocol == Contact.Tcp, EvidenceKind.Controller, isScanner ? WeightOfScanner : Weight, facts, now, findings);
    }

    private struct Contacted
    {
        public ulong Start;
        public uint ToldSeconds;
    }

    private struct Host
    {
        public ulong Start;
        public uint Destinations;
        public uint ToldSeconds;
    }
}
