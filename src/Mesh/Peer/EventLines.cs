using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;

namespace Blackwall.Mesh.Peer;

/// <summary>JSON objects on standard output, one a line, each flushed. Whoever tells is not held up: what a slow reader does not take is counted as lost.</summary>
internal sealed class EventLines : IAsyncDisposable
{
    private const int MaxWaiting = 65_536;
    private const int MaxTogether = 64 * 1024;
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Stream _output;
    private readonly Channel<byte[]> _waiting = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Task _writing;
    private long _lost;

    public EventLines(Stream output)
    {
        _output = output;
        _writing = WriteAsync();
    }

    /// <summary>Tells an event; <paramref name="write"/> adds its properties.</summary>
    public void Tell(string name, Action<Utf8JsonWriter> write)
    {
        if (!_waiting.Writer.TryWrite(Line(name, write)))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
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
                while (lines.WrittenCount < MaxTogether && _waiting.Reader.TryRead(out byte[]? line))
                {
                    lines.Write(line);
                }

                await _output.WriteAsync(lines.WrittenMemory);
                await _output.FlushAsync();
                if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
                {
                    await _output.WriteAsync(Line("lost", json => json.WriteNumber("events", lost)));
                }
            }
        }
        catch (IOException)
        {
            // Nobody reads any more: the peer goes on without words.
            _waiting.Writer.TryComplete();
        }
    }
}
