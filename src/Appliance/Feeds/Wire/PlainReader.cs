namespace Blackwall.Feeds.Wire;

/// <summary>One entry a line: the first word of it. What follows '#' or ';' is a comment, and kept as the note where an entry stands before it. Pure.</summary>
internal static class PlainReader
{
    public static void Read(ReadOnlySpan<byte> text, FeedReading reading)
    {
        Rows rows = new(text);
        while (!reading.IsOver && rows.TryRead(out ReadOnlySpan<byte> row))
        {
            if (row.IsEmpty || row[0] is (byte)'#' or (byte)';' || row.StartsWith("//"u8))
            {
                continue;
            }

            reading.Rows++;
            int comment = row.IndexOfAny((byte)'#', (byte)';');
            ReadOnlySpan<byte> said = (comment < 0 ? row : row[..comment]).TrimEnd(" \t"u8);
            string? note = comment < 0 ? null : reading.Note(row[(comment + 1)..]);
            int end = said.IndexOfAny((byte)' ', (byte)'\t', (byte)',');
            if (said.Contains((byte)'-') && ScopeText.TryAddRange(said, reading, note))
            {
                continue;
            }

            if (said.IndexOf(" - "u8) < 0 && ScopeText.TryRead(end < 0 ? said : said[..end], out Pipeline.Model.Prefix scope))
            {
                reading.Add(scope, note);
            }
            else
            {
                reading.Reject(row);
            }
        }
    }

    /// <summary>DShield's block list: first address, last address, length of the mask, attacks, name.</summary>
    public static void ReadBlocks(ReadOnlySpan<byte> text, FeedReading reading)
    {
        Rows rows = new(text);
        Span<Range> fields = stackalloc Range[8];
        while (!reading.IsOver && rows.TryRead(out ReadOnlySpan<byte> row))
        {
            if (row.IsEmpty || row[0] is (byte)'#' || row.StartsWith("Start"u8))
            {
                continue;
            }

            reading.Rows++;
            int count = Split(row, fields);
            if (count < 2 || !ScopeText.TryReadAddress(row[fields[0]], out var first) || !ScopeText.TryReadAddress(row[fields[1]], out var last)
                || !ScopeText.TryAddRange(first, last, reading, count > 4 ? reading.Note(row[fields[4]]) : null))
            {
                reading.Reject(row);
            }
        }
    }

    private static int Split(ReadOnlySpan<byte> row, Span<Range> fields)
    {
        int count = 0;
        int start = 0;
        while (count < fields.Length && start <= row.Length)
        {
            int tab = row[start..].IndexOf((byte)'\t');
            int end = tab < 0 ? row.Length : start + tab;
            fields[count++] = start..end;
            start = end + 1;
        }

        return count;
    }
}
