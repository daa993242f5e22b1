using Blackwall.Fingerprints.Wire;

namespace Blackwall.Fingerprints;

/// <summary>
/// Puts the first words of SSH clients together from their segments: cut, doubled, out of order. Bounded: the flow that began longest ago
/// makes room. One owner.
/// </summary>
internal sealed class SshClients(int maxFlows)
{
    private const ulong Patience = 30_000_000_000;
    private const int MaxStream = 16_384;
    private const int MaxSegments = 40;

    private readonly Dictionary<HelloFlow, Pending> _pending = [];
    private readonly LinkedList<HelloFlow> _order = new();

    /// <summary>Clients that began and were given up.</summary>
    public long Abandoned { get; private set; }

    public int Waiting => _pending.Count;

    /// <summary>A segment of the client; Whole: line and key exchange are there.</summary>
    /// <param name="flow">Whose.</param>
    /// <param name="time">Nanoseconds, of the packet.</param>
    /// <param name="sequence">TCP sequence number of the first byte.</param>
    /// <param name="data">Payload.</param>
    /// <param name="hello">Valid until the next call.</param>
    public HelloStatus Add(in HelloFlow flow, ulong time, uint sequence, ReadOnlySpan<byte> data, out SshClientHello hello)
    {
        hello = default;
        if (!_pending.TryGetValue(flow, out Pending? pending))
        {
            // The kernel exports nothing of a flow before its line.
            if (SshClientHello.ReadLine(data, out _, out _) == HelloStatus.None)
            {
                return HelloStatus.None;
            }

            MakeRoom(time);
            pending = new Pending { Place = _order.AddLast(flow), Began = time, First = sequence };
            _pending.Add(flow, pending);
        }

        int offset = unchecked((int)(sequence - pending.First));
        if (++pending.Segments > MaxSegments || offset < 0 || !pending.Stream.TryAdd(offset, data, MaxStream))
        {
            Forget(flow);
            Abandoned++;
            return HelloStatus.None;
        }

        HelloStatus status = SshClientHello.Read(pending.Stream.Whole, out hello);
        if (status == HelloStatus.None)
        {
            Abandoned++;
        }

        if (status != HelloStatus.Partial)
        {
            Forget(flow);
        }

        return status;
    }

    private void MakeRoom(ulong time)
    {
        while (_order.First is { } oldest && (_pending.Count >= maxFlows || _pending[oldest.Value].Began + Patience < time))
        {
            Forget(oldest.Value);
            Abandoned++;
        }
    }

    private void Forget(in HelloFlow flow)
    {
        if (_pending.Remove(flow, out Pending? gone))
        {
            _order.Remove(gone.Place);
        }
    }

    private sealed class Pending
    {
        public required LinkedListNode<HelloFlow> Place { get; init; }

        public ulong Began { get; init; }

        public uint First { get; init; }

        public int Segments { get; set; }

        public Coverage Stream { get; } = new();
    }
}
