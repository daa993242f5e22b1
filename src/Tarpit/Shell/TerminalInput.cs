using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Shell;

/// <summary>The terminal as a running command reads it: lines are echoed, a backspace takes back, ^D at the start of a line ends.</summary>
internal sealed class TerminalInput(IProgramIo io) : IProgramIo
{
    private const int LongestLine = 4096;

    private readonly List<byte> _line = [];
    private bool _ended;

    public Terminal? Terminal => io.Terminal;

    public IReadOnlyDictionary<string, string> Environment => io.Environment;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        byte[] keys = new byte[1];
        _line.Clear();
        while (!_ended && _line.Count < Math.Min(LongestLine, buffer.Length))
        {
            if (await io.ReadAsync(keys, cancellation) == 0)
            {
                _ended = true;
                break;
            }

            byte key = keys[0];
            switch (key)
            {
                case 4:
                    // Ends a line that has begun, or the input; the next command can read again.
                    _line.ToArray().CopyTo(buffer);
                    return _line.Count;
                case 8 or 127:
                    if (_line.Count > 0)
                    {
                        _line.RemoveAt(_line.Count - 1);
                        await io.WriteAsync("\b \b"u8.ToArray(), cancellation);
                    }

                    continue;
                case (byte)'\r' or (byte)'\n':
                    _line.Add((byte)'\n');
                    await io.WriteAsync("\r\n"u8.ToArray(), cancellation);
                    _line.ToArray().CopyTo(buffer);
                    return _line.Count;
                default:
                    _line.Add(key);
                    await io.WriteAsync(new[] { key }, cancellation);
                    continue;
            }
        }

        _line.ToArray().CopyTo(buffer);
        return _line.Count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => io.WriteAsync(bytes, cancellation);

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => io.WriteErrorAsync(bytes, cancellation);
}
