using System.Text;
using Blackwall.Mesh.Indicators.Wire;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Federated;

/// <summary>A part of what one sensor learnt in a round of a model. What the bytes mean is for the model to say.</summary>
/// <param name="Author">Whose key signed it.</param>
/// <param name="Model">Name and version of the model: "traffic-1"; 1..32 of a-z, 0-9 and '-'.</param>
/// <param name="Round">Number of the round.</param>
/// <param name="Part">Number of the part, from 0.</param>
/// <param name="Parts">Parts of the update, 1..16.</param>
/// <param name="Samples">Samples that it was learnt from, as the author says.</param>
/// <param name="Digest">SHA-256 of the whole update.</param>
/// <param name="Payload">At most 16 KiB.</param>
public sealed record ModelUpdatePart(PeerId Author, string Model, ulong Round, int Part, int Parts, ulong Samples, ReadOnlyMemory<byte> Digest, ReadOnlyMemory<byte> Payload)
{
    public const int MaxPayload = 16 * 1024;
    public const int MaxParts = 16;

    /// <summary>Bytes of the longest one as it goes over the wire.</summary>
    public const int MaxLength = MaxPayload + 512;

    private const ulong Version = 1;
    private const int Fields = 9;
    private const int MaxName = 32;
    private const int DigestBytes = 32;
    private const int MaxSignature = 72;
    private static readonly System.Buffers.SearchValues<byte> NameBytes = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);
    private static readonly byte[] Context = "blackwall-model:"u8.ToArray();

    /// <summary>The part with its author's signature for this mesh.</summary>
    public byte[] Sign(PrivateKey key, string mesh)
    {
        byte[] body = Body();
        CborWriter writer = new();
        writer.Array(2);
        writer.Bytes(body);
        writer.Bytes(key.Sign(SignedBytes(mesh, body)));
        return writer.ToArray();
    }

    /// <summary>Reads a part and checks its signature. Null: no part, or not its author's. Never throws on input.</summary>
    public static ModelUpdatePart? TryOpen(ReadOnlySpan<byte> bytes, string mesh)
    {
        var envelope = new CborReader(bytes);
        if (bytes.Length > MaxLength || !envelope.TryArray(2) || !envelope.TryBytes(MaxLength, out ReadOnlySpan<byte> body) || !envelope.TryBytes(MaxSignature, out ReadOnlySpan<byte> signature) || !envelope.AtEnd)
        {
            return null;
        }

        var reader = new CborReader(body);
        if (!reader.TryArray(Fields) || !reader.TryNumber(Version, out ulong version) || version != Version || !reader.TryBytes(PeerId.MaxLength, out ReadOnlySpan<byte> author)
            || !reader.TryText(MaxName, out ReadOnlySpan<byte> model) || model.IsEmpty || model.ContainsAnyExcept(NameBytes)
            || !reader.TryNumber(ulong.MaxValue, out ulong round) || !reader.TryNumber(MaxParts - 1, out ulong part) || !reader.TryNumber(MaxParts, out ulong parts) || part >= parts
            || !reader.TryNumber(ulong.MaxValue, out ulong samples) || !reader.TryBytes(DigestBytes, out ReadOnlySpan<byte> digest) || digest.Length != DigestBytes
            || !reader.TryBytes(MaxPayload, out ReadOnlySpan<byte> payload) || payload.IsEmpty || !reader.AtEnd
            || !PeerId.TryDecode(author, out PeerId? id) || id.TryGetKey() is not { } key || !key.Verify(SignedBytes(mesh, body), signature))
        {
            return null;
        }

        return new ModelUpdatePart(id, Encoding.ASCII.GetString(model), round, (int)part, (int)parts, samples, digest.ToArray(), payload.ToArray());
    }

    private byte[] Body()
    {
        CborWriter writer = new();
        writer.Array(Fields);
        writer.Number(Version);
        writer.Bytes(Author.Bytes);
        writer.Text(Model);
        writer.Number(Round);
        writer.Number((ulong)Part);
        writer.Number((ulong)Parts);
        writer.Number(Samples);
        writer.Bytes(Digest.Span);
        writer.Bytes(Payload.Span);
        return writer.ToArray();
    }

    private static byte[] SignedBytes(string mesh, ReadOnlySpan<byte> body)
    {
        byte[] name = Encoding.UTF8.GetBytes(mesh);
        return [.. Context, (byte)(name.Length >> 8), (byte)name.Length, .. name, .. body];
    }
}
