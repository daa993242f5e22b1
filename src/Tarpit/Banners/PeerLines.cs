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

    /// <summary>A line was the first one of an HTTP request: a page can make any browser send that to any port, with lines of its own in the body.</summary>
    public bool MayBeBrowser { get; private set; }

    /// <summary>What a login is recorded with: a browser may have been made to send it.</summary>
    public string? Origin => MayBeBrowser ? Recording.Observation.CrossSite : null;

    public static bool IsHttpRequest(string line) => line.Contains(' ', StringComparison.Ordinal) && (line.EndsWith(" HTTP/1.1", StringComparison.Ordinal) || line.EndsWith(" HTTP/1.0", StringComparison.Ordinal));

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
                string text = line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
                MayBeBrowser |= IsHttpRequest(text);
                return text;
            }
        }
    }
}
