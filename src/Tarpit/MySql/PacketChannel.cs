using System.Buffers.Binary;
using Blackwall.Tarpit.MySql.Wire;

namespace Blackwall.Tarpit.MySql;

/// <summary>
/// Packets over a stream: three bytes of length (little-endian), a sequence number, a payload; a payload of 16 MiB - 1 goes on in the next packet.
/// What is written gathers until <see cref="FlushAsync"/>.
/// </summary>
/// <param name="memory">Where room for what the peer sends is taken; null: there is no limit.</param>
internal sealed class PacketChannel(Stream stream, Detection.PeerMemory? memory = null)
{
    private const int HeadLength = 4;
    private const int LargestPart = 0xFFFFFF;
    private const int FlushAbove = 64 * 1024;
    private const int FirstPart = 16 * 1024;

    private readonly byte[] _head = new byte[HeadLength];
    private readonly MemoryStream _output = new(256);
    private byte _sequence;
    private long _taken;

    /// <summary>Replaced when TLS begins.</summary>
    public Stream Stream { get; set; } = stream;

    /// <summary>How what follows is written; null: at once.</summary>
    public Pacing.Pacer? Pacer { get; set; }

    /// <summary>A command begins a new row of sequence numbers.</summary>
    public void BeginCommand()
    {
        _sequence = 0;
        memory?.Return(_taken);
        _taken = 0;
    }

    /// <summary>One payload. Null: the peer ended, or sent what is no packet.</summary>
    /// <param name="largest">A longer one is read and thrown away.</param>
    /// <returns>Whether it was too long, and the payload.</returns>
    /// <exception cref="MySqlException">There is no room for it; the connection is to end.</exception>
    public async ValueTask<(bool TooLong, byte[] Payload)?> ReadAsync(int largest, CancellationToken cancellation)
    {
        byte[] payload = [];
        while (true)
        {
            // While nothing comes, nothing is held.
            if (await Stream.ReadAtLeastAsync(_head, HeadLength, throwOnEndOfStream: false, cancellation) < HeadLength)
            {
                return null;
            }

            int length = _head[0] | (_head[1] << 8) | (_head[2] << 16);
            if (_head[3] != _sequence)
            {
                return null;
            }

            _sequence++;
            if (payload.Length + length > largest)
            {
                return (true, []);
            }

            // Room is taken for what came, not for what a head announces.
            for (int end = payload.Length + length; payload.Length < end;)
            {
                int before = payload.Length, part = Math.Min(end - before, Math.Max(FirstPart, before));
                if (memory?.TryTake(part) == false)
                {
                    throw new MySqlException(MySqlError.OutOfMemory);
                }

                _taken += part;
                Array.Resize(ref payload, before + part);
                if (await Stream.ReadAtLeastAsync(payload.AsMemory(before), part, throwOnEndOfStream: false, cancellation) < part)
                {
                    return null;
                }
            }

            if (length < LargestPart)
            {
                return (false, payload);
            }
        }
    }

    public void Write(ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        while (true)
        {
            ReadOnlySpan<byte> part = payload[..Math.Min(payload.Length, LargestPart)];
            BinaryPrimitives.WriteInt32LittleEndian(head, part.Length);
            head[3] = _sequence++;
            _output.Write(head);
            _output.Write(part);
            payload = payload[part.Length..];
            if (part.Length < LargestPart)
            {
                return;
            }
        }
    }

    public void Write(MySqlWriter writer) => Write(writer.Written.Span);

    /// <summary>There is enough that waits to be worth a call.</summary>
    public bool IsFull => _output.Length > FlushAbove;

    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_output.Length > 0)
        {
            Memory<byte> bytes = _output.GetBuffer().AsMemory(0, (int)_output.Length);
            await (Pacer?.WriteAsync(bytes, Stream.WriteAsync, cancellation) ?? Stream.WriteAsync(bytes, cancellation));
            Forget();
        }
    }

    private void Forget()
    {
        _output.SetLength(0);
        if (_output.Capacity > FlushAbove)
        {
            _output.Capacity = 256;
        }
    }
}
