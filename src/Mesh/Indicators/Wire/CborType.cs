namespace Blackwall.Mesh.Indicators.Wire;

/// <summary>Major types of CBOR (RFC 8949 §3.1) that messages use.</summary>
internal enum CborType
{
    Number = 0,
    Bytes = 2,
    Text = 3,
    Array = 4,
}
