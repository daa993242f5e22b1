using System.Buffers;
using Blackwall.Inspection.Wire;

namespace Blackwall.Inspection;

/// <summary>
/// Puts the streams of many clients together from the kernel's segments: cut anywhere, doubled, out of order, with gaps. A segment that holds whole
/// requests and comes in order is read where it lies and copied nowhere. Bounded: flows, bytes kept of each, and of all together; what has to give
/// way is counted. One owner.
/// </summary>
internal sealed class HttpStreams(IRequestSink sink)
{
    /// <summary>Flows at once; of a flow that is displaced the next segment is taken for a beginning.</summary>
    public const int MostFlows = 8192;

    private const int MostBuffers = 1024;
    private const int MostHeld = 16;
    private const int MostHeldTogether = 2048;
    private const int MostAhead = 65_536;
    private const int BufferBytes = HttpStream.LongestHead;
    private const ulong Patience = 3_000_000_000;

    private readonly Dictionary<HttpFlowKey, int> _places = new(MostFlows);
    private readonly Flow[] _flows = new Flow[MostFlows];
    private int _used;
    private int _hand;
    private int _buffers;
    private int _held;

    /// <summary>Flows displaced by newer ones.</summary>
    public long Displaced { get; private set; }

    /// <summary>Places at which bytes were missing.</summary>
    public long Gaps { get; private set; }

    /// <summary>Heads that could not be kept until they were whole.</summary>
    public long Unkept { get; private set; }

    public int Count => _places.Count;

    /// <summary>A segment of a client.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="time">Nanoseconds.</param>
    /// <param name="sequence">Of its first byte.</param>
    /// <param name="first">Of the first byte of the stream; 0: not known.</param>
    /// <param name="data">What is there of it.</param>
    /// <param name="length">Its length on the wire, at least that of <paramref name="data"/>.</param>
    public void Add(in HttpFlowKey key, ulong time, uint sequence, uint first, ReadOnlySpan<byte> data, int length)
    {
        ref Flow flow = ref Find(in key, first != 0 && (int)(sequence - first) is >= 0 and < MostAhead ? first : sequence);
        flow.Touched = true;
        Add(ref flow, time, sequence, data, length);
        while (flow.Held is { Count: > 0 } held)
        {
            int next = Due(held, flow.Next);
            if (next < 0 && (held.Count >= MostHeld || time - Math.Min(time, held[0].Time) > Patience))
            {
                // The missing segment will not come any more: reading goes on with the earliest segment that waits.
                next = Earliest(held, flow.Next);
                Jump(ref flow, held[next].Sequence);
            }

            if (next < 0)
            {
                return;
            }

            Segment segment = held[next];
            held.RemoveAt(next);
            _held--;
            Add(ref flow, time, segment.Sequence, segment.Data, segment.Length);
        }
    }

    /// <summary>The flow is over: a request that waits for its rest is read as it is.</summary>
    public void End(in HttpFlowKey key)
    {
        if (!_places.TryGetValue(key, out int place))
        {
            return;
        }

        ref Flow flow = ref _flows[place];
        Finish(ref flow);
        Clear(ref flow);
        _places.Remove(key);
        flow.Key = default;
        flow.IsTaken = false;
    }

    private void Add(ref Flow flow, ulong time, uint sequence, ReadOnlySpan<byte> data, int length)
    {
        int ahead = (int)(sequence - flow.Next);
        if (ahead + length <= 0)
        {
            return;
        }

        if (ahead < 0)
        {
            data = -ahead < data.Length ? data[-ahead..] : default;
            length += ahead;
            sequence = flow.Next;
        }
        else if (ahead > 0)
        {
            if ((ulong)ahead > flow.Stream.Unneeded && ahead < MostAhead && _held < MostHeldTogether)
            {
                Hold(ref flow, new Segment(sequence, time, length, data.ToArray()));
                return;
            }

            Jump(ref flow, sequence);
        }

        flow.Stream.BeginSegment();
        Read(ref flow, data);
        flow.Next = sequence + (uint)length;
        if (data.Length < length)
        {
            Finish(ref flow);
            flow.Stream.Skip((ulong)(length - data.Length));
        }
    }

    private void Read(ref Flow flow, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (flow.Length == 0)
            {
                data = data[Consume(ref flow, data)..];
                if (data.IsEmpty)
                {
                    return;
                }

                if ((flow.Buffer ??= Rent()) is null)
                {
                    // Where there is no room to keep it, the head is judged by what has come.
                    Judge(data);
                    flow.Stream.GiveUp();
                    return;
                }
            }

            int taken = Math.Min(data.Length, BufferBytes - flow.Length);
            data[..taken].CopyTo(flow.Buffer.AsSpan(flow.Length));
            flow.Length += taken;
            data = data[taken..];
            int consumed = Consume(ref flow, flow.Buffer.AsSpan(0, flow.Length));
            if (consumed == 0 && flow.Length == BufferBytes)
            {
                Judge(flow.Buffer.AsSpan(0, flow.Length));
                flow.Stream.GiveUp();
                consumed = flow.Length;
            }

            flow.Buffer.AsSpan(consumed, flow.Length - consumed).CopyTo(flow.Buffer);
            flow.Length -= consumed;
            if (flow.Length == 0)
            {
                Return(ref flow);
            }
        }
    }

    private int Consume(ref Flow flow, ReadOnlySpan<byte> data)
    {
        int consumed = 0;
        while (consumed < data.Length)
        {
            int step = flow.Stream.Step(data[consumed..], out HttpStream.Found found);
            if (step == 0)
            {
                break;
            }

            ReadOnlySpan<byte> part = data.Slice(consumed, step);
            consumed += step;
            if (found == HttpStream.Found.Body)
            {
                sink.OnBody(part[..Math.Min(part.Length, HttpStream.BodyPreview)]);
            }
            else if (found == HttpStream.Found.Head && HttpHead.TryRead(part, out HttpHead request))
            {
                request = request.With(BodyOf(in request, data[consumed..]));
                sink.OnRequest(in request);
            }
        }

        return consumed;
    }

    // The first chunk of a chunked body is reported when it comes. A body without a length is against the rules, and some servers accept it.
    private static ReadOnlySpan<byte> BodyOf(scoped in HttpHead request, ReadOnlySpan<byte> behind)
    {
        if (request.IsChunked)
        {
            return default;
        }

        ulong? length = request.BodyLength;
        ulong most = length ?? (HttpStream.MayBeRequest(behind) ? 0UL : HttpStream.BodyPreview);
        return behind[..(int)Math.Min(Math.Min(most, HttpStream.BodyPreview), (ulong)behind.Length)];
    }

    private void Judge(ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            Unkept++;
            if (HttpHead.TryRead(data, out HttpHead request))
            {
                sink.OnRequest(in request);
            }
        }
    }

    // A head that is not whole, but whose first line is.
    private void Finish(ref Flow flow)
    {
        if (flow.Length > 0 && flow.Stream.IsInHead && flow.Buffer.AsSpan(0, flow.Length).Contains((byte)'\n')
            && HttpHead.TryRead(flow.Buffer.AsSpan(0, flow.Length), out HttpHead request))
        {
            sink.OnRequest(in request);
        }

        flow.Length = 0;
        Return(ref flow);
    }

    private void Jump(ref Flow flow, uint sequence)
    {
        uint gap = sequence - flow.Next;
        if (gap > flow.Stream.Unneeded)
        {
            Gaps++;
            Finish(ref flow);
        }

        flow.Stream.Skip(gap);
        flow.Next = sequence;
    }

    private void Hold(ref Flow flow, Segment segment)
    {
        flow.Held ??= new List<Segment>(4);
        flow.Held.Add(segment);
        _held++;
    }

    private static int Due(List<Segment> held, uint next) => held.FindIndex(segment => (int)(segment.Sequence - next) <= 0);

    private static int Earliest(List<Segment> held, uint next)
    {
        int best = 0;
        for (int i = 1; i < held.Count; i++)
        {
            best = held[i].Sequence - next < held[best].Sequence - next ? i : best;
        }

        return best;
    }

    private ref Flow Find(in HttpFlowKey key, uint begin)
    {
        if (_places.TryGetValue(key, out int place))
        {
            return ref _flows[place];
        }

        place = Room();
        ref Flow flow = ref _flows[place];
        flow = new Flow { Key = key, Next = begin, IsTaken = true };
        _places[key] = place;
        return ref flow;
    }

    // Second chance: the clock hand evicts the first flow that was not touched since the hand last passed.
    private int Room()
    {
        if (_used < MostFlows)
        {
            return _used++;
        }

        while (true)
        {
            int place = _hand;
            _hand = (_hand + 1) % MostFlows;
            ref Flow flow = ref _flows[place];
            if (!flow.IsTaken)
            {
                return place;
            }

            if (flow.Touched)
            {
                flow.Touched = false;
                continue;
            }

            Displaced++;
            Finish(ref flow);
            Clear(ref flow);
            _places.Remove(flow.Key);
            return place;
        }
    }

    private void Clear(ref Flow flow)
    {
        Return(ref flow);
        _held -= flow.Held?.Count ?? 0;
        flow.Held = null;
    }

    private byte[]? Rent()
    {
        if (_buffers >= MostBuffers)
        {
            return null;
        }

        _buffers++;
        return ArrayPool<byte>.Shared.Rent(BufferBytes);
    }

    private void Return(ref Flow flow)
    {
        if (flow.Buffer is { } buffer)
        {
            _buffers--;
            ArrayPool<byte>.Shared.Return(buffer);
            flow.Buffer = null;
        }
    }

    private readonly record struct Segment(uint Sequence, ulong Time, int Length, byte[] Data);

    private struct Flow
    {
        public HttpFlowKey Key;
        public HttpStream Stream;
        public uint Next;
        public int Length;
        public byte[]? Buffer;
        public List<Segment>? Held;
        public bool IsTaken;
        public bool Touched;
    }
}
