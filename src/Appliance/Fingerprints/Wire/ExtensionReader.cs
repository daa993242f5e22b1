namespace Blackwall.Fingerprints.Wire;

/// <summary>Goes through the extensions of a hello.</summary>
public ref struct ExtensionReader(ReadOnlySpan<byte> extensions)
{
    private ByteReader _reader = new(extensions);

    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether nothing is left; false after a failed <see cref="MoveNext"/>: the last extension is cut.</summary>
    public readonly bool AtEnd => _reader.Left == 0;

    public bool MoveNext()
    {
        ByteReader before = _reader;
        if (_reader.TryU16(out ushort type) && _reader.TryVector16(out ReadOnlySpan<byte> value))
        {
            Type = type;
            Value = value;
            return true;
        }

        _reader = before;
        return false;
    }
}
