using Blackwall.Fingerprints.Wire;

namespace Blackwall.Fingerprints;

/// <summary>
/// Puts hellos together from the segments and datagrams of many clients: cut, doubled, out of order. Bounded: the flow that was touched
/// longest ago makes room. One owner.
/// </summary>
public sealed class HelloAssembler(int maxFlows)
{
    private const ulong Patience = 10_000_000_000;

    // Handshake header and body.
    private const int MaxStream = TlsRecords.MaxHello + 1024;

    private const int MostPieces = 40;

    // Half of the sequence space before a first segment: what was sent before what came first.
    private const int MaxEarlier = 65_536;

    private readonly Dictionary<HelloFlow, Pending> _pending = [];
    private readonly LinkedList<HelloFlow> _order = new();
    private readonly byte[] _body = new byte[TlsRecords.MaxHello];
    private readonly byte[] _frames = new byte[QuicInitial.MaxPacket];

    /// <summary>Hellos that were begun and given up.</summary>
    public long Abandoned { get; private set; }

    public int Waiting => _pending.Count;

    /// <summary>Whether a hello of the flow was begun.</summary>
    public bool IsWaiting(in HelloFlow flow) => _pending.ContainsKey(flow);

    /// <summary>A TCP segment of the client; true: its hello is whole.</summary>
    /// <param name="flow">Whose.</param>
    /// <param name="time">Nanoseconds, of the packet.</param>
    /// <param name="sequence">TCP sequence number of the first byte.</param>
    /// <param name="data">Payload.</param>
    /// <param name="overtaken">Whether it may belong behind a segment that is still to come.</param>
    /// <param name="hello">Valid until the next call.</param>
    public bool TryTcp(scoped in HelloFlow flow, ulong time, uint sequence, ReadOnlySpan<byte> data, bool overtaken, out ClientHello hello)
    {
        hello = default;
        int length = 0;
        if (!_pending.ContainsKey(flow))
        {
            HelloStatus alone = TlsRecords.Read(data, _body, out length);
            if (alone == HelloStatus.Whole)
            {
                return ClientHello.TryRead(_body.AsSpan(0, length), datagram: false, out hello);
            }

            if (alone == HelloStatus.None && !overtaken)
            {
                return false;
            }
        }

        Pending pending = Touch(flow, time);
        Append(pending.Segments, sequence, data);
        if (pending.Segments.Count > MostPieces || pending.Segments.Sum(s => s.Data.Length) > 2 * MaxStream)
        {
            Abandon(flow);
            return false;
        }

        // The segment with the record's head may come last: each that could be it is tried.
        foreach ((uint start, byte[] first) in pending.Segments)
        {
            if (first.Length == 0 || first[0] is not (20 or 22))
            {
                continue;
            }

            Coverage stream = new();
            bool fits = true;
            foreach ((uint at, byte[] bytes) in pending.Segments)
            {
                int offset = unchecked((int)(at - start));
                if (offset is >= 0 and < MaxEarlier)
                {
                    fits &= stream.TryAdd(offset, bytes, MaxStream);
                }
            }

            HelloStatus status = fits ? TlsRecords.Read(stream.Whole, _body, out length) : HelloStatus.None;
            if (status == HelloStatus.Whole && ClientHello.TryRead(_body.AsSpan(0, length), datagram: false, out hello))
            {
                Forget(flow);
                return true;
            }
        }

        return false;
    }

    // What follows another piece becomes part of it, so that a hello of many small segments is few pieces.
    private static void Append(List<(uint Start, byte[] Data)> pieces, uint sequence, ReadOnlySpan<byte> data)
    {
        for (int i = 0; i < pieces.Count; i++)
        {
            (uint start, byte[] before) = pieces[i];
            if (start + (uint)before.Length == sequence)
            {
                pieces[i] = (start, [.. before, .. data]);
                return;
            }
        }

        pieces.Add((sequence, data.ToArray()));
    }

    /// <summary>A UDP datagram of the client that may be QUIC; true: its hello is whole.</summary>
    public bool TryQuic(scoped in HelloFlow flow, ulong time, ReadOnlySpan<byte> datagram, out ClientHello hello)
    {
        hello = default;
        while (QuicInitial.TryHead(ref datagram, out ReadOnlySpan<byte> packet, out int numberOffset, out uint version, out ReadOnlySpan<byte> destination))
        {
            // A client goes on sealing with its first id after the server has chosen another; after a Retry it begins anew.
            bool known = _pending.TryGetValue(flow, out Pending? pending);
            int length = 0;
            bool opened = known && pending!.Connection.Length > 0 && QuicInitial.TryOpen(packet, numberOffset, version, pending.Connection, _frames, out length);
            if (!opened)
            {
                if (!QuicInitial.TryOpen(packet, numberOffset, version, destination, _frames, out length))
                {
                    continue;
                }

                pending = Touch(flow, time);
                (pending.Connection, pending.Stream) = (destination.ToArray(), new Coverage());
            }

            ReadOnlySpan<byte> frames = _frames.AsSpan(0, length);
            while (QuicInitial.TryCrypto(ref frames, out ReadOnlySpan<byte> data, out int offset))
            {
                if (!pending!.Stream.TryAdd(offset, data, MaxStream))
                {
                    Abandon(flow);
                    return false;
                }
            }

            if (pending!.Stream.Whole is [1, var a, var b, var c, .. var body] && ((a << 16) | (b << 8) | c) is var whole && body.Length >= whole && whole <= _body.Length)
            {
                body[..whole].CopyTo(_body);
                Forget(flow);
                return ClientHello.TryRead(_body.AsSpan(0, whole), datagram: false, out hello);
            }
        }

        return false;
    }

    /// <summary>A UDP datagram of the client that may be DTLS; true: its hello is whole.</summary>
    public bool TryDtls(scoped in HelloFlow flow, ulong time, ReadOnlySpan<byte> datagram, out ClientHello hello)
    {
        hello = default;
        while (DtlsRecords.TryNext(ref datagram, out ReadOnlySpan<byte> fragment, out int offset, out int length, out _))
        {
            if (fragment.Length == length)
            {
                Forget(flow);
                fragment.CopyTo(_body);
                return ClientHello.TryRead(_body.AsSpan(0, length), datagram: true, out hello);
            }

            Pending pending = Touch(flow, time);
            if (!pending.Stream.TryAdd(offset, fragment, MaxStream))
            {
                Abandon(flow);
                return false;
            }

            if (pending.Stream.Whole.Length >= length && length > 0)
            {
                pending.Stream.Whole[..length].CopyTo(_body);
                Forget(flow);
                return ClientHello.TryRead(_body.AsSpan(0, length), datagram: true, out hello);
            }
        }

        return false;
    }

    private Pending Touch(in HelloFlow flow, ulong time)
    {
        while (_order.First is { } oldest && (_pending.Count >= maxFlows || _pending[oldest.Value].Touched + Patience < time))
        {
            Abandon(oldest.Value);
        }

        if (!_pending.TryGetValue(flow, out Pending? pending))
        {
            pending = new Pending { Place = _order.AddLast(flow) };
            _pending.Add(flow, pending);
        }

        // Ordering by the first segment is good enough: entries live for a short time.
        pending.Touched = time;
        return pending;
    }

    private void Abandon(in HelloFlow flow)
    {
        Abandoned++;
        Forget(flow);
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

        public ulong Touched { get; set; }

        public byte[] Connection { get; set; } = [];

        public Coverage Stream { get; set; } = new();

        public List<(uint Sequence, byte[] Data)> Segments { get; } = [];
    }
}
