using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;
using Blackwall.Pipeline.Model;

namespace Blackwall.Fuzz;

/// <summary>
/// QUIC datagrams: heads, sealed packets that hardly ever open, and, since sealing keeps a fuzzer out, the same bytes as the frames of an
/// opened packet.
/// </summary>
internal sealed class QuicTarget : IFuzzTarget
{
    private readonly HelloAssembler _assembler = new(64);
    private readonly byte[] _frames = new byte[QuicInitial.MaxPacket];
    private ushort _port;
    private ulong _time = 1;

    public string Name => "quic";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        // Head of the client's Initial of RFC 9001 A.2 with rubbish behind, the same in versions 2 and draft 29, coalesced.
        [.. Convert.FromHexString("c000000001088394c8f03e5157080000403d"), .. new byte[61]],
        [.. Convert.FromHexString("d36b3343cf088394c8f03e5157080000403d"), .. new byte[61]],
        [.. Convert.FromHexString("c0ff00001d088394c8f03e5157080000403d"), .. new byte[61], .. Convert.FromHexString("e000000001088394c8f03e51570800402d"), .. new byte[45]],

        // Frames: CRYPTO, PADDING, PING, ACK with ranges and ECN counts, close.
        [6, 0, 4, 1, 0, 0, 0, 0, 0, 1, 6, 0x40, 4, 2, 9, 9, 2, 5, 0, 1, 0, 3, 3, 3, 5, 0, 1, 0, 3, 3, 1, 1, 1, 28, 0],
        [6, 0x80, 0, 0, 0, 0x40, 10, 1, 0, 0, 6, 3, 3, 0, 0, 0, 0],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> rest = input;
        int packets = 0;
        while (QuicInitial.TryHead(ref rest, out ReadOnlySpan<byte> packet, out int number, out uint version, out ReadOnlySpan<byte> destination))
        {
            if (!input.Overlaps(packet) || number > packet.Length || destination.Length > 20 || ++packets > input.Length)
            {
                return "a packet that is not of the datagram";
            }

            // Keys and ciphers are the library's and slow: a sample of them is enough.
            if (_port % 64 == 0 && QuicInitial.TryOpen(packet, number, version, destination, _frames, out int length) && length > packet.Length)
            {
                return "more was opened than was sealed";
            }
        }

        ReadOnlySpan<byte> frames = input;
        for (int left = input.Length + 1; QuicInitial.TryCrypto(ref frames, out ReadOnlySpan<byte> data, out int offset);)
        {
            if (offset < 0 || data.Length > input.Length || frames.Length >= left)
            {
                return "a frame beyond its packet";
            }

            left = frames.Length;
        }

        _time += 1_000_000;
        if (_port++ % 64 == 0)
        {
            HelloFlow flow = new(Address.FromV4(1), (ushort)(_port % 97), Address.FromV4(2), 443, 17);
            _assembler.TryQuic(in flow, _time, input, out _);
        }

        return _assembler.Waiting > 64 ? "more flows wait than may" : null;
    }
}
