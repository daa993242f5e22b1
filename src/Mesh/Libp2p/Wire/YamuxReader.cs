namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>Takes a Yamux byte stream apart, however it is cut, without keeping any of it but an unfinished header.</summary>
internal sealed class YamuxReader
{
    private readonly byte[] _partial = new byte[YamuxHeader.Size];
    private int _have;
    private uint _left;

    public YamuxHeader Header { get; private set; }

    /// <summary>What is wrong, after <see cref="YamuxPiece.Invalid"/>.</summary>
    public string? Error { get; private set; }

    /// <summary>The last frame is complete: nothing of a header or a body is outstanding.</summary>
    public bool AtFrameEnd => _have == 0 && _left == 0;

    /// <summary>The next piece; <paramref name="input"/> becomes what is behind it.</summary>
    public YamuxPiece Next(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (Error is not null)
        {
            return YamuxPiece.Invalid;
        }

        if (input.IsEmpty)
        {
            return YamuxPiece.None;
        }

        if (_left > 0)
        {
            body = input[..(int)Math.Min(_left, (uint)input.Length)];
            input = input[body.Length..];
            _left -= (uint)body.Length;
            return YamuxPiece.Body;
        }

        ReadOnlySpan<byte> whole = input;
        if (_have > 0 || input.Length < YamuxHeader.Size)
        {
            int part = Math.Min(YamuxHeader.Size - _have, input.Length);
            input[..part].CopyTo(_partial.AsSpan(_have));
            input = input[part..];
            _have += part;
            if (_have < YamuxHeader.Size)
            {
                return YamuxPiece.None;
            }

            whole = _partial;
            _have = 0;
        }
        else
        {
            input = input[YamuxHeader.Size..];
        }

        Error = YamuxHeader.Read(whole, out YamuxHeader header);
        if (Error is not null)
        {
            return YamuxPiece.Invalid;
        }

        Header = header;
        _left = header.Type == YamuxType.Data ? header.Length : 0;
        return YamuxPiece.Header;
    }
}
