namespace Blackwall.Tarpit.Shell;

/// <summary>Keys of a terminal made into lines, as its driver does: echo, erase, ^U, ^W, ^V, ^D and the keys that are signals.</summary>
internal sealed class LineDiscipline
{
    private const int LongestLine = 4095;

    private readonly List<byte> _line = [];
    private readonly Queue<byte> _ready = new();

    // How many bytes each ^D (or line) ends behind; of what is ready.
    private readonly Queue<int> _ends = new();
    private int _sinceEnd;
    private bool _isLiteral;

    public int Count => _line.Count + _ready.Count + _ends.Count;

    /// <summary>Whether a program that reads gets something.</summary>
    public bool HasInput => _ends.Count > 0 || _sinceEnd > 0;

    /// <summary>The signal of a key; 0: none.</summary>
    public static int SignalOf(byte key, TerminalMode mode) => !mode.HasSignals ? 0 : key switch { TerminalMode.Interrupt => 2, TerminalMode.Quit => 3, TerminalMode.Suspend => 20, _ => 0 };

    /// <summary>Takes a key: what the terminal shows for it, and the signal that it is.</summary>
    public (byte[] Echo, int Signal) Add(byte key, TerminalMode mode)
    {
        if (!_isLiteral && SignalOf(key, mode) is not 0 and var signal)
        {
            if (!mode.Is("noflsh"))
            {
                Clear();
            }

            return (Echoed(key, mode), signal);
        }

        if (!mode.IsCanonical)
        {
            key = key == '\r' && mode.Is("icrnl") ? (byte)'\n' : key;
            _ready.Enqueue(key);
            _sinceEnd++;
            return (Echoed(key, mode), 0);
        }

        if (_isLiteral)
        {
            _isLiteral = false;
            return Keep(key, mode);
        }

        switch (key)
        {
            case (byte)'\r' when mode.Is("icrnl"):
            case (byte)'\n':
                _line.Add((byte)'\n');
                Finish();
                return (mode.Echoes || mode.Is("echonl") ? "\r\n"u8.ToArray() : [], 0);
            case TerminalMode.EndOfFile:
                Finish();
                return ([], 0);
            case TerminalMode.Erase or TerminalMode.EraseBackwards:
                return (Erase(Math.Max(0, LastCharacter()), mode), 0);
            case TerminalMode.KillLine:
                return (Erase(0, mode), 0);
            case TerminalMode.EraseWord:
                return (Erase(WordStart(), mode), 0);
            case TerminalMode.LiteralNext when mode.Is("iexten"):
                _isLiteral = true;
                return (mode.Echoes ? "^\b"u8.ToArray() : [], 0);
            default:
                return Keep(key, mode);
        }
    }

    /// <summary>One line, or one piece, for a program; 0: ^D was typed where nothing else was.</summary>
    public int Take(Span<byte> buffer, bool isEnd)
    {
        if (_ends.Count == 0 && isEnd && _sinceEnd == 0)
        {
            Finish();
        }

        int whole = _ends.TryPeek(out int end) ? end : _sinceEnd;
        int length = Math.Min(whole, buffer.Length);
        for (int at = 0; at < length; at++)
        {
            buffer[at] = _ready.Dequeue();
        }

        if (_ends.Count == 0)
        {
            _sinceEnd -= length;
            return length;
        }

        _ends.Dequeue();
        if (length < whole)
        {
            int[] others = [.. _ends];
            _ends.Clear();
            _ends.Enqueue(whole - length);
            foreach (int other in others)
            {
                _ends.Enqueue(other);
            }
        }

        return length;
    }

    /// <summary>Input comes by lines no more: what was typed of one is there now.</summary>
    public void ReleaseLine()
    {
        _line.ForEach(_ready.Enqueue);
        _sinceEnd += _line.Count;
        _line.Clear();
    }

    /// <summary>All that is there, for who reads keys as they come.</summary>
    public byte[] TakeAll()
    {
        byte[] all = [.. _ready, .. _line];
        Clear();
        return all;
    }

    private void Clear()
    {
        _line.Clear();
        _ready.Clear();
        _ends.Clear();
        (_sinceEnd, _isLiteral) = (0, false);
    }

    private void Finish()
    {
        // What came byte by byte before is a piece of its own.
        if (_sinceEnd > 0)
        {
            _ends.Enqueue(_sinceEnd);
            _sinceEnd = 0;
        }

        _line.ForEach(_ready.Enqueue);
        _ends.Enqueue(_line.Count);
        _line.Clear();
    }

    private (byte[] Echo, int Signal) Keep(byte key, TerminalMode mode)
    {
        if (_line.Count >= LongestLine)
        {
            return ("\a"u8.ToArray(), 0);
        }

        _line.Add(key);
        return (Echoed(key, mode), 0);
    }

    private static byte[] Echoed(byte key, TerminalMode mode) => !mode.Echoes ? []
        : key == '\n' ? "\r\n"u8.ToArray()
        : key is < 32 and not (byte)'\t' && mode.Is("echoctl") ? [(byte)'^', (byte)(key + 64)]
        : key == 127 && mode.Is("echoctl") ? "^?"u8.ToArray() : [key];

    private int LastCharacter()
    {
        int at = _line.Count - 1;
        while (at > 0 && (_line[at] & 0xC0) == 0x80)
        {
            at--;
        }

        return at;
    }

    private int WordStart()
    {
        int at = _line.Count;
        while (at > 0 && _line[at - 1] is (byte)' ' or (byte)'\t')
        {
            at--;
        }

        while (at > 0 && _line[at - 1] is not ((byte)' ' or (byte)'\t'))
        {
            at--;
        }

        return at;
    }

    private byte[] Erase(int from, TerminalMode mode)
    {
        int columns = 0;
        for (int at = from; at < _line.Count; at++)
        {
            columns += (_line[at] & 0xC0) == 0x80 ? 0 : _line[at] is < 32 or 127 ? 2 : 1;
        }

        _line.RemoveRange(from, _line.Count - from);
        return mode.Echoes ? [.. Enumerable.Repeat("\b \b"u8.ToArray(), columns).SelectMany(bytes => bytes)] : [];
    }
}
