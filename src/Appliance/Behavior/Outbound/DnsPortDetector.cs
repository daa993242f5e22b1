using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// Most firewalls let datagrams to port 53 out. Who sends something there that is no question to a name server has another use for the port:
/// a tunnel that found its server reachable directly (iodine's raw mode), or a virtual private network that hides.
/// </summary>
internal sealed class DnsPortDetector(Alerts alerts, int capacity, ulong seed)
{
    private const ulong Window = 600_000_000_000;
    private const uint RepeatSeconds = 6 * 3600;
    private const uint Enough = 8;
    private const int Header = 12;
    private const ushort Port = 53;

    private readonly BoundedTable<PairKey, NonQueries> _seen = new(capacity, seed);

    /// <summary>Whether the message asks something (RFC 1035 §4.1.1); if not, it is counted.</summary>
    /// <param name="header">Head of a sample that leaves for port 53.</param>
    /// <param name="data">The message: hostile.</param>
    /// <param name="findings">Where results go.</param>
    public bool Asks(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        // Our own name servers may answer from their port to that of another; over TCP a message may begin in any segment.
        if (header.Protocol == Contact.Tcp || header.LocalPort == Port || IsRequest(data))
        {
            return true;
        }

        PairKey key = new(header.Local.ToAddress(), header.Remote.ToAddress(), Port, header.Protocol);
        ulong now = header.TimeNanoseconds;
        uint seconds = Profile.Seconds(now);
        ref NonQueries odd = ref _seen.FindOrAdd(key, out _);
        if (now - Math.Min(now, odd.Start) >= Window)
        {
            odd.Start = now;
            odd.Count = 0;
        }

        odd.Count++;
        if (odd.Count >= Enough && (odd.ToldSeconds == 0 || seconds - odd.ToldSeconds >= RepeatSeconds))
        {
            odd.ToldSeconds = seconds;
            EvidenceFacts facts = new(Findings.NoNameQuestions)
            {
                Packets = odd.Count,
                Other = $"{key.Outside}",
                Port = Port,
                Protocol = ProtocolWords.For(key.Protocol),
                SpanMilliseconds = (long)((now - odd.Start) / 1_000_000),
            };
            alerts.Raise(key.Inside, key.Outside, answered: false, EvidenceKind.DnsTunnel, 0.6, facts, now, findings);
        }

        return false;
    }

    // No response, opcode query to DSO (RFC 8490), one question; an update (RFC 2136) has its zone there.
    private static bool IsRequest(ReadOnlySpan<byte> data) =>
        data.Length >= Header && (data[2] & 0x80) == 0 && ((data[2] >> 3) & 15) <= 6 && data[4] == 0 && data[5] <= 1 && data[6] == 0 && data[8] == 0 && data[10] == 0;

    private struct NonQueries
    {
        public ulong Start;
        public uint Count;
        public uint ToldSeconds;
    }
}
