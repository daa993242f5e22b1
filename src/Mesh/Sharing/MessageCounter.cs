using System.Buffers.Binary;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// Numbers of our messages: they grow over restarts, crashes and clocks that are set back. A block of them is reserved on the disk before its first one is used.
/// </summary>
internal sealed class MessageCounter
{
    private const ulong Block = 256;
    private const int Length = 24;

    // Nanoseconds: more messages than one process can publish.
    private const ulong SeqnoBlock = 1UL << 40;

    private readonly StateFile _file;
    private ulong _next;
    private ulong _reserved;
    private ulong _seqno;

    public MessageCounter(string path, DateTimeOffset now)
    {
        _file = new StateFile(path, 1024);
        byte[]? stored = _file.Load(out bool isPrevious);
        ulong clock = (ulong)now.ToUnixTimeSeconds();
        if (stored is { Length: Length })
        {
            // Another one at each start: a state that was restored from a copy says less than was used since, and no number may be used twice.
            Epoch = Math.Max(BinaryPrimitives.ReadUInt64BigEndian(stored) + 1, clock);

            // The file before the last one says one block less than was reserved.
            _next = BinaryPrimitives.ReadUInt64BigEndian(stored.AsSpan(8)) + (isPrevious ? Block : 0);
            SeqnoAbove = BinaryPrimitives.ReadUInt64BigEndian(stored.AsSpan(16)) + (isPrevious ? SeqnoBlock : 0);
        }
        else
        {
            Epoch = clock;
            _next = 1;
        }

        ulong nanoseconds = (ulong)(now - DateTimeOffset.UnixEpoch).Ticks * 100;
        _seqno = Math.Max(nanoseconds, SeqnoAbove) + SeqnoBlock;
        _reserved = _next;
        Reserve();
    }

    public string? Problem => _file.Problem;

    public ulong Epoch { get; }

    /// <summary>Numbers of the gossip layer begin above this.</summary>
    public ulong SeqnoAbove { get; }

    /// <summary>Whether a message of ours can have this number.</summary>
    public bool IsUsed(ulong epoch, ulong counter) => epoch < Epoch || (epoch == Epoch && counter < _next);

    /// <summary>The next number. Throws <see cref="Libp2p.MeshException"/>: the disk refuses.</summary>
    public ulong Next()
    {
        if (_next >= _reserved)
        {
            Reserve();
        }

        return _next++;
    }

    private void Reserve()
    {
        byte[] content = new byte[Length];
        BinaryPrimitives.WriteUInt64BigEndian(content, Epoch);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(8), _reserved + Block);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(16), _seqno);
        _file.Save(content);
        _reserved += Block;
    }
}
