using System.Net;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Indicators.Wire;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Sharing;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Signed indicators and proofs: what is read is written as it was, and no change of a message keeps its signature.</summary>
internal sealed class IndicatorTarget : IFuzzTarget
{
    private const string Mesh = "fuzz";
    private static readonly PrivateKey Key = PrivateKey.Generate(KeyType.Ed25519);
    private static readonly SignedIndicator[] Messages =
    [
        Sign(IndicatorValue.From(IPAddress.Parse("1.2.3.4")), 1),
        Sign(IndicatorValue.From(IPAddress.Parse("2606:2800:220:1::9")), 1),
        Sign(Value(IndicatorKind.Prefix4, "1.2.3.0/24"), 2),
        Sign(Value(IndicatorKind.Domain, "bücher.example.org"), 3),
        Sign(Value(IndicatorKind.Url, "http://example.org/a?b=c"), 4),
        Sign(Value(IndicatorKind.Sha256, new string('a', 64)), 5),
        Sign(Value(IndicatorKind.Ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1"), 6),
        Sign(Value(IndicatorKind.Hassh, new string('b', 32)), 7),
    ];

    public string Name => "mesh-indicator";

    public IReadOnlyList<byte[]> Seeds { get; } = [.. Messages.Select(message => message.Bytes.ToArray()), new EquivocationProof(PeerId.From(Key.Public), Messages[0], Messages[1]).Encode(), [], [0x82], [0x82, 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (EquivocationProof.TryDecode(input, Mesh) is { } proof && !(proof.First.Message.Value == Messages[0].Message.Value && proof.Second.Message.Value == Messages[1].Message.Value)
            && !(proof.First.Message.Value == Messages[1].Message.Value && proof.Second.Message.Value == Messages[0].Message.Value))
        {
            return "a forged proof is taken";
        }

        if (IndicatorCodec.TryDecode(input.ToArray(), out IndicatorFault fault) is not { } signed)
        {
            return fault is IndicatorFault.None ? "no message and no fault" : null;
        }

        byte[] again = IndicatorCodec.EncodeEnvelope(IndicatorCodec.EncodeBody(signed.Message), signed.Signature.Span);
        if (!again.AsSpan().SequenceEqual(input))
        {
            return "a message has two forms";
        }

        return signed.Verify(Mesh) && !Array.Exists(Messages, message => message.Body.Span.SequenceEqual(signed.Body.Span)) ? "a forged message is taken" : null;
    }

    private static SignedIndicator Sign(IndicatorValue value, ulong counter)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1_796_000_400);
        return SignedIndicator.Sign(new IndicatorMessage(MessageKind.Sighting, value, EvidenceLevel.Exploit, "brute-force", now, now, 10, 90, TimeSpan.FromHours(24), PeerId.From(Key.Public), 1, counter, now), Key, Mesh);
    }

    private static IndicatorValue Value(IndicatorKind kind, string text) => IndicatorValue.TryParse(kind, text, out IndicatorValue value) ? value : throw new FormatException(text);
}
