using Blackwall.Tarpit.Detection.Wire;
using Blackwall.Tarpit.Sftp.Wire;
using Blackwall.Tarpit.Ssh;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>What SSH clients, SFTP clients and proxies say first.</summary>
internal sealed class TarpitSshTarget : IFuzzTarget
{
    public string Name => "tarpit-ssh";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        SshPersona.Ubuntu2404.Offer.Write(new byte[16]),
        [.. "SSH-2.0-libssh_0.10.6\r\n"u8],
        [.. "PROXY TCP4 192.0.2.1 198.51.100.1 4711 22\r\nSSH-2.0-x\r\n"u8],
        Convert.FromHexString("0D0A0D0A000D0A515549540A2111000CC0000201C633640112670016"),
        [0, 0, 0, 15, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xA4, 0, 0, 0, 0, 0, 0, 0, 0],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (KexInit.TryRead(input) is { } offer)
        {
            _ = Negotiation.TryAgree(offer, SshPersona.Ubuntu2404.Offer);
            if (Hassh.Compute(Hassh.AlgorithmsOfClient(offer)).Length != 32)
            {
                return "no HASSH";
            }
        }

        ClientVersion version = new();
        foreach (byte value in input)
        {
            if (version.Add(value))
            {
                break;
            }
        }

        SshReader reader = new(input);
        _ = SftpAttributes.Read(ref reader);
        _ = FirstBytes.Judge(input);
        int measured = ProxyHeader.Measure(input, out _);
        return measured > input.Length ? "a header is longer than what came" : null;
    }
}
