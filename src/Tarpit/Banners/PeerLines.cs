using System.Text;
using Blackwall.Tarpit.Detection;

namespace Blackwall.Tarpit.Banners;

/// <summary>Reads a peer line by line. A line ends with LF; a CR before it is taken away. Text is one character a byte (Latin-1).</summary>
/// <param name="longest">Bytes of a line; what is longer is cut, and <see cref="WasCut"/> says so.</param>
internal sealed class PeerLines(Peer peer, int longest)
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>The line that was read last was too long.</summary>
    public bool WasCut { get; private set; }

    /// <summary>Null: the peer ended.</summary>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellation)
    {
        StringBuilder line = new();
        WasCut = false;
        while (true)
        {
            if (_start == _end)
            {
                // While nothing comes, nothing is held.
                _buffer = [];
                await peer.WaitAsync(cancellation);
                _buffer = new byte[1024];
                (_start, _end) = (0, await peer.ReadAsync(_buffer, cancellation));
                if (_end == 0)
                {
                    return null;
                }
            }

            int feed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            int length = feed < 0 ? _end - _start : feed;
            int room = Math.Min(length, longest - line.Length);
            WasCut |= room < length;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, room));
            _start += length;
            if (feed >= 0)
            {
                _start++;
                return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
            }
        }
    }
}
