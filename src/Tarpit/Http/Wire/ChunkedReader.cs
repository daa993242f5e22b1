namespace Blackwall.Tarpit.Http.Wire;

/// <summary>Takes a body apart that came in chunks (RFC 9112 §7.1), byte by byte; extensions and trailers are skipped, within limits.</summary>
internal struct ChunkedReader
{
    private const int MostOfLine = 8190;
    private const int MostDigits = 15;
    private const int MostTrailers = 100;

    private State _state;
    private long _left;
    private int _digits;
    private int _inLine;
    private int _trailers;

    private enum State
    {
        Size,
        Spaces,
        Extension,
        SizeEnd,
        Data,
        DataReturn,
        DataEnd,
        Trailer,
        TrailerEnd,
        Done,
        Bad,
    }

    /// <summary>The last chunk and its trailers are there.</summary>
    public readonly bool IsDone => _state == State.Done;

    /// <summary>What came is no chunk.</summary>
    public readonly bool IsBad => _state == State.Bad;

    /// <summary>A chunk says that it is longer than anything is.</summary>
    public readonly bool IsTooLong => IsBad && _digits > MostDigits;

    /// <summary>Reads some bytes.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="data">The body's bytes among them that come first; nothing where there are none.</param>
    /// <returns>How many bytes were used; fewer than all: call again with the others, unless it is done or bad.</returns>
    public int Read(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> data)
    {
        data = default;
        int used = 0;
        while (used < bytes.Length && _state is not (State.Done or State.Bad))
        {
            if (_state == State.Data)
            {
                int length = (int)Math.Min(_left, bytes.Length - used);
                data = bytes.Slice(used, length);
                _left -= length;
                _state = _left == 0 ? State.DataReturn : State.Data;
                return used + length;
            }

            _state = Next(bytes[used++]);
        }

        return used;
    }

    private State Next(byte value) => _state switch
    {
        State.Size when char.IsAsciiHexDigit((char)value) => AddDigit(value),
        State.Size or State.Spaces when _digits > 0 && value is (byte)' ' or (byte)'\t' => Bounded(State.Spaces),
        State.Size or State.Spaces when _digits > 0 && value == ';' => Bounded(State.Extension),
        State.Size or State.Spaces or State.Extension when _digits > 0 && value == '\r' => State.SizeEnd,
        State.Extension when value is >= 0x20 or (byte)'\t' && value != 0x7F => Bounded(State.Extension),
        State.SizeEnd when value == '\n' => SizeRead(),
        State.DataReturn when value == '\r' => State.DataEnd,
        State.DataEnd when value == '\n' => NewLine(State.Size),
        State.Trailer when value == '\r' => State.TrailerEnd,
        State.Trailer when value is >= 0x20 or (byte)'\t' => Bounded(State.Trailer),
        State.TrailerEnd when value == '\n' => _inLine == 0 ? State.Done : ++_trailers > MostTrailers ? State.Bad : NewLine(State.Trailer),
        _ => State.Bad,
    };

    private State AddDigit(byte value)
    {
        _left = (_left << 4) | (uint)Convert.ToInt32(((char)value).ToString(), 16);
        return ++_digits > MostDigits ? State.Bad : State.Size;
    }

    private State SizeRead()
    {
        State next = _left == 0 ? State.Trailer : State.Data;
        _inLine = 0;
        _digits = 0;
        return next;
    }

    private State NewLine(State next)
    {
        _inLine = 0;
        return next;
    }

    private State Bounded(State next) => ++_inLine > MostOfLine ? State.Bad : next;
}
