using System.Security.Cryptography;
using System.Text;
using Blackwall.Fingerprints.Wire;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

public sealed class SshTests
{
    private readonly Prints _prints = new();

    private static string Hash(string lists)
    {
#pragma warning disable CA5351 // HASSH is MD5.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(lists)));
#pragma warning restore CA5351
    }

    [Fact]
    public void A_client_is_known_by_what_it_offers_and_by_its_line()
    {
        _prints.Ssh(Hellos.Ssh());
        Assert.Equal([Hash("curve25519-sha256;aes256-ctr;hmac-sha2-256;none"), "SSH-2.0-libssh_0.10.6"], _prints.Of());
    }

    [Theory]
    [InlineData("openssh", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", "472b5de333ad665af5cbf10ff892c4df")]
    public void A_real_client_has_the_fingerprint_that_another_implementation_gave(string file, string line, string hassh)
    {
        byte[] stream = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fingerprints", "Real", file + ".bin"));
        Assert.True(stream.Length > 1448, "it has to span two segments");
        _prints.Ssh(stream.AsSpan(0, 41), 10);
        _prints.Ssh(stream.AsSpan(1000), 1010);
        Assert.Empty(_prints.Of());
        _prints.Ssh(stream.AsSpan(41, 959), 51);
        Assert.Equal([hassh, line], _prints.Of());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(23)]
    public void Cut_doubled_and_out_of_order(int size)
    {
        byte[] stream = Hellos.Ssh();
        byte[][] parts = [.. stream.Chunk(Math.Max(size, stream.Length / 15))];
        _prints.Ssh(parts[0], 100);
        uint at = (uint)(100 + parts[0].Length);
        foreach ((byte[] part, int i) in parts.Skip(1).Select((p, i) => (p, i)).Reverse())
        {
            _prints.Ssh(part, at + (uint)(i * parts[0].Length));
            _prints.Ssh(part, at + (uint)(i * parts[0].Length));
        }

        Assert.Equal(2, _prints.Of().Count());
    }

    [Fact]
    public void The_line_is_shown_without_what_could_do_something()
    {
        _prints.Ssh(Hellos.Ssh("SSH-2.0-\u001b[31mred\u00ff" + new string('x', 200)));
        string line = _prints.Of().Last();
        Assert.StartsWith("SSH-2.0-.[31mred.xxx", line, StringComparison.Ordinal);
        Assert.Equal(80, line.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH")]
    [InlineData("SSH-2.0-x")]
    public void A_line_that_has_not_ended_is_waited_for(string text) =>
        Assert.Equal(HelloStatus.Partial, SshClientHello.Read(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("SSX")]
    [InlineData("SSH-2.0-x\r\n\0\0\0\u000c\u0006\u0015xxxxxxxx")]
    [InlineData("SSH-2.0-x\r\n\0\0\0\u0001\u0006\u0014xxxxxxxx")]
    [InlineData("SSH-2.0-x\r\n\u00ff\u00ff\u00ff\u00ff\u0006\u0014xxxxxxxx")]
    public void What_is_no_client_is_refused(string text) =>
        Assert.Equal(HelloStatus.None, SshClientHello.Read(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void An_endless_line_is_refused() =>
        Assert.Equal(HelloStatus.None, SshClientHello.Read(Encoding.ASCII.GetBytes("SSH-" + new string('x', 300)), out _));

    [Fact]
    public void Clients_that_never_finish_stay_bounded()
    {
        for (int port = 0; port < 10_000; port++)
        {
            _prints.Ssh("SSH-2.0-x"u8, port: port);
        }

        Assert.Equal(4096, _prints.Stage.Counters["sshWaiting"]);
        Assert.Equal(10_000 - 4096, _prints.Stage.Counters["sshAbandoned"]);
    }
}
