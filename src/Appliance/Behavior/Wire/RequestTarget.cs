namespace Blackwall.Behavior.Wire;

/// <summary>Brings a request target into the one form that markers are compared with.</summary>
public static class RequestTarget
{
    /// <summary>
    /// Undoes percent-encoding twice (double encoding is how filters are passed), lowers ASCII letters, turns '\' into '/' and '+' into a
    /// space. Returns the bytes written: at most the shorter of both lengths. Never throws; bad escapes stay as they are.
    /// </summary>
    public static int Normalise(ReadOnlySpan<byte> target, Span<byte> destination)
    {
        int length = Unescape(target, destination);
        length = Unescape(destination[..length], destination);
        foreach (ref byte b in destination[..length])
        {
            b = b switch
            {
                >= (byte)'A' and <= (byte)'Z' => (byte)(b | 0x20),
                (byte)'\\' => (byte)'/',
                (byte)'+' => (byte)' ',
                _ => b,
            };
        }

        return length;
    }

    // Source and destination may be the same: the writer never overtakes the reader.
    private static int Unescape(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int written = 0;
        for (int i = 0; i < source.Length && written < destination.Length; i++)
        {
            byte b = source[i];
            if (b == '%' && i + 2 < source.Length && Hex(source[i + 1]) is var high and >= 0 && Hex(source[i + 2]) is var low and >= 0)
            {
                b = (byte)((high << 4) | low);
                i += 2;
            }

            destination[written++] = b;
        }

        return written;
    }

    private static int Hex(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
