using System.Globalization;
using System.Numerics;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Behavior.Outbound;

/// <summary>A ping carries the same few bytes there and back. An echo flow with much in it, and not the same both ways, carries something else.</summary>
internal sealed class IcmpTunnelDetector(Alerts alerts, int capacity, ulong seed)
{
    private const uint RepeatSeconds = 3600;
    private const ulong FewestPackets = 64;
    private const ulong LeastBytes = 4096;

    // A file that goes one way has few answers (ptunnel-ng: one for several questions); so have pings of several lengths whose path loses the long ones.
    private const ulong LeastOneWayBytes = 128 << 10;

    private readonly BoundedTable<PairKey, Told> _told = new(capacity, seed);

    public void OnProgress(Address inside, Address outside, in PacketEvent packet, IFindings findings)
    {
        ulong packets = packet.PacketsIn;
        ulong most = Math.Max(packet.BytesIn, packet.BytesOut);
        bool isOneWay = packets < FewestPackets / 2;
        if (packets == 0 || most < (isOneWay ? LeastOneWayBytes : LeastBytes) || packet.BytesOut == 0 || (IsEcho(in packet) && !(isOneWay && IsOddCount(in packet))))
        {
            return;
        }

        ref Told told = ref _told.FindOrAdd(new PairKey(inside, outside, 0, packet.Protocol), out _);
        uint seconds = Profile.Seconds(packet.TimeNanoseconds);
        if (told.Seconds != 0 && seconds - told.Seconds < RepeatSeconds)
        {
            return;
        }

        told.Seconds = seconds;
        string detail = string.Create(
            CultureInfo.InvariantCulture,
            $"exchanged {packet.BytesOut} bytes out and {packet.BytesIn} in with {outside} in one flow of pings; an echo is as long as its question");
        alerts.Raise(inside, outside, answered: false, EvidenceKind.IcmpTunnel, 0.7, detail, packet.TimeNanoseconds, findings);
    }

    // An answer is as long as its question: all answered, both sums are the same. What was lost leaves a whole number of messages, for a
    // ping repeats itself.
    private static bool IsEcho(in PacketEvent packet)
    {
        if (packet.BytesIn == packet.BytesOut)
        {
            return true;
        }

        ulong length = packet.BytesIn / packet.PacketsIn;
        return length * packet.PacketsIn == packet.BytesIn && (length == 0 || packet.BytesOut % length == 0);
    }

    // The kernel tells of 64, 128, 256... packets and of each 4,096: were the questions as long as the few answers, there would be so many.
    private static bool IsOddCount(in PacketEvent packet)
    {
        ulong length = packet.BytesIn / packet.PacketsIn;
        ulong questions = length == 0 ? 0 : packet.BytesOut / length;
        return questions < FewestPackets || !(BitOperations.IsPow2(questions) || questions % 4096 == 0);
    }

    private struct Told
    {
        public uint Seconds;
    }
}
