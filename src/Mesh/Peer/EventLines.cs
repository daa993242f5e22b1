using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;

namespace Blackwall.Mesh.Peer;

/// <summary>
/// JSON objects on standard output, one a line, each flushed. Whoever tells is not held up: at most so many bytes wait for a slow reader, and what
/// comes beyond is dropped and told of as "lost".
/// </summary>
internal sealed class EventLines : IAsyncDisposable
{
    /// <summary>Bytes of lines that wait to be written.</summary>
    public const long UsualBytes = 8 * 1024 * 1024;

    // What a line that waits costs beside its bytes.
    private const int LineBytes = 64;
    private const int MaxTogether = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Stream _output;
    private readonly long _capacity;

    // Unbounded in lines: the bytes are what is bounded, before a line gets in.
    private readonly Channel<byte[]> _waiting = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource<string> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;
    private long _bytes;
    private long _lost;

    public EventLines(Stream output, long capacity = UsualBytes)
    {
        _output = output;
        _capacity = capacity;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Completes with the reason when the output cannot be written any more; lines are thrown away from then on.</summary>
    public Task<string> Broken => _broken.Task;

    /// <summary>Bytes that wait to be written, with what keeping them costs.</summary>
    public long Waiting => Interlocked.Read(ref _bytes);

    /// <summary>Tells an event; <paramref name="write"/> adds its properties.</summary>
    public void WriteEvent(string name, Action<Utf8JsonWriter> write)
    {
        // Not even made when there is no room: a flood must not cost more than it is worth.
        if (Waiting >= _capacity)
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        byte[] line = Line(name, write);
        if (Interlocked.Add(ref _bytes, line.Length + LineBytes) > _capacity || !_waiting.Writer.TryWrite(line))
        {
            Interlocked.Add(ref _bytes, -(line.Length + LineBytes));
            Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>Events that were dropped before they became lines; they are told of as lost, too.</summary>
    public void Lose(long events)
    {
        Interlocked.Add(ref _lost, events);

        // An empty line wakes the writer.
        Interlocked.Add(ref _bytes, LineBytes);
        if (!_waiting.Writer.TryWrite([]))
        {
            Interlocked.Add(ref _bytes, -LineBytes);
        }
    }

    /// <summary>Writes what waits, for 2 s at most: whoever does not read must not keep us from ending.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(Patience, TimeProvider.System));
    }

    private static byte[] Line(string name, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Writing))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            write(json);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    private async Task WriteAsync()
    {
        try
        {
            var lines = new ArrayBufferWriter<byte>(4096);
            while (await _waiting.Reader.WaitToReadAsync())
            {
                // What gathered meanwhile goes out together.
                lines.ResetWrittenCount();
                int taken = 0;
                while (lines.WrittenCount < MaxTogether && _waiting.Reader.TryRead(out byte[]? line))
                {
                    lines.Write(line);
                    taken += line.Length + LineBytes;
                }

                if (lines.WrittenCount > 0)
                {
                    await _output.WriteAsync(lines.WrittenMemory);
                    await _output.FlushAsync();
                }

                Interlocked.Add(ref _bytes, -taken);
                if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
                {
                    await _output.WriteAsync(Line("lost", json => json.WriteNumber("events", lost)));
                    await _output.FlushAsync();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
        {
            // A pipe whose reader has gone, a descriptor that is closed, a disk that is full.
            _broken.TrySetResult(exception.Message);
            _waiting.Writer.TryComplete();
        }
    }
}
