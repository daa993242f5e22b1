using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Blackwall.Behavior.Memory;

/// <summary>
/// Rows of structs as they lie in memory, each kind with its size in front. A version with other sizes does not read them: what was
/// learned is worth little more than a day, so nothing is converted.
/// </summary>
internal sealed class Snapshot
{
    private const uint Version = 7;

    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);

    public Snapshot() => Number(Version);

    public ReadOnlyMemory<byte> Content => _buffer.WrittenMemory;

    public int Length => _buffer.WrittenCount;

    /// <summary>A row of one part.</summary>
    public void Row<TContent>(byte mark, in TContent content)
        where TContent : unmanaged
    {
        Begin(mark, Unsafe.SizeOf<TContent>());
        _buffer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<TContent>(in content)));
    }

    /// <summary>A row of two parts.</summary>
    public void Row<TIdentity, TContent>(byte mark, in TIdentity key, in TContent entry)
        where TIdentity : unmanaged
        where TContent : unmanaged
    {
        Begin(mark, Unsafe.SizeOf<TIdentity>() + Unsafe.SizeOf<TContent>());
        _buffer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<TIdentity>(in key)));
        _buffer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<TContent>(in entry)));
    }

    /// <summary>Shows each row; ends at the first that is not whole. False: another version.</summary>
    public static bool Read(ReadOnlySpan<byte> content, RowReader reader)
    {
        if (content.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(content) != Version)
        {
            return false;
        }

        for (content = content[sizeof(uint)..]; content.Length >= 5;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(content[1..]);
            if (length < 0 || length > content.Length - 5)
            {
                break;
            }

            reader(content[0], content.Slice(5, length));
            content = content[(5 + length)..];
        }

        return true;
    }

    /// <summary>A row of one part; false: it has another size.</summary>
    public static bool TryRead<TContent>(ReadOnlySpan<byte> row, out TContent content)
        where TContent : unmanaged
    {
        content = default;
        return row.Length == Unsafe.SizeOf<TContent>() && MemoryMarshal.TryRead(row, out content);
    }

    /// <summary>A row's two parts; false: it has another size.</summary>
    public static bool TryRead<TIdentity, TContent>(ReadOnlySpan<byte> row, out TIdentity key, out TContent entry)
        where TIdentity : unmanaged
        where TContent : unmanaged
    {
        key = default;
        entry = default;
        int split = Unsafe.SizeOf<TIdentity>();
        return row.Length == split + Unsafe.SizeOf<TContent>() && MemoryMarshal.TryRead(row, out key) && MemoryMarshal.TryRead(row[split..], out entry);
    }

    private void Begin(byte mark, int bytes)
    {
        Span<byte> head = _buffer.GetSpan(5);
        head[0] = mark;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes);
        _buffer.Advance(5);
    }

    private void Number(uint number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(sizeof(uint)), number);
        _buffer.Advance(sizeof(uint));
    }

    public delegate void RowReader(byte mark, ReadOnlySpan<byte> row);
}
