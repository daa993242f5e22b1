namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>Reads protobuf fields off a span, one after the other. Says false at the end and at the first byte that is wrong.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    public const int VarintType = 0;
    public const int Fixed64Type = 1;
    public const int BytesType = 2;
    public const int Fixed32Type = 5;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next field begins.</summary>
    public int Position { get; private set; }

    /// <summary>The number of the field read last.</summary>
    public int Field { get; private set; }

    public int WireType { get; private set; }

    /// <summary>The value of a varint field.</summary>
    public ulong Number { get; private set; }

    /// <summary>The body of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>A byte was wrong: the rest cannot be read.</summary>
    public bool Failed { get; private set; }

    /// <summary>Tag and length of every field so far were written in the fewest bytes.</summary>
    public bool Minimal { get; private set; } = true;

    public bool Next()
    {
        if (Failed || Position == _bytes.Length)
        {
            return false;
        }

        if (!TryVarint(out ulong tag) || tag >> 3 is 0 or > 0x1fffffff)
        {
            return Fail();
        }

        Field = (int)(tag >> 3);
        WireType = (int)(tag & 7);
        switch (WireType)
        {
            case VarintType when TryVarint(out ulong number):
                Number = number;
                return true;
            case BytesType when TryVarint(out ulong length) && length <= (ulong)(_bytes.Length - Position):
                return TryRead((int)length);
            case Fixed64Type when _bytes.Length - Position >= sizeof(ulong):
                return TryRead(sizeof(ulong));
            case Fixed32Type when _bytes.Length - Position >= sizeof(uint):
                return TryRead(sizeof(uint));
            default:
                return Fail();
        }
    }

    private bool TryRead(int length)
    {
        Body = _bytes.Slice(Position, length);
        Position += length;
        return true;
    }

    private bool Fail()
    {
        Failed = true;
        return false;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && Position < _bytes.Length; shift += 7)
        {
            byte next = _bytes[Position++];
            if (shift == 63 && next > 1)
            {
                return false;
            }

            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                Minimal &= next != 0 || shift == 0;
                return true;
            }
        }

        return false;
    }
}
