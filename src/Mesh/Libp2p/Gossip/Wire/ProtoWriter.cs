namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>Writes protobuf fields into a span that the caller made large enough (see the Size methods).</summary>
internal ref struct ProtoWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    public static int VarintSize(ulong value) => (70 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;

    /// <summary>Bytes of a length-delimited field with a number below 16.</summary>
    public static int BytesSize(int length) => 1 + VarintSize((ulong)length) + length;

    /// <summary>Bytes of a varint field with a number below 16.</summary>
    public static int NumberSize(ulong value) => 1 + VarintSize(value);

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _destination[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _destination[Length++] = (byte)value;
    }

    public void Number(int field, ulong value)
    {
        _destination[Length++] = (byte)((field << 3) | ProtoReader.VarintType);
        Varint(value);
    }

    /// <summary>Bytes as they are, such as the body of a field begun with <see cref="Begin"/>.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }

    public void Bytes(int field, scoped ReadOnlySpan<byte> body)
    {
        Begin(field, body.Length);
        Raw(body);
    }

    public void Id(int field, in MessageId id)
    {
        Begin(field, id.Length);
        Length += id.CopyTo(_destination[Length..]);
    }

    /// <summary>Tag and length of a field whose body the caller writes next.</summary>
    public void Begin(int field, int length)
    {
        _destination[Length++] = (byte)((field << 3) | ProtoReader.BytesType);
        Varint((ulong)length);
    }
}
