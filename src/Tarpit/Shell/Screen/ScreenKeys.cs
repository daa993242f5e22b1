using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Screen;

/// <summary>Keys for a program that has the whole terminal: one at a time, ^C among them, arrows and the like as one.</summary>
internal sealed class ScreenKeys : IDisposable
{
    public const int Up = 0x1000;
    public const int Down = 0x1001;
    public const int Right = 0x1002;
    public const int Left = 0x1003;
    public const int Home = 0x1004;
    public const int End = 0x1005;
    public const int PageUp = 0x1006;
    public const int PageDown = 0x1007;
    public const int Delete = 0x1008;
    public const int Escape = 27;
    public const int None = -1;

    private const int Suspend = 26, StopSignal = 20;

    private static readonly KeyboardUse s_use = KeyboardUse.Raw with { HasFlowControl = false };
    private static readonly TimeSpan s_escape = TimeSpan.FromMilliseconds(60);

    private readonly Invocation _invocation;
    private readonly KeyboardUse? _before;
    private readonly Queue<byte> _ahead = new();
    private Task<int>? _reading;
    private readonly byte[] _one = new byte[1];

    public ScreenKeys(Invocation invocation)
    {
        _invocation = invocation;
        if (invocation.State.Io is Keyboard keyboard)
        {
            _before = keyboard.Use;
            keyboard.Use = s_use;
        }
    }

    /// <summary>Whether a command has the terminal to itself.</summary>
    public static bool HasScreen(Invocation i) => i.State.Io.Terminal is not null && i.Streams.Output is PeerOutput;

    public (int Columns, int Rows) Size => _invocation.State.Io.Terminal is { } terminal ? (Math.Clamp(terminal.Columns, 20, 500), Math.Clamp(terminal.Rows, 5, 200)) : (80, 24);

    /// <summary>The next key; <see cref="None"/>: none came in time; null: there will be none.</summary>
    public async ValueTask<int?> ReadAsync(TimeSpan? patience = null)
    {
        int? first = await ByteAsync(patience);
        if (first is Suspend && _before?.OnSignal is { } signal)
        {
            await WriteAsync($"\x1b[{Size.Rows};1H\x1b[?1049l");
            signal(StopSignal);
            await _invocation.State.Turns.OutsideAsync(() => Task.CompletedTask);
            await TakeAgainAsync();
            return None;
        }

        if (first is not Escape)
        {
            return first;
        }

        int? second = await ByteAsync(s_escape);
        if (second is not ('[' or 'O'))
        {
            if (second is { } typed and not None)
            {
                _ahead.Enqueue((byte)typed);
            }

            return Escape;
        }

        string sequence = "";
        while (sequence.Length < 8 && await ByteAsync(s_escape) is { } part and not None)
        {
            sequence += (char)part;
            if (part is >= '@' and <= '~')
            {
                break;
            }
        }

        return sequence switch { "A" => Up, "B" => Down, "C" => Right, "D" => Left, "H" or "1~" => Home, "F" or "4~" => End, "5~" => PageUp, "6~" => PageDown, "3~" => Delete, _ => None };
    }

    public ValueTask WriteAsync(string text) => _invocation.State.Io.WriteAsync(System.Text.Encoding.Latin1.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal)), _invocation.Cancellation);

    public void Dispose()
    {
        if (_invocation.State.Io is Keyboard keyboard && _before is { } before)
        {
            keyboard.Use = before;
        }
    }

    private async ValueTask<int?> ByteAsync(TimeSpan? patience)
    {
        if (_ahead.TryDequeue(out byte waiting))
        {
            return waiting;
        }

        // A read that was not answered in time goes on: it gives the next key. Others have their turn meanwhile.
        _reading ??= _invocation.State.Io.ReadAsync(_one, _invocation.Cancellation).AsTask();
        Task<int> reading = _reading;
        int stops = Execution.Job.CurrentStops;
        if (!reading.IsCompleted)
        {
            try
            {
                await _invocation.State.Turns.OutsideAsync(() => patience is { } most ? reading.WaitAsync(most, _invocation.Machine.Time, _invocation.Cancellation) : reading);
            }
            catch (TimeoutException)
            {
                _ = await IsStoppedSinceAsync();
                return None;
            }

            if (await IsStoppedSinceAsync())
            {
                return None;
            }
        }

        int got = await _reading;
        _reading = null;
        return got == 0 ? null : _one[0];

        // Somebody else stopped it, and it goes on: the screen is drawn again.
        async ValueTask<bool> IsStoppedSinceAsync()
        {
            if (Execution.Job.CurrentStops == stops)
            {
                return false;
            }

            await TakeAgainAsync();
            return true;
        }
    }

    private async ValueTask TakeAgainAsync()
    {
        if (_invocation.State.Io is Keyboard keyboard)
        {
            keyboard.Use = s_use;
        }

        await WriteAsync("\x1b[?1049h");
    }
}
