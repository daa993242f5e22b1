namespace Blackwall.Fingerprints.Wire;

/// <summary>Puts pieces that come doubled, overlapping and in any order into a buffer, and knows from where on bytes are missing. The first copy of a byte stays.</summary>
internal sealed class Coverage
{
    /// <summary>Pieces apart from each other that are kept; a sender who makes more holes is not understood.</summary>
    private const int MaxPieces = 32;

    private readonly List<(int From, int To)> _pieces = [];

    private byte[] _bytes = [];

    /// <summary>Bytes from the first on, without a hole.</summary>
    public ReadOnlySpan<byte> Whole => _pieces is [(0, var to), ..] ? _bytes.AsSpan(0, to) : default;

    /// <summary>False: too far out, or too many holes.</summary>
    /// <param name="offset">Where the piece belongs.</param>
    /// <param name="piece">Its bytes.</param>
    /// <param name="limit">Bytes that are kept at most.</param>
    public bool TryAdd(int offset, ReadOnlySpan<byte> piece, int limit)
    {
        if (offset < 0 || offset > limit)
        {
            return false;
        }

        piece = piece[..Math.Min(piece.Length, limit - offset)];
        (int from, int to) = (offset, offset + piece.Length);
        if (from == to)
        {
            return true;
        }

        if (_bytes.Length < to)
        {
            Array.Resize(ref _bytes, Math.Min(limit, Math.Max(to, _bytes.Length * 2)));
        }

        for (int at = from; at < to;)
        {
            int inside = _pieces.FindIndex(p => p.From <= at && at < p.To);
            int next = inside >= 0 ? Math.Min(to, _pieces[inside].To) : _pieces.Where(p => p.From > at).Select(p => p.From).Append(to).Min();
            next = Math.Min(next, to);
            if (inside < 0)
            {
                piece[(at - from)..(next - from)].CopyTo(_bytes.AsSpan(at));
            }

            at = next;
        }

        Merge(from, to);
        return _pieces.Count <= MaxPieces;
    }

    private void Merge(int from, int to)
    {
        for (int i = _pieces.Count - 1; i >= 0; i--)
        {
            if (_pieces[i].From <= to && from <= _pieces[i].To)
            {
                (from, to) = (Math.Min(from, _pieces[i].From), Math.Max(to, _pieces[i].To));
                _pieces.RemoveAt(i);
            }
        }

        int place = _pieces.FindIndex(p => p.From > from);
        _pieces.Insert(place < 0 ? _pieces.Count : place, (from, to));
    }
}
