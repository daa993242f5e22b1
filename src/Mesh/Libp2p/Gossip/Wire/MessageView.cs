namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>A message as it lies in the bytes that came in. Fields that are absent are empty; <see cref="HasData"/> tells an empty payload from none.</summary>
public ref struct MessageView
{
    private const int FromField = 1;
    private const int DataField = 2;
    private const int SeqnoField = 3;
    private const int TopicField = 4;
    private const int SignatureField = 5;
    private const int KeyField = 6;

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Raw { get; private set; }

    /// <summary>The author's peer id, in binary.</summary>
    public ReadOnlySpan<byte> From { get; private set; }

    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Eight bytes, big-endian, in a message that follows the policy.</summary>
    public ReadOnlySpan<byte> Seqno { get; private set; }

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; private set; }

    public ReadOnlySpan<byte> Signature { get; private set; }

    /// <summary>The author's public key as protobuf; empty where the peer id contains it.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    public bool HasData { get; private set; }

    /// <summary>The fields 1 to 4 as they are signed, when <see cref="Canonical"/>.</summary>
    public ReadOnlySpan<byte> Signed { get; private set; }

    /// <summary>The fields are in the order of their numbers and written in the fewest bytes, so <see cref="Signed"/> is what the author signed.</summary>
    public bool Canonical { get; private set; }

    /// <summary>Fields that are unknown, doubled or of a wrong type are refused: what they mean to others cannot be guessed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> raw, out MessageView message)
    {
        message = new MessageView { Raw = raw, Canonical = true };
        var reader = new ProtoReader(raw);
        int seen = 0;
        int last = 0;
        int signed = 0;
        while (reader.Next())
        {
            if (reader.WireType != ProtoReader.BytesType || reader.Field > KeyField || (seen & (1 << reader.Field)) != 0)
            {
                return false;
            }

            message.Set(reader.Field, reader.Body);
            message.Canonical &= reader.Field > last;
            seen |= 1 << reader.Field;
            last = reader.Field;
            if (reader.Field <= TopicField)
            {
                signed = reader.Position;
            }
        }

        message.Canonical &= reader.Minimal;
        message.Signed = raw[..signed];
        return !reader.Failed && (seen & (1 << TopicField)) != 0;
    }

    /// <summary>The same message with its fields in order: what its author signed, and what we hand on.</summary>
    public readonly byte[] ToCanonical()
    {
        byte[] bytes = new byte[Size(From, From.Length > 0) + Size(Data, HasData) + Size(Seqno, Seqno.Length > 0)
            + Size(Topic, true) + Size(Signature, Signature.Length > 0) + Size(Key, Key.Length > 0)];
        var writer = new ProtoWriter(bytes);
        Write(ref writer, FromField, From, From.Length > 0);
        Write(ref writer, DataField, Data, HasData);
        Write(ref writer, SeqnoField, Seqno, Seqno.Length > 0);
        Write(ref writer, TopicField, Topic, true);
        Write(ref writer, SignatureField, Signature, Signature.Length > 0);
        Write(ref writer, KeyField, Key, Key.Length > 0);
        return bytes;
    }

    /// <summary>Writes a message that is to be signed, fields 1 to 4.</summary>
    internal static byte[] WriteUnsigned(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> data, scoped ReadOnlySpan<byte> seqno, scoped ReadOnlySpan<byte> topic) =>
        new MessageView { From = from, Data = data, HasData = true, Seqno = seqno, Topic = topic }.ToCanonical();

    /// <summary>Adds signature and, unless it is empty, key to a message made by <see cref="WriteUnsigned"/>.</summary>
    internal static byte[] Seal(scoped ReadOnlySpan<byte> unsigned, scoped ReadOnlySpan<byte> signature, scoped ReadOnlySpan<byte> key)
    {
        byte[] bytes = new byte[unsigned.Length + Size(signature, true) + Size(key, key.Length > 0)];
        unsigned.CopyTo(bytes);
        var writer = new ProtoWriter(bytes.AsSpan(unsigned.Length));
        writer.Bytes(SignatureField, signature);
        Write(ref writer, KeyField, key, key.Length > 0);
        return bytes;
    }

    private static int Size(scoped ReadOnlySpan<byte> body, bool present) => present ? ProtoWriter.BytesSize(body.Length) : 0;

    private static void Write(ref ProtoWriter writer, int field, scoped ReadOnlySpan<byte> body, bool present)
    {
        if (present)
        {
            writer.Bytes(field, body);
        }
    }

    private void Set(int field, ReadOnlySpan<byte> body)
    {
        switch (field)
        {
            case FromField:
                From = body;
                break;
            case DataField:
                Data = body;
                HasData = true;
                break;
            case SeqnoField:
                Seqno = body;
                break;
            case TopicField:
                Topic = body;
                break;
            case SignatureField:
                Signature = body;
                break;
            default:
                Key = body;
                break;
        }
    }
}
