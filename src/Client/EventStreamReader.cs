using System.Text;
using Blackwall.Client.Events;

namespace Blackwall.Client;

/// <summary>Reads server-sent events (HTML standard, 9.2). A line or an event that is too long ends the stream.</summary>
public sealed class EventStreamReader(StreamReader text)
{
    public const int LongestEvent = 1 << 20;

    private readonly char[] _buffer = new char[4096];
    private readonly StringBuilder _line = new();
    private int _next;
    private int _end;
    private bool _afterReturn;

    /// <summary>The next event with data; null: the stream ended.</summary>
    /// <param name="alive">Called whenever something arrives, be it a comment.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="InvalidDataException">A line or event is longer than <see cref="LongestEvent"/>.</exception>
    public async ValueTask<StreamItem?> ReadAsync(Action alive, CancellationToken cancellation)
    {
        (string? id, string kind, StringBuilder data) = (null, "message", new());
        while (await LineAsync(alive, cancellation) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    return new StreamItem(id, kind, data.ToString(0, data.Length - 1));
                }

                (id, kind) = (null, "message");
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string field = colon < 0 ? line : line[..colon];
            string value = colon < 0 ? "" : line[(colon + 1)..];
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (field)
            {
                case "id" when value.All(c => c is > ' ' and < '\x7f'):
                    id = value;
                    break;
                case "event":
                    kind = PlainText.Clean(value);
                    break;
                case "data" when data.Length + value.Length >= LongestEvent:
                    throw new InvalidDataException("An event is too long.");
                case "data":
                    data.Append(value).Append('\n');
                    break;
            }
        }

        return null;
    }

    private async ValueTask<string?> LineAsync(Action alive, CancellationToken cancellation)
    {
        _line.Clear();
        while (true)
        {
            if (_next == _end)
            {
                (_next, _end) = (0, await text.ReadAsync(_buffer, cancellation));
                if (_end == 0)
                {
                    return null;
                }

                alive();
            }

            char letter = _buffer[_next++];
            bool secondHalf = letter == '\n' && _afterReturn;
            _afterReturn = letter == '\r';
            if (secondHalf)
            {
                continue;
            }

            if (letter is '\n' or '\r')
            {
                return _line.ToString();
            }

            if (_line.Length == LongestEvent)
            {
                throw new InvalidDataException("A line is too long.");
            }

            _line.Append(letter);
        }
    }
}
