namespace Blackwall.Mesh.Libp2p.Kad;

/// <summary>Knows which values are right for a key.</summary>
public interface IValueValidator
{
    bool IsValid(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Whether a value is to take the place of the one that is there.</summary>
    bool IsBetter(ReadOnlySpan<byte> key, ReadOnlySpan<byte> candidate, ReadOnlySpan<byte> present);
}
