namespace Blackwall.Tarpit.Shell.Text;

/// <summary>What tr(1) does to bytes, piece by piece: what is squeezed may go on in the next piece.</summary>
internal sealed class Translation
{
    private readonly bool _deletes;
    private readonly byte[] _map = new byte[256];
    private readonly bool[] _isFirst = new bool[256], _isSqueezed = new bool[256];
    private int _last = -1;

    /// <param name="from">The first set, one byte a character.</param>
    /// <param name="to">The second one.</param>
    /// <param name="deletes">Bytes of the first set go away.</param>
    /// <param name="squeezes">Of several same bytes of the last set one stays.</param>
    /// <param name="hasSecond">The second set was given.</param>
    /// <param name="truncates">The first set is no longer than the second.</param>
    public Translation(string from, string to, bool deletes, bool squeezes, bool hasSecond, bool truncates)
    {
        _deletes = deletes;
        for (int value = 0; value < _map.Length; value++)
        {
            _map[value] = (byte)value;
        }

        for (int n = 0; n < from.Length; n++)
        {
            _isFirst[from[n]] = true;
            if (!deletes && hasSecond && (n < to.Length || !truncates))
            {
                _map[from[n]] = (byte)to[Math.Min(n, to.Length - 1)];
            }
        }

        foreach (char c in squeezes ? hasSecond ? to : from : "")
        {
            _isSqueezed[c] = true;
        }
    }

    /// <summary>What becomes of the next bytes.</summary>
    public byte[] Next(ReadOnlySpan<byte> input)
    {
        byte[] output = new byte[input.Length];
        int length = 0;
        foreach (byte value in input)
        {
            if (_deletes && _isFirst[value])
            {
                continue;
            }

            byte made = _deletes ? value : _map[value];
            if (_isSqueezed[made] && made == _last)
            {
                continue;
            }

            output[length++] = made;
            _last = made;
        }

        return output[..length];
    }
}
