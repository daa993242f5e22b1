namespace Blackwall.Fingerprints.Wire;

/// <summary>Takes a ClientHello out of the records of a TLS connection (RFC 8446 §5.1), however many it is cut into.</summary>
public static class TlsRecords
{
    /// <summary>Longest hello that is taken, bytes with its handshake header.</summary>
    public const int MaxHello = 16_384;

    private const int RecordHeader = 5;
    private const int HandshakeHeader = 4;
    private const byte Handshake = 22;
    private const byte ClientHelloType = 1;

    // 2^14 and what TLS 1.2 allowed a protected record on top; a hello is never protected, but some stacks are generous.
    private const int MaxRecord = 16_384 + 2048;

    /// <summary>Copies the hello's body out of the stream's first bytes.</summary>
    /// <param name="stream">From the first record on, without gaps.</param>
    /// <param name="body">Room for <see cref="MaxHello"/> bytes.</param>
    /// <param name="length">Bytes of the body when it is whole.</param>
    public static HelloStatus Read(ReadOnlySpan<byte> stream, Span<byte> body, out int length)
    {
        length = 0;
        int have = 0;
        int expected = -1;
        Span<byte> head = stackalloc byte[HandshakeHeader];

        // A second hello comes behind a change_cipher_spec that only middleboxes look at (RFC 8446 §D.4).
        if (stream is [20, 3, _, 0, 1, 1, .. var rest])
        {
            stream = rest;
        }

        while (true)
        {
            if (stream.Length < RecordHeader)
            {
                return MayBegin(stream) ? HelloStatus.Partial : HelloStatus.None;
            }

            int record = (stream[3] << 8) | stream[4];
            if (!MayBegin(stream) || record is 0 or > MaxRecord)
            {
                return HelloStatus.None;
            }

            stream = stream[RecordHeader..];
            ReadOnlySpan<byte> fragment = stream[..Math.Min(record, stream.Length)];
            foreach (byte next in fragment)
            {
                if (have < HandshakeHeader)
                {
                    head[have] = next;
                }
                else if (have - HandshakeHeader < expected)
                {
                    body[have - HandshakeHeader] = next;
                }
                else
                {
                    break;
                }

                if (++have == HandshakeHeader)
                {
                    expected = (head[1] << 16) | (head[2] << 8) | head[3];
                    if (head[0] != ClientHelloType || expected > Math.Min(MaxHello - HandshakeHeader, body.Length))
                    {
                        return HelloStatus.None;
                    }
                }
            }

            if (expected >= 0 && have - HandshakeHeader == expected)
            {
                length = expected;
                return HelloStatus.Whole;
            }

            if (fragment.Length < record)
            {
                return HelloStatus.Partial;
            }

            stream = stream[record..];
        }
    }

    // SSL 3.0 to TLS 1.3 all say major version 3 in the record.
    private static bool MayBegin(ReadOnlySpan<byte> record) => (record.Length < 1 || record[0] == Handshake) && (record.Length < 2 || record[1] == 3);
}
