namespace Blackwall.Feeds.Wire;

/// <summary>The lines of a text, without their ends (LF, CRLF, CR) and without a byte order mark.</summary>
internal ref struct Rows(ReadOnlySpan<byte> text)
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    private ReadOnlySpan<byte> _rest = text.StartsWith(Mark) ? text[3..] : text;

    /// <summary>The next line, trimmed; false: there is none.</summary>
    public bool TryRead(out ReadOnlySpan<byte> row)
    {
        if (_rest.IsEmpty)
        {
            row = default;
            return false;
        }

        int end = _rest.IndexOfAny((byte)'\n', (byte)'\r');
        row = (end < 0 ? _rest : _rest[..end]).Trim(" \t"u8);
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }
}
