using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// An answer to a ping is its question sent back. An echo flow whose answers are not their questions, even if some were lost, carries
/// something else. Of a flow the kernel knows sums only, and several programs may ping at several lengths, so the doubt is theirs.
/// </summary>
internal sealed class IcmpTunnelDetector(Alerts alerts, int capacity, ulong seed)
{
    private const uint RepeatSeconds = 3600;
    private const ulong FewestAnswers = 32;
    private const ulong LeastBytes = 4096;

    // Of a ping; longer ones come in fragments.
    private const long LongestQuestion = 1500;

    // A path that loses more than one in so many may hide what comes back; then what is sent has to be pings beyond doubt.
    private const long UsualLoss = 16;
    private const ulong SteadyPart = 8;

    // A file that goes one way has few answers (ptunnel-ng: one for many questions), as pings over a bad path have; those are short.
    private const ulong LeastOneWayBytes = 128 << 10;
    private const ulong LeastOneWayLength = 256;

    private readonly BoundedTable<PairKey, LastReport> _told = new(capacity, seed);

    public void OnProgress(Address inside, Address outside, in PacketEvent packet, IFindings findings)
    {
        if (packet.PacketsIn == 0 || packet.PacketsOut == 0 || Math.Max(packet.BytesIn, packet.BytesOut) < LeastBytes)
        {
            return;
        }

        ref LastReport told = ref _told.FindOrAdd(new PairKey(inside, outside, 0, packet.Protocol), out _);
        bool isOurs = packet.Direction == FlowDirection.Outbound;
        Sum ours = new(packet.PacketsOut, packet.BytesOut);
        Sum theirs = new(packet.PacketsIn, packet.BytesIn);
        bool isSteady = told.IsSteady(isOurs ? ours : theirs);
        if (isOurs ? IsEcho(ours, theirs, isSteady, isFlood: false) : IsEcho(theirs, ours, isSteady, isFlood: true))
        {
            return;
        }

        uint seconds = Profile.Seconds(packet.TimeNanoseconds);
        if (told.Seconds != 0 && seconds - told.Seconds < RepeatSeconds)
        {
            return;
        }

        told.Seconds = seconds;
        EvidenceFacts facts = new(Findings.PingsCarryData) { BytesOut = (long)packet.BytesOut, BytesIn = (long)packet.BytesIn, Other = $"{outside}", Protocol = "icmp" };
        alerts.Raise(inside, outside, answered: false, EvidenceKind.IcmpTunnel, 0.7, facts, packet.TimeNanoseconds, findings);
    }

    /// <param name="questions">All of the flow so far.</param>
    /// <param name="answers">Likewise.</param>
    /// <param name="isSteady">Whether the questions are as long as they were before, in the mean.</param>
    /// <param name="isFlood">Whether most may stay without an answer because there are too many.</param>
    private static bool IsEcho(Sum questions, Sum answers, bool isSteady, bool isFlood)
    {
        ulong length = questions.Bytes / questions.Packets;
        if (length * questions.Packets == questions.Bytes && length * answers.Packets == answers.Bytes)
        {
            return true;
        }

        if (answers.Packets < FewestAnswers && answers.Packets * 2 < questions.Packets)
        {
            return isFlood || questions.Bytes < LeastOneWayBytes || length < LeastOneWayLength;
        }

        // Whether what was lost may make the difference, and one more each way: both ends may ping, and the last of each be still on its way.
        long lost = (long)(questions.Packets - answers.Packets);
        long bytes = (long)(questions.Bytes - answers.Bytes);
        return lost >= -1 && bytes >= -LongestQuestion && bytes <= (lost + 1) * LongestQuestion && (isSteady || lost * UsualLoss < (long)questions.Packets);
    }

    private readonly record struct Sum(ulong Packets, ulong Bytes);

    private struct LastReport
    {
        private Sum _before;
        public uint Seconds;

        /// <summary>Whether the questions since the last time are as long as those before: programs ping at the lengths they have.</summary>
        public bool IsSteady(Sum questions)
        {
            Sum before = _before;
            _before = questions;
            if (before.Packets == 0 || questions.Packets <= before.Packets || questions.Bytes < before.Bytes)
            {
                return true;
            }

            ulong usual = before.Bytes / before.Packets;
            ulong since = (questions.Bytes - before.Bytes) / (questions.Packets - before.Packets);
            return Math.Max(usual, since) - Math.Min(usual, since) <= usual / SteadyPart;
        }
    }
}
