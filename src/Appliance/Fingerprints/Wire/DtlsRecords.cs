namespace Blackwall.Fingerprints.Wire;

/// <summary>Takes the pieces of a ClientHello out of a DTLS datagram (RFC 6347 §4, RFC 9147 §4 for the plaintext form).</summary>
public static class DtlsRecords
{
    private const byte Handshake = 22;
    private const byte ClientHelloType = 1;

    /// <summary>Finds the next fragment of a ClientHello; false: there is none any more.</summary>
    /// <param name="datagram">Moves on behind what was read.</param>
    /// <param name="fragment">Bytes of the hello's body.</param>
    /// <param name="offset">Where in the body they belong.</param>
    /// <param name="length">Bytes of the whole body.</param>
    /// <param name="sequence">Handshake message number; a hello after a cookie request has the next one.</param>
    public static bool TryNext(ref ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> fragment, out int offset, out int length, out ushort sequence)
    {
        fragment = default;
        (offset, length, sequence) = (0, 0, 0);
        while (true)
        {
            ByteReader record = new(datagram);
            if (!record.TryByte(out byte type) || !record.TryU16(out ushort version) || version >> 8 != 0xfe
                || !record.TryU16(out ushort epoch) || !record.TrySkip(6) || !record.TryVector16(out ReadOnlySpan<byte> content))
            {
                datagram = default;
                return false;
            }

            datagram = record.Rest;
            if (type != Handshake || epoch != 0)
            {
                continue;
            }

            // One message a record is what stacks send; a second one behind it is not a first hello.
            ByteReader message = new(content);
            if (message.TryByte(out byte kind) && kind == ClientHelloType && message.TryU24(out length) && message.TryU16(out sequence)
                && message.TryU24(out offset) && message.TryU24(out int count) && message.TryTake(count, out fragment)
                && length <= TlsRecords.MaxHello && offset + count <= length)
            {
                return true;
            }
        }
    }
}
