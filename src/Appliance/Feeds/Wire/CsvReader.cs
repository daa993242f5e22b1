using System.Text;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds.Wire;

/// <summary>
/// CSV as feeds write it, which no reader of RFC 4180 takes: a header that is a comment or is none, spaces before quotes, banners and trailers. A row ends
/// with its line. Pure.
/// </summary>
internal sealed class CsvReader(CsvLayout layout, FeedReading reading)
{
    private const int MostFields = 64;

    private int _column = layout.Index;
    private int _state = layout.StateIndex;
    private int _note = layout.NoteIndex;
    private bool _isHeaderSeen = layout.Column.Length == 0;

    public void Read(ReadOnlySpan<byte> text)
    {
        Rows rows = new(text);
        Span<Range> fields = stackalloc Range[MostFields];
        while (!reading.IsOver && rows.TryRead(out ReadOnlySpan<byte> row))
        {
            if (row.IsEmpty)
            {
                continue;
            }

            bool isComment = row[0] is (byte)'#' or (byte)';';
            ReadOnlySpan<byte> said = isComment ? row.TrimStart("#; "u8) : row;
            if ((isComment || !_isHeaderSeen) && TryTakeHeader(said, fields))
            {
                continue;
            }

            if (!isComment)
            {
                reading.Rows++;
                ReadRow(row, fields);
            }
        }
    }

    private void ReadRow(ReadOnlySpan<byte> row, Span<Range> fields)
    {
        int count = Split(row, fields);
        if (_column < 0 && layout.Column.Length > 0)
        {
            reading.Fail($"It has no column '{layout.Column}'.");
            return;
        }

        if (_column < 0)
        {
            ReadAny(row, fields[..count]);
            return;
        }

        if (_column >= count)
        {
            reading.Reject(row);
            return;
        }

        if (_state >= 0 && _state < count && !Counts(row[fields[_state]]))
        {
            reading.Skip();
            return;
        }

        ReadOnlySpan<byte> value = row[fields[_column]];
        bool isRead = layout.IsUrl ? ScopeText.TryReadUrl(value, out Prefix scope) : ScopeText.TryRead(value, out scope);
        if (isRead)
        {
            reading.Add(scope, _note >= 0 && _note < count ? reading.Note(row[fields[_note]]) : null);
        }
        else if (layout.IsUrl && value.IndexOf("://"u8) > 0)
        {
            reading.Skip();
        }
        else
        {
            reading.Reject(row);
        }
    }

    private void ReadAny(ReadOnlySpan<byte> row, ReadOnlySpan<Range> fields)
    {
        foreach (Range field in fields)
        {
            if (ScopeText.TryRead(row[field], out Prefix scope))
            {
                // What looks like a header of some kind came before; from here on a row without an address is an error.
                reading.Add(scope);
                return;
            }
        }

        if (reading.Entries.Count == 0 && reading.Rows == 1)
        {
            reading.Skip();
        }
        else
        {
            reading.Reject(row);
        }
    }

    private bool Counts(ReadOnlySpan<byte> state) =>
        layout.On.Length > 0 ? IsWord(state, layout.On) : !IsWord(state, layout.Off);

    private bool TryTakeHeader(ReadOnlySpan<byte> row, Span<Range> fields)
    {
        if (layout.Column.Length == 0)
        {
            return false;
        }

        int count = Split(row, fields);
        int column = Find(row, fields[..count], layout.Column);
        if (column < 0)
        {
            return false;
        }

        _isHeaderSeen = true;
        _column = column;
        _state = layout.State.Length == 0 ? -1 : Find(row, fields[..count], layout.State);
        _note = layout.Note.Length == 0 ? -1 : Find(row, fields[..count], layout.Note);
        return true;
    }

    private static int Find(ReadOnlySpan<byte> row, ReadOnlySpan<Range> fields, string name)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            if (IsWord(row[fields[i]], name))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsWord(ReadOnlySpan<byte> field, string word) => Ascii.EqualsIgnoreCase(field, word);

    /// <summary>The fields of a row: between commas, or between quotes, after spaces. A doubled quote stays doubled: no address has one.</summary>
    private static int Split(ReadOnlySpan<byte> row, Span<Range> fields)
    {
        int count = 0;
        int at = 0;
        while (count < fields.Length && at <= row.Length)
        {
            while (at < row.Length && row[at] is (byte)' ' or (byte)'\t')
            {
                at++;
            }

            int end;
            if (at < row.Length && row[at] is (byte)'"')
            {
                int close = ++at;
                while (close < row.Length && (row[close] is not (byte)'"' || (close + 1 < row.Length && row[close + 1] is (byte)'"')))
                {
                    close += row[close] is (byte)'"' ? 2 : 1;
                }

                close = Math.Min(close, row.Length);
                fields[count++] = at..close;
                int comma = row[close..].IndexOf((byte)',');
                end = comma < 0 ? row.Length : close + comma;
            }
            else
            {
                int comma = row[at..].IndexOfAny((byte)',', (byte)'\t', (byte)';');
                end = comma < 0 ? row.Length : at + comma;
                int last = end;
                while (last > at && row[last - 1] is (byte)' ')
                {
                    last--;
                }

                fields[count++] = at..last;
            }

            at = end + 1;
        }

        return count;
    }
}
