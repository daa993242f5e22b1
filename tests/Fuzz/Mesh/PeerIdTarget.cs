using System.Text;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Peer ids: multihashes, and the same input as text in any base.</summary>
internal sealed class PeerIdTarget : IFuzzTarget
{
    public string Name => "mesh-peer-id";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe k51qzi5uqu5dhb6l8spkdx7yxafegfkee5by8h7lmjh2ehc2sgg34z7c15vzqs"
            .Split(' ').Select(Encoding.Latin1.GetBytes),
        [0, 2, 8, 1],
        [0x12, 0x20, .. new byte[32]],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (PeerId.TryDecode(input, out PeerId? binary) && Differs(binary))
        {
            return $"{binary} does not come back";
        }

        if (PeerId.TryParse(Encoding.Latin1.GetString(input), out PeerId? text) && Differs(text))
        {
            return $"{text} does not come back from its text";
        }

        _ = binary?.TryGetKey();
        return null;
    }

    private static bool Differs(PeerId id) =>
        !(PeerId.TryParse(id.ToCid(), out PeerId? cid) && cid == id && PeerId.TryDecode(id.Bytes, out PeerId? bytes) && bytes == id);
}
