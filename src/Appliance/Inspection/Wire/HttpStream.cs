using System.Buffers.Text;

namespace Blackwall.Inspection.Wire;

/// <summary>
/// Where in a client's HTTP/1 stream (RFC 9112) we are: heads, bodies by length and by chunks, one behind the other. Pure: bytes in, what they are
/// out. Before a head: empty lines (§2.2), and at the beginning of a connection a PROXY preamble, versions 1 and 2. What is no request is
/// passed over until a line that can be nothing else.
/// </summary>
internal struct HttpStream
{
    /// <summary>Bytes of a head at most; servers take 8 KiB and less.</summary>
    public const int LongestHead = 8192;

    /// <summary>Bytes of a body that are held against the rules.</summary>
    public const int BodyPreview = 1536;

    private const int LongestChunkLine = 1024;
    private const int LongestProxyLine = 107;

    private Place _place;
    private bool _isBegun;
    private bool _atLine;
    private bool _wantsBody;
    private ulong _left;

    private enum Place : byte
    {
        Head,
        Body,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailer,
        Lost,
    }

    /// <summary>What a step found.</summary>
    public enum Found : byte
    {
        Nothing,

        /// <summary>A whole head; what was consumed is it.</summary>
        Head,

        /// <summary>The beginning of the body of the last head, which came without it.</summary>
        Body,
    }

    private static ReadOnlySpan<byte> ProxySignature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Bytes of a body that need not be seen: the next ones are of no interest.</summary>
    public readonly ulong Unneeded => _place is Place.Body or Place.ChunkData && !_wantsBody ? _left : 0;

    /// <summary>Whether what comes next is waited for to be whole.</summary>
    public readonly bool IsInHead => _place == Place.Head;

    /// <summary>Bytes went by unseen, fewer than <see cref="Unneeded"/> or any number.</summary>
    public void Skip(ulong bytes)
    {
        if (_place is Place.Body or Place.ChunkData && bytes <= _left)
        {
            Pass(bytes);
            _wantsBody = false;
        }
        else
        {
            (_place, _isBegun, _atLine) = (Place.Lost, true, true);
        }
    }

    /// <summary>A segment begins: one that follows what could not be read may begin a request.</summary>
    public void BeginSegment() => _atLine = true;

    /// <summary>Takes what can be told from the beginning of what is there.</summary>
    /// <param name="data">Not empty; goes on where the last step ended.</param>
    /// <param name="found">What the consumed bytes are.</param>
    /// <returns>Bytes consumed; 0: more are needed.</returns>
    public int Step(ReadOnlySpan<byte> data, out Found found)
    {
        found = Found.Nothing;
        return _place switch
        {
            Place.Head => Head(data, ref found),
            Place.Body or Place.ChunkData => Body(data, ref found),
            Place.ChunkSize => ChunkSize(data),
            Place.ChunkEnd => ChunkEnd(data),
            Place.Trailer => Trailer(data),
            _ => Lost(data, ref found),
        };
    }

    /// <summary>The head is too long, or will not be whole: go on behind it.</summary>
    public void GiveUp() => (_place, _isBegun, _atLine) = (Place.Lost, true, false);

    /// <summary>Whether this may be, or become, the first line of a request.</summary>
    public static bool MayBeRequest(ReadOnlySpan<byte> data)
    {
        int at = 0;
        while (at < data.Length && at <= HttpHead.LongestMethod && HttpHead.IsToken(data[at]))
        {
            at++;
        }

        // A line of one word is no request.
        bool endsLine = at + 1 < data.Length && data[at] == '\r' && data[at + 1] == '\n';
        return at > 0 && (at == data.Length || (HttpHead.Blanks.Contains(data[at]) && !endsLine));
    }

    private int Head(ReadOnlySpan<byte> data, ref Found found)
    {
        if (!_isBegun)
        {
            int preamble = Preamble(data, out bool isCut);
            if (isCut || preamble > 0)
            {
                return preamble;
            }
        }

        int blanks = data.Length - data.TrimStart(HttpHead.LeadingBlanks).Length;
        if (blanks > 0)
        {
            return blanks;
        }

        _isBegun = true;
        int line = data.IndexOf((byte)'\n');
        if (!MayBeRequest(data) || (line >= 0 && !HttpHead.IsRequestLine(data[..line], strict: false)))
        {
            (_place, _atLine) = (Place.Lost, false);
            return Lost(data, ref found);
        }

        int length = line < 0 ? 0 : EndOfHead(data, line);
        if (length > 0)
        {
            found = Found.Head;
            Open(data[..length], data.Length - length);
        }

        return length;
    }

    // Up to and with the empty line; of a line without a version (HTTP/0.9) that line, for nothing follows it.
    private static int EndOfHead(ReadOnlySpan<byte> data, int line)
    {
        if (!HttpHead.IsRequestLine(data[..line], strict: true))
        {
            return line + 1;
        }

        for (int at = line + 1; at < data.Length;)
        {
            int end = data[at..].IndexOf((byte)'\n');
            if (end < 0)
            {
                return 0;
            }

            if (end == 0 || (end == 1 && data[at] == '\r'))
            {
                return at + end + 1;
            }

            at += end + 1;
        }

        return 0;
    }

    // RFC 9112 §6.3: chunks go before a length.
    private void Open(ReadOnlySpan<byte> head, int behind)
    {
        _place = Place.Head;
        _wantsBody = false;
        if (!HttpHead.TryRead(head, out HttpHead request))
        {
            return;
        }

        if (request.IsChunked)
        {
            (_place, _wantsBody) = (Place.ChunkSize, true);
        }
        else if (request.BodyLength is { } length)
        {
            (_place, _left) = (length == 0 ? Place.Head : Place.Body, length);
            _wantsBody = length > (ulong)behind && behind < BodyPreview;
        }
    }

    private int Body(ReadOnlySpan<byte> data, ref Found found)
    {
        int taken = (int)Math.Min((ulong)data.Length, _left);
        found = _wantsBody ? Found.Body : Found.Nothing;
        _wantsBody = false;
        Pass((ulong)taken);
        return taken;
    }

    private void Pass(ulong bytes)
    {
        _left -= bytes;
        if (_left == 0)
        {
            _place = _place == Place.Body ? Place.Head : Place.ChunkEnd;
        }
    }

    // RFC 9112 §7.1: a size in hexadecimal, perhaps with extensions.
    private int ChunkSize(ReadOnlySpan<byte> data)
    {
        int line = data.IndexOf((byte)'\n');
        if (line < 0)
        {
            return data.Length > LongestChunkLine ? Leave(data.Length) : 0;
        }

        if (!Utf8Parser.TryParse(data[..line].TrimStart(" \t"u8), out ulong size, out int digits, 'x') || digits == 0)
        {
            return Leave(line + 1);
        }

        (_place, _left) = (size == 0 ? Place.Trailer : Place.ChunkData, size);
        return line + 1;
    }

    private int ChunkEnd(ReadOnlySpan<byte> data)
    {
        if (data[0] == '\r' && data.Length == 1)
        {
            return 0;
        }

        _place = Place.ChunkSize;
        return data[0] == '\n' ? 1 : data[0] == '\r' && data[1] == '\n' ? 2 : Leave(1);
    }

    private int Trailer(ReadOnlySpan<byte> data)
    {
        int line = data.IndexOf((byte)'\n');
        if (line < 0)
        {
            return data.Length > LongestChunkLine ? Leave(data.Length) : 0;
        }

        if (line == 0 || (line == 1 && data[0] == '\r'))
        {
            _place = Place.Head;
        }

        return line + 1;
    }

    private int Lost(ReadOnlySpan<byte> data, ref Found found)
    {
        int line = data.IndexOf((byte)'\n');
        if (_atLine && MayBeRequest(data))
        {
            if (line < 0)
            {
                return 0;
            }

            if (HttpHead.IsRequestLine(data[..line], strict: true))
            {
                (_place, _isBegun) = (Place.Head, true);
                return Head(data, ref found);
            }
        }

        _atLine = line >= 0;
        return line < 0 ? data.Length : line + 1;
    }

    private int Leave(int bytes)
    {
        (_place, _atLine) = (Place.Lost, false);
        return bytes;
    }

    // HAProxy's proxy-protocol.txt §2.1 and §2.2.
    private static int Preamble(ReadOnlySpan<byte> data, out bool isCut)
    {
        int same = data.CommonPrefixLength(ProxySignature);
        isCut = same == data.Length;
        if (same == ProxySignature.Length)
        {
            int length = data.Length < 16 ? int.MaxValue : 16 + ((data[14] << 8) | data[15]);
            isCut = data.Length < length;
            return isCut ? 0 : length;
        }

        ReadOnlySpan<byte> word = "PROXY "u8;
        if (!data.StartsWith(word))
        {
            return 0;
        }

        int line = data.IndexOf((byte)'\n');
        isCut = line < 0 && data.Length <= LongestProxyLine;
        return line < 0 || line > LongestProxyLine ? 0 : line + 1;
    }
}
