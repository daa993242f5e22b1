using System.Buffers.Binary;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Indicators.Wire;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// What we said and still say, until it expires: kept over restarts, and while there is nobody to hear it. Bounded; the oldest goes first and is counted, refutations last.
/// </summary>
internal sealed class Outbox
{
    /// <summary>Messages that are kept.</summary>
    public const int Capacity = 2048;

    private const int MaxTakers = 256;
    private const byte WasPublished = 1;
    private const byte Silent = 2;

    private readonly StateFile _file;
    private readonly LinkedList<Entry> _entries = new();
    private bool _changed;

    public Outbox(string path, DateTimeOffset now)
    {
        _file = new StateFile(path, (Capacity + 1) * (SignedIndicator.MaxLength + 3));
        ReadOnlySpan<byte> rest = _file.Load(out _);
        while (rest.Length > 3)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            if (rest.Length < 3 + length || IndicatorCodec.TryDecode(rest.Slice(3, length).ToArray(), out _) is not { } signed)
            {
                break;
            }

            if (signed.Message.Expires > now)
            {
                _entries.AddLast(new Entry(signed) { IsPublished = rest[0] == WasPublished, IsSilent = rest[0] == Silent });
            }

            rest = rest[(3 + length)..];
        }
    }

    public string? Problem => _file.Problem;

    public long Dropped { get; private set; }

    public int Count => _entries.Count;

    /// <summary>How many were not published yet.</summary>
    public int Waiting => _entries.Count(entry => entry is { IsPublished: false, IsSilent: false });

    public IEnumerable<SignedIndicator> Unpublished => _entries.Where(entry => entry is { IsPublished: false, IsSilent: false }).Select(entry => entry.Signed);

    /// <summary>What we say, the newest first.</summary>
    public IEnumerable<OwnIndicator> Own => _entries.Reverse().Where(entry => !entry.IsSilent).Select(entry => new OwnIndicator(entry.Signed.Message, entry.IsPublished, entry.Takers.Count));

    public IEnumerable<SignedIndicator> All => _entries.Select(entry => entry.Signed);

    /// <summary>What others may be told.</summary>
    public IEnumerable<SignedIndicator> Told => _entries.Where(entry => !entry.IsSilent).Select(entry => entry.Signed);

    /// <param name="signed">What we say.</param>
    /// <param name="isSilent">It is kept for ourselves and told to nobody.</param>
    public void Add(SignedIndicator signed, bool isSilent = false)
    {
        // A later word about the same value takes the place of the earlier one.
        for (LinkedListNode<Entry>? node = _entries.First; node is not null; node = node.Next)
        {
            if (node.Value.Signed.Message.Value == signed.Message.Value)
            {
                _entries.Remove(node);
                break;
            }
        }

        _entries.AddLast(new Entry(signed) { IsSilent = isSilent });
        if (_entries.Count > Capacity)
        {
            _entries.Remove(_entries.FirstOrDefault(entry => entry.Signed.Message.Kind is not MessageKind.Refutation) ?? _entries.First!.Value);
            Dropped++;
        }

        _changed = true;
    }

    /// <summary>Whether we say so of a value.</summary>
    public SignedIndicator? Find(IndicatorValue value) => _entries.FirstOrDefault(entry => entry.Signed.Message.Value == value)?.Signed;

    /// <param name="signed">What was published.</param>
    /// <param name="listeners">Peers that took it.</param>
    public void Published(SignedIndicator signed, IEnumerable<PeerId> listeners)
    {
        if (_entries.FirstOrDefault(entry => entry.Signed == signed) is { } entry)
        {
            entry.IsPublished = true;
            Note(entry, listeners);
            _changed = true;
        }
    }

    /// <summary>A peer asks for what we said after a time, and takes it.</summary>
    public void Given(PeerId peer, DateTimeOffset after)
    {
        foreach (Entry entry in _entries.Where(entry => !entry.IsSilent && entry.Signed.Message.Created >= after))
        {
            Note(entry, [peer]);
        }
    }

    /// <summary>Takes out what was signed while the clock was ahead: nobody takes it, and it would be told for as long as the clock was wrong. It can be said anew.</summary>
    public IReadOnlyList<SignedIndicator> TakeFuture(DateTimeOffset latest)
    {
        Entry[] future = [.. _entries.Where(entry => entry.Signed.Message.Created > latest)];
        foreach (Entry entry in future)
        {
            _entries.Remove(entry);
            _changed = true;
        }

        return [.. future.Select(entry => entry.Signed)];
    }

    public void Expire(DateTimeOffset now)
    {
        for (LinkedListNode<Entry>? node = _entries.First; node is not null;)
        {
            LinkedListNode<Entry>? next = node.Next;
            if (node.Value.Signed.Message.Expires <= now)
            {
                _entries.Remove(node);
                _changed = true;
            }

            node = next;
        }
    }

    /// <summary>Writes what changed. Throws <see cref="Libp2p.MeshException"/>: the disk refuses.</summary>
    public void Save()
    {
        if (!_changed)
        {
            return;
        }

        using MemoryStream content = new();
        Span<byte> head = stackalloc byte[3];
        foreach (Entry entry in _entries)
        {
            head[0] = entry.IsSilent ? Silent : entry.IsPublished ? WasPublished : (byte)0;
            BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)entry.Signed.Bytes.Length);
            content.Write(head);
            content.Write(entry.Signed.Bytes.Span);
        }

        _file.Save(content.ToArray());
        _changed = false;
    }

    private static void Note(Entry entry, IEnumerable<PeerId> peers)
    {
        foreach (PeerId peer in peers.Take(MaxTakers - entry.Takers.Count))
        {
            entry.Takers.Add(peer);
        }
    }

    private sealed class Entry(SignedIndicator signed)
    {
        public SignedIndicator Signed => signed;

        public bool IsPublished { get; set; }

        public bool IsSilent { get; init; }

        public HashSet<PeerId> Takers { get; } = [];
    }
}
