using System.Text;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Indicators.Wire;

/// <summary>
/// The form of a message: an array of body and signature; the body is an array of the fields in fixed order. Deterministic CBOR (RFC 8949 §4.2.1), so that
/// a message has one form and what is signed is what is compared.
/// </summary>
internal static class IndicatorCodec
{
    private const ulong Version = 1;
    private const int Fields = 18;
    private const int MaxSignature = 72;
    private const int MaxDetector = 32;
    private const int CommitmentBytes = 32;
    private const ulong LastSecond = 253_402_300_799;

    private static readonly byte[] Context = "blackwall-indicator:"u8.ToArray();
    private static readonly System.Buffers.SearchValues<byte> DetectorBytes = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);

    /// <summary>What the author signs.</summary>
    public static byte[] SignedBytes(string mesh, ReadOnlySpan<byte> body)
    {
        byte[] name = Encoding.UTF8.GetBytes(mesh);
        return [.. Context, (byte)(name.Length >> 8), (byte)name.Length, .. name, .. body];
    }

    public static byte[] EncodeEnvelope(ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature)
    {
        CborWriter writer = new();
        writer.Array(2);
        writer.Bytes(body);
        writer.Bytes(signature);
        return writer.ToArray();
    }

    public static byte[] EncodeBody(IndicatorMessage message)
    {
        CborWriter writer = new();
        writer.Array(Fields);
        writer.Number(Version);
        writer.Number((ulong)message.Kind);
        writer.Number((ulong)message.Value.Kind);
        writer.Bytes(IndicatorBytes.Write(message.Value));
        writer.Number((ulong)message.Evidence);
        writer.Text(message.Detector);
        writer.Number(Steps(message.FirstSeen));
        writer.Number(Steps(message.LastSeen));
        writer.Number(StepOf(message.Sightings));
        writer.Number((ulong)message.Confidence);
        writer.Number((ulong)message.TimeToLive.TotalSeconds);
        writer.Number((ulong)message.Marking);
        writer.Bytes(message.Commitment.Span);
        writer.Bytes(message.Author.Bytes);
        writer.Number(message.Epoch);
        writer.Number(message.Counter);
        writer.Number((ulong)message.Created.ToUnixTimeSeconds());
        WriteProof(writer, message);
        return writer.ToArray();
    }

    /// <summary>Reads a message without looking at its signature. Never throws on input.</summary>
    public static SignedIndicator? TryDecode(ReadOnlyMemory<byte> bytes, out IndicatorFault fault)
    {
        fault = IndicatorFault.TooLong;
        if (bytes.Length > SignedIndicator.MaxLength)
        {
            return null;
        }

        fault = IndicatorFault.Malformed;
        var envelope = new CborReader(bytes.Span);
        if (!envelope.TryArray(2) || !envelope.TryBytes(SignedIndicator.MaxLength, out ReadOnlySpan<byte> body) || !envelope.TryBytes(MaxSignature, out ReadOnlySpan<byte> signature) || !envelope.AtEnd)
        {
            return null;
        }

        IndicatorMessage? message = TryBody(body, out fault);
        return message is null ? null : new SignedIndicator(message, bytes, body.ToArray(), signature.ToArray());
    }

    private static IndicatorMessage? TryBody(ReadOnlySpan<byte> body, out IndicatorFault fault)
    {
        fault = IndicatorFault.Malformed;
        var reader = new CborReader(body);
        if (!reader.TryArray(Fields) || !reader.TryNumber(ulong.MaxValue, out ulong version))
        {
            return null;
        }

        if (version != Version)
        {
            fault = IndicatorFault.UnknownVersion;
            return null;
        }

        if (!reader.TryNumber(ulong.MaxValue, out ulong kind) || !reader.TryNumber(ulong.MaxValue, out ulong valueKind) || !reader.TryBytes(IndicatorValue.MaxLength, out ReadOnlySpan<byte> value)
            || !reader.TryNumber(ulong.MaxValue, out ulong evidence) || !reader.TryText(MaxDetector, out ReadOnlySpan<byte> detector)
            || !reader.TryNumber(ulong.MaxValue, out ulong first) || !reader.TryNumber(ulong.MaxValue, out ulong last) || !reader.TryNumber(ulong.MaxValue, out ulong step)
            || !reader.TryNumber(ulong.MaxValue, out ulong confidence) || !reader.TryNumber(ulong.MaxValue, out ulong ttl) || !reader.TryNumber(ulong.MaxValue, out ulong marking)
            || !reader.TryBytes(CommitmentBytes, out ReadOnlySpan<byte> commitment) || !reader.TryBytes(PeerId.MaxLength, out ReadOnlySpan<byte> author)
            || !reader.TryNumber(ulong.MaxValue, out ulong epoch) || !reader.TryNumber(ulong.MaxValue, out ulong counter) || !reader.TryNumber(ulong.MaxValue, out ulong created)
            || !reader.TryArray(2) || !reader.TryNumber(ulong.MaxValue, out ulong period) || !reader.TryNumber(ulong.MaxValue, out ulong nonce) || !reader.AtEnd)
        {
            return null;
        }

        fault = IndicatorFault.OutOfRange;
        ulong seconds = (ulong)IndicatorMessage.Rounding.TotalSeconds;
        if (kind is < 1 or > 4 || evidence > 4 || step > 3 || confidence > 100 || marking > 3 || first > last || last > LastSecond / seconds || created > LastSecond
            || ttl == 0 || ttl > (ulong)IndicatorMessage.MaxTimeToLive.TotalSeconds || detector.IsEmpty || detector.IndexOfAnyExcept(DetectorBytes) >= 0 || commitment.Length is not (0 or CommitmentBytes))
        {
            return null;
        }

        fault = IndicatorFault.BadValue;
        if (valueKind is < 1 or > 9 || !IndicatorBytes.TryRead((IndicatorKind)valueKind, value, out IndicatorValue named))
        {
            return null;
        }

        fault = IndicatorFault.NoKey;
        if (!PeerId.TryDecode(author, out PeerId? peer) || peer.TryGetKey() is null)
        {
            return null;
        }

        fault = IndicatorFault.None;
        return new IndicatorMessage(
            (MessageKind)kind, named, (EvidenceLevel)evidence, Encoding.ASCII.GetString(detector), Time(first * seconds), Time(last * seconds), Step(step), (int)confidence,
            TimeSpan.FromSeconds(ttl), peer, epoch, counter, Time(created))
        {
            Marking = (int)marking,
            Commitment = commitment.ToArray(),
            ProofPeriod = period,
            ProofNonce = nonce,
        };
    }

    private static void WriteProof(CborWriter writer, IndicatorMessage message)
    {
        writer.Array(2);
        writer.Number(message.ProofPeriod);
        writer.Number(message.ProofNonce);
    }

    private static ulong Steps(DateTimeOffset time) => (ulong)(time.ToUnixTimeSeconds() / (long)IndicatorMessage.Rounding.TotalSeconds);

    private static ulong StepOf(int sightings) => sightings switch { >= 1000 => 3, >= 100 => 2, >= 10 => 1, _ => 0 };

    private static int Step(ulong step) => step switch { 3 => 1000, 2 => 100, 1 => 10, _ => 1 };

    private static DateTimeOffset Time(ulong seconds) => DateTimeOffset.FromUnixTimeSeconds((long)seconds);
}
