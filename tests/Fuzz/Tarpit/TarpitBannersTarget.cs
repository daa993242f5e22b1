using Blackwall.Tarpit.Banners.Wire;
using Blackwall.Tarpit.Detection.Wire;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>What clients of Redis, telnet, remote desktop and SMB send.</summary>
internal sealed class TarpitBannersTarget : IFuzzTarget
{
    public string Name => "tarpit-banners";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\nbc\r\n"u8],
        [.. "set \"a b\" 'c'\r\n"u8],
        [255, 251, 24, 255, 250, 24, 0, (byte)'x', 255, 240, (byte)'a', 13, 0],
        [.. Convert.FromHexString("0300002b26e00000000000"), .. "Cookie: mstshash=admin\r\n"u8, 1, 0, 8, 0, 3, 0, 0, 0],
        [0, 0, 0, 0x54, 0xFE, (byte)'S', (byte)'M', (byte)'B', 64, .. new byte[59], 36, 0, 2, 0, .. new byte[32], 2, 2, 0x10, 2],
        [0, 0, 0, 0x90, 0xFE, (byte)'S', (byte)'M', (byte)'B', 64, .. new byte[7], 1, .. new byte[51], .. "NTLMSSP\0"u8, 3, .. new byte[80]],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (input.Length > 0)
        {
            _ = FirstBytes.Judge(input);
        }

        int used = RespRequest.Read(input, out byte[][] words, out string? error);
        if (used > input.Length || (used == 0 && words.Length > 0) || error?.AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            return "a command is longer than what came, or its error has a line end";
        }

        byte[] output = new byte[input.Length];
        if (new TelnetDecoder().Decode(input, output) > input.Length)
        {
            return "more came out than went in";
        }

        int whole = RdpRequest.Measure(input);
        if (whole > input.Length || (whole > 0 && RdpRequest.TryRead(input[..whole])?.Answer().Length > 19))
        {
            return "a packet is longer than what came";
        }

        whole = SmbMessage.Measure(input);
        if (whole > input.Length)
        {
            return "a message is longer than what came";
        }

        if (whole > 0)
        {
            ReadOnlySpan<byte> message = input[..whole];
            _ = SmbMessage.OffersVersion2(message);
            _ = SmbMessage.Negotiate(message, SmbMessage.Dialect(message), new byte[16], DateTimeOffset.UnixEpoch);
            if (SmbMessage.NtlmType(message) > 0)
            {
                _ = SmbMessage.ReadLogin(message, new byte[8]);
                _ = SmbMessage.Challenge(message, new byte[8], "h", "d", DateTimeOffset.UnixEpoch);
            }
        }

        return null;
    }
}
