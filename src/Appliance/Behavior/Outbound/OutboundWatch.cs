using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// Watches what inside hosts do outside: beacons, exfiltration, tunnels, scans. Spoofed packets from outside never get here, because only flows that our
/// side opened do; so the tables are bounded by the own network's behaviour.
/// </summary>
internal sealed class OutboundWatch
{
    private const ulong Second = 1_000_000_000;
    private const ulong Day = 86_400 * Second;
    private const byte FlagReset = 0x04;
    private const uint ResumedMilliseconds = 2000;
    private const uint LongMilliseconds = 4000;
    private const byte Icmp = 1;
    private const byte Icmp6 = 58;

    private readonly DetectionOptions _options;
    private readonly BoundedTable<PairKey, Pair> _pairs;
    private readonly BoundedTable<AddressKey, InsideHost> _hosts;
    private readonly BoundedTable<AddressKey, Destination> _destinations;
    private readonly BeaconDetector _beacons;
    private readonly ExfiltrationDetector _volumes;
    private readonly OutboundScanDetector _scans;
    private readonly DnsTunnelDetector _tunnels;
    private readonly IcmpTunnelDetector _pings;
    private readonly EncryptedPayloadDetector _ciphers;
    private readonly ControllerDetector _controllers;

    public OutboundWatch(DetectionOptions options, BootClock clock, EvidenceCounts counts, FalsePositiveLedger ledger, IThreatFeeds feeds)
    {
        _options = options;
        ulong seed = Mixer.NewSeed();
        _pairs = new BoundedTable<PairKey, Pair>(options.MaxOutboundPairs, seed);
        _hosts = new BoundedTable<AddressKey, InsideHost>(options.MaxInsideHosts, seed);
        _destinations = new BoundedTable<AddressKey, Destination>(options.MaxOutboundPairs, seed);
        Alerts alerts = new(options, clock, counts, ledger);
        _beacons = new BeaconDetector(options, alerts);
        _volumes = new ExfiltrationDetector(options, alerts, seed);
        _scans = new OutboundScanDetector(options, alerts);
        _tunnels = new DnsTunnelDetector(options, alerts, seed);
        _pings = new IcmpTunnelDetector(alerts, options.MaxInsideHosts, seed);
        _controllers = new ControllerDetector(alerts, feeds, options.MaxInsideHosts, seed);
        _ciphers = new EncryptedPayloadDetector(alerts, options.MaxInsideHosts, seed);
    }

    public BoundedTable<PairKey, Pair> PairTable => _pairs;

    public BoundedTable<AddressKey, InsideHost> HostTable => _hosts;

    public BoundedTable<AddressKey, Destination> DestinationTable => _destinations;

    public int Pairs => _pairs.Count;

    public long PairsEvicted => _pairs.Evicted;

    public int Hosts => _hosts.Count;

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        Address outside = packet.Remote.ToAddress();
        if (CommonServices.IsNobody(outside))
        {
            return;
        }

        if (packet.Protocol is Icmp or Icmp6)
        {
            OnPing(outside, in packet, findings);
            return;
        }

        PairKey key = new(packet.Local.ToAddress(), outside, packet.RemotePort, packet.Protocol);
        switch (packet.Kind)
        {
            case EventKind.FlowOpen:
                OnOpen(in key, in packet, findings);
                break;
            case EventKind.FlowEstablished:
                // Our SYN's RST is told as the end of the same flow.
                if ((packet.TcpFlags & FlagReset) == 0)
                {
                    OutboundScanDetector.OnAnswered(ref Host(key.Inside), in key, packet.TimeNanoseconds);
                    if (_pairs.TryFind(key, out int slot))
                    {
                        // The newest that is not taken yet; of several at once it does not matter which.
                        _pairs[slot].Taken |= _pairs[slot].Taken + 1;
                    }
                }

                break;
            case EventKind.FlowProgress or EventKind.FlowClosed:
                OnVolume(in key, in packet, findings);
                _controllers.OnVolume(in key, in packet, findings);
                break;
            case EventKind.FlowWakes when !CommonServices.IsRegular(key.Port, key.Protocol):
                OnWake(in key, in packet, findings);
                break;
            case EventKind.Entropy:
                _ciphers.OnOpaque(in Host(key.Inside), in key, in packet, findings);
                break;
            default:
                break;
        }
    }

    /// <summary>A flow that somebody outside opened and that goes on: it may be the other end of a tunnel.</summary>
    public void ObserveInbound(in PacketEvent packet, IFindings findings)
    {
        if (packet.Protocol is Icmp or Icmp6)
        {
            _pings.OnProgress(packet.Local.ToAddress(), packet.Remote.ToAddress(), in packet, findings);
        }
    }

    /// <summary>A question to a name server: ours to somebody outside, or somebody's to ours.</summary>
    public void ObserveQuestion(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        bool isOurs = header.Direction == FlowDirection.Outbound;
        Address asking = isOurs ? header.Local.ToAddress() : header.Remote.ToAddress();
        _tunnels.OnQuestion(asking, isOurs, in header, data, findings);
    }

    private void OnOpen(in PairKey key, in PacketEvent packet, IFindings findings)
    {
        ulong now = packet.TimeNanoseconds;
        ref InsideHost host = ref Host(key.Inside);
        if (packet.Protocol == Contact.Tcp)
        {
            _scans.OnOpen(ref host, in key, IsInUse(in key), now, findings);
        }

        if (CommonServices.IsRegular(key.Port, key.Protocol) || IsPopularByRule(key.Outside))
        {
            return;
        }

        ref Pair pair = ref FindOrAdd(in key, now);
        uint milliseconds = (uint)(now / 1_000_000);
        if (pair.Opened > 0 && pair.Closed > 0)
        {
            // As soon as: within a round trip or two. A long one: not the members of a burst.
            uint last = pair.Starts[(int)((pair.Opened - 1) % Pair.StartRing.Length)];
            bool isResumed = milliseconds - pair.ClosedMilliseconds <= ResumedMilliseconds && (int)(pair.ClosedMilliseconds - last) >= (int)LongMilliseconds;
            pair.Resumed += isResumed ? 1u : 0;
        }

        pair.Taken <<= 1;
        OnCheckIn(in key, ref pair, now, findings);
    }

    // A service that was used before is contacted again when it is down: by a monitor, or by a program that retries.
    private bool IsInUse(in PairKey key) => _pairs.TryFind(key, out int slot) && _pairs[slot].TotalIn > 0;

    private void OnPing(Address outside, in PacketEvent packet, IFindings findings)
    {
        Address inside = packet.Local.ToAddress();
        if (packet.Kind == EventKind.FlowProgress)
        {
            _pings.OnProgress(inside, outside, in packet, findings);
        }
        else if (packet.Kind == EventKind.FlowWakes)
        {
            OnWake(new PairKey(inside, outside, 0, packet.Protocol), in packet, findings);
        }
    }

    // What was said since the last time is the check-in that ends.
    private void OnWake(in PairKey key, in PacketEvent packet, IFindings findings)
    {
        if (IsPopularByRule(key.Outside))
        {
            return;
        }

        ref Pair pair = ref FindOrAdd(in key, packet.TimeNanoseconds);
        if (packet.BytesOut >= pair.WokenOut && packet.BytesIn >= pair.WokenIn && pair.Woken > 0)
        {
            pair.Sizes[(int)(pair.Closed % Pair.SizeRing.Length)] = (ushort)Math.Min(ushort.MaxValue, packet.BytesOut - pair.WokenOut);
            pair.Durations[(int)(pair.Closed % Pair.SizeRing.Length)] = 0;
            pair.Closed++;
            pair.TotalOut += packet.BytesOut - pair.WokenOut;
            pair.TotalIn += packet.BytesIn - pair.WokenIn;
        }

        pair.WokenOut = packet.BytesOut;
        pair.WokenIn = packet.BytesIn;
        pair.Woken++;
        OnCheckIn(in key, ref pair, packet.TimeNanoseconds, findings);
    }

    private void OnCheckIn(in PairKey key, ref Pair pair, ulong now, IFindings findings)
    {
        ref Destination destination = ref _destinations.FindOrAdd(new AddressKey(key.Outside), out _);
        destination.Hosts.Advance(now, 2 * Day);
        destination.Hosts.Add((uint)Mixer.Mix(key.Inside, 0), now);
        pair.Starts[(int)(pair.Opened % Pair.StartRing.Length)] = (uint)(now / 1_000_000);
        pair.Opened++;
        if (BeaconDetector.IsTime(pair.Opened))
        {
            _beacons.Consider(in key, ref pair, destination.Hosts.Count, _hosts.Count, now, findings);
        }
    }

    private void OnVolume(in PairKey key, in PacketEvent packet, IFindings findings)
    {
        bool isRegular = CommonServices.IsRegular(key.Port, key.Protocol) || IsPopularByRule(key.Outside);
        ref Pair pair = ref FindOrAdd(in key, packet.TimeNanoseconds);
        if (packet.Kind == EventKind.FlowClosed)
        {
            int place = (int)(pair.Closed % Pair.SizeRing.Length);
            pair.Sizes[place] = (ushort)Math.Min(ushort.MaxValue, packet.BytesOut);
            pair.Durations[place] = Hundredths(in packet);
            pair.Closed++;
            pair.MostIn = Math.Max(pair.MostIn, packet.BytesIn);
            pair.TotalIn += packet.BytesIn;
            pair.TotalOut += packet.BytesOut;
            pair.ClosedMilliseconds = (uint)(packet.TimeNanoseconds / 1_000_000);
        }

        // Mail has attachments, and remote shares are written to; long UDP flows may be a site-to-site VPN.
        if (!isRegular || key.Protocol == Contact.Tcp || key.Port == 53)
        {
            _volumes.OnVolume(ref Host(key.Inside), in key, ref pair, in packet, findings);
        }
    }

    private static ushort Hundredths(in PacketEvent packet)
    {
        const ulong hundredth = 10_000_000;
        bool isKnown = packet.FirstNanoseconds != 0 && packet.FirstNanoseconds <= packet.TimeNanoseconds;
        return isKnown ? (ushort)Math.Clamp((packet.TimeNanoseconds - packet.FirstNanoseconds) / hundredth, 1, ushort.MaxValue) : (ushort)0;
    }

    private ref Pair FindOrAdd(in PairKey key, ulong now)
    {
        ref Pair pair = ref _pairs.FindOrAdd(key, out bool isNew);
        if (isNew)
        {
            pair.FirstSeconds = Profile.Seconds(now);
        }

        return ref pair;
    }

    private ref InsideHost Host(Address inside) => ref _hosts.FindOrAdd(new AddressKey(inside), out _);

    private bool IsPopularByRule(Address outside)
    {
        foreach (Prefix prefix in _options.PopularDestinations)
        {
            if (prefix.Contains(outside))
            {
                return true;
            }
        }

        return false;
    }
}
