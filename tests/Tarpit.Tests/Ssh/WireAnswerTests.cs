using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Blackwall.Tarpit.Tests.Ssh;

/// <summary>
/// What the server says to what no client sends. The answers were recorded from OpenSSH's sshd (9.2p1 of Debian 12) on a loopback port; where its
/// KEXINIT stands in them, "KEX" stands here, and then what followed it.
/// </summary>
public sealed class WireAnswerTests
{
    private const string Version = "SSH-2.0-x\r\n";
    private const string Invalid = "Invalid SSH identification string.";
    private const string Open = " OPEN";

    // Patience for a busy machine; quiet shows that nothing follows.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(500);

    private const string Unimplemented = "KEX0000000c060300000000000000000000 OPEN";

    [Theory]
    [InlineData("SSH-1337-OpenSSH_9.0\r\n", Invalid + "\r\n END")]
    [InlineData("SSH-1.5-x\r\n", "Protocol major versions differ.\r\n END")]
    [InlineData("SSH-1.99-x\r\n", "KEX OPEN")]
    [InlineData("\r\n", Invalid + "\r\n END")]
    [InlineData("SSH-2.0\r\n", Invalid + "\r\n END")]
    [InlineData("SSH-2.0-\r\n", Invalid + "\r\n END")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", Invalid + " RESET")]
    [InlineData("SSH-2.0-a\rb\n", Invalid + " RESET")]
    [InlineData("SSH-2.0-a\0b\n", Invalid + " RESET")]
    [InlineData("SSH-2.0-SSH_Version_Mapper\r\n", " END")]
    [InlineData("SSH-2.0-Probe-x\r\n", " END")]
    [InlineData("SSH-2.0-OpenSSH\n\n\n\n\n\n\n\n\n\n", "KEX END")]
    [InlineData("SSH-2.0-OpenSSH_9\r\nSSH-2.0-OpenSSH_9\r\n", "KEX END")]
    public async Task Identifications_are_answered_as_the_real_server_answers_them(string sent, string answer) => Assert.Equal(answer, await AskAsync(Encoding.Latin1.GetBytes(sent), answer));

    [Theory]
    [InlineData("0000001c0a050000000c7373682d757365726175746800000000000000000000", Unimplemented)]
    [InlineData("0000000c060200000000000000000000", "KEX OPEN")]
    [InlineData("0000000c0a0100000002000000000000", "KEX END")]
    [InlineData("0000000c0a1e00000000000000000000", Unimplemented)]
    [InlineData("0000000c0a1500000000000000000000", Unimplemented)]
    [InlineData("0000000c0a6300000000000000000000", "KEX END")]
    [InlineData("0000000c0f1400000000000000000000", "KEX END")]
    [InlineData("00000004000000000000000000000000", "KEX END")]
    [InlineData("0000000d0a14000000000000000000000000", "KEX END")]
    [InlineData("0000000c0a0000000000000000000000", "KEX000000340b01000000020000001b496e76616c69642073736832207061636b657420747970653a2030000000000000000000000000000000 END")]
    [InlineData("0000000c031400000000000000000000", "KEX000000340a01000000020000001c436f72727570746564207061646c656e2033206f6e20696e7075742e0000000000000000000000000000 END")]
    public async Task Packets_before_the_key_exchange_are_answered_as_the_real_server_answers_them(string packet, string answer) =>
        Assert.Equal(answer, await AskAsync([.. Encoding.Latin1.GetBytes(Version), .. Convert.FromHexString(packet)], answer));

    [Fact]
    public async Task A_packet_that_is_out_of_place_ends_a_strict_key_exchange()
    {
        byte[] offer = Offer(strict: true);
        string answer = await AskAsync([.. Encoding.Latin1.GetBytes(Version), .. offer, .. Convert.FromHexString("0000000c060200000000000000000000")], " END");
        Assert.Contains(Convert.ToHexStringLower("strict KEX violation: unexpected packet type 2 (seqnr 1)"u8), answer, StringComparison.Ordinal);
        Assert.EndsWith(" END", answer, StringComparison.Ordinal);
        Assert.Equal("KEX OPEN", await AskAsync([.. Encoding.Latin1.GetBytes(Version), .. Offer(strict: false), .. Convert.FromHexString("0000000c060200000000000000000000")], "KEX OPEN"));
    }

    // A KEXINIT as a packet.
    private static byte[] Offer(bool strict)
    {
        Blackwall.Tarpit.Ssh.Wire.KexInit ours = Blackwall.Tarpit.Ssh.SshPersona.Ubuntu2404.Offer;
        string[] exchanges = strict ? ["curve25519-sha256", "kex-strict-c-v00@openssh.com"] : ["curve25519-sha256"];
        byte[] payload = (ours with { Lists = [exchanges, .. ours.Lists.Skip(1)] }).Write(new byte[16]);
        int padding = 8 - ((payload.Length + 5) % 8);
        padding += padding < 4 ? 8 : 0;
        byte[] packet = new byte[5 + payload.Length + padding];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(packet, payload.Length + padding + 1);
        packet[4] = (byte)padding;
        payload.CopyTo(packet, 5);
        return packet;
    }

    /// <summary>What comes back to bytes, and how the connection stands then.</summary>
    /// <param name="sent">The bytes.</param>
    /// <param name="expected">Where this ends with " OPEN", nothing more is waited for once it is there but a moment of quiet; else the end is waited for.</param>
    private static async Task<string> AskAsync(byte[] sent, string expected)
    {
        await using RunningTarpit tarpit = new();
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await socket.ConnectAsync(tarpit.EndPoint, cancellation);
        byte[] buffer = new byte[16 * 1024];
        int greeting = await socket.ReceiveAsync(buffer, cancellation);
        Assert.Equal("SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5\r\n", Encoding.ASCII.GetString(buffer, 0, greeting));
        await socket.SendAsync(sent, cancellation);

        int length = 0;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(s_patience);
        try
        {
            int got;
            while ((got = await socket.ReceiveAsync(buffer.AsMemory(length), late.Token)) > 0)
            {
                length += got;
                if (string.Equals(Said(buffer.AsSpan(0, length)) + Open, expected, StringComparison.Ordinal))
                {
                    late.CancelAfter(s_quiet);
                }
            }

            return Said(buffer.AsSpan(0, length)) + " END";
        }
        catch (SocketException)
        {
            return Said(buffer.AsSpan(0, length)) + " RESET";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Said(buffer.AsSpan(0, length)) + Open;
        }
    }

    private static string Said(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 1000)
        {
            return Encoding.ASCII.GetString(bytes);
        }

        int offer = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes) + 4;
        return offer <= bytes.Length ? "KEX" + Convert.ToHexStringLower(bytes[offer..]) : "";
    }
}
