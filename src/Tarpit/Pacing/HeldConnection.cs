using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Pacing;

/// <summary>
/// A scanner that is held: a line that means nothing, now and then, for as long as it stays. Before its identification an SSH server may say as many lines as
/// it likes (RFC 4253 §4.2), and a web server as many fields. It has no task, no thread and no buffer.
/// </summary>
internal sealed class HeldConnection(Socket socket, bool isHttp, HeldConnections owner, ISessionLog log, Action end) : WheelEntry
{
    private const int ShortestLine = 4;
    private const int LongestLine = 30;

    private int _sent;

    /// <summary>Bytes sent.</summary>
    public int Sent => _sent;

    public override void Run()
    {
        Span<byte> line = stackalloc byte[LongestLine + 8];
        int length = isHttp ? Field(line) : Line(line);
        socket.Send(line[..length], SocketFlags.None, out SocketError error);
        if (error is SocketError.Success or SocketError.WouldBlock)
        {
            _sent += error is SocketError.Success ? length : 0;
            owner.Wait(this);
            return;
        }

        End();
    }

    public void End()
    {
        socket.Dispose();
        log.Record(new Observation(ObservationKinds.Close) { Sent = _sent });
        end();
        owner.Forget();
    }

    private static int Line(Span<byte> line)
    {
        int length = RandomNumberGenerator.GetInt32(ShortestLine, LongestLine);
        Fill(line[..length]);

        // A line that begins so would be the identification.
        if (line[..4].SequenceEqual("SSH-"u8))
        {
            line[0] = (byte)'X';
        }

        "\r\n"u8.CopyTo(line[length..]);
        return length + 2;
    }

    private int Field(Span<byte> line) => _sent == 0 ? Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n", line) : Name(line);

    private static int Name(Span<byte> line)
    {
        "X-"u8.CopyTo(line);
        Fill(line[2..8]);
        ": "u8.CopyTo(line[8..]);
        Fill(line[10..20]);
        "\r\n"u8.CopyTo(line[20..]);
        return 22;
    }

    private static void Fill(Span<byte> text)
    {
        ReadOnlySpan<byte> letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"u8;
        RandomNumberGenerator.Fill(text);
        foreach (ref byte value in text)
        {
            value = letters[value & 63];
        }
    }
}
