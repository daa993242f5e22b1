using System.Text;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>
/// A terminal whose user types each text when what he waits for is shown, behind what he waited for before. What is
/// waited for must not be in the text typed before it: the echo of that text would end the wait before the answer is there.
/// </summary>
internal sealed class Dialogue(Terminal terminal, IReadOnlyList<(string Awaited, string Keys)> script) : IProgramIo
{
    private readonly IReadOnlyList<(string Awaited, string Keys)> _steps = Checked(script);
    private readonly StringBuilder _shown = new();
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _step;
    private int _seen;

    public Terminal? Terminal => terminal;

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string Text
    {
        get
        {
            lock (_shown)
            {
                return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(_shown.ToString()));
            }
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_step == _steps.Count)
        {
            return 0;
        }

        (string awaited, string keys) = _steps[_step];
        for (Task written = Written(); !IsShown(awaited); written = Written())
        {
            await written.WaitAsync(cancellation);
        }

        _step++;
        byte[] typed = Encoding.UTF8.GetBytes(keys);
        typed.CopyTo(buffer);
        return typed.Length;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        TaskCompletionSource written;
        lock (_shown)
        {
            _shown.Append(Encoding.Latin1.GetString(bytes.Span));
            (written, _written) = (_written, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        written.TrySetResult();
        return default;
    }

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => WriteAsync(bytes, cancellation);

    private static IReadOnlyList<(string Awaited, string Keys)> Checked(IReadOnlyList<(string Awaited, string Keys)> script)
    {
        for (int at = 1; at < script.Count; at++)
        {
            if (script[at - 1].Keys.Contains(script[at].Awaited, StringComparison.Ordinal))
            {
                throw new ArgumentException($"Step {at} waits for \"{script[at].Awaited}\", which the echo of \"{script[at - 1].Keys}\" shows.", nameof(script));
            }
        }

        return script;
    }

    private Task Written()
    {
        lock (_shown)
        {
            return _written.Task;
        }
    }

    private bool IsShown(string awaited)
    {
        lock (_shown)
        {
            int at = _shown.ToString().IndexOf(awaited, _seen, StringComparison.Ordinal);
            _seen = at < 0 ? _seen : at + awaited.Length;
            return at >= 0;
        }
    }
}
