using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Mesh.Peer;
using Xunit;

namespace Blackwall.Tests.Mesh.Peer;

public sealed class EventLinesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_reads_gets_every_line_in_order()
    {
        using var output = new GatedStream(open: true);
        await using (var lines = new EventLines(output))
        {
            for (int n = 0; n < 1000; n++)
            {
                lines.WriteEvent("message", json => json.WriteNumber("n", n));
            }
        }

        JsonObject[] told = output.Lines();
        Assert.Equal(Enumerable.Range(0, 1000), told.Select(line => line["n"]!.GetValue<int>()));
    }

    [Fact]
    public async Task What_a_slow_reader_does_not_take_is_bounded_in_bytes_and_told_of_as_lost()
    {
        const int Capacity = 1024 * 1024;
        const int Events = 200;
        using var output = new GatedStream(open: false);
        string text = new('x', 64 * 1024);
        await using (var lines = new EventLines(output, Capacity))
        {
            for (int n = 0; n < Events; n++)
            {
                lines.WriteEvent("message", json => json.WriteString("text", text));
            }

            Assert.InRange(lines.Waiting, 1, Capacity);
            output.Open();
            await lines.DisposeAsync();
        }

        JsonObject[] told = output.Lines();
        int messages = told.Count(line => line["event"]!.GetValue<string>() is "message");
        long lost = told.Where(line => line["event"]!.GetValue<string>() is "lost").Sum(line => line["events"]!.GetValue<long>());
        Assert.InRange(messages, 1, 17);
        Assert.Equal(Events, messages + lost);
    }

    [Fact]
    public async Task What_was_dropped_elsewhere_is_told_of_although_nothing_follows()
    {
        using var output = new GatedStream(open: true);
        await using (var lines = new EventLines(output))
        {
            lines.Lose(7);
        }

        Assert.Equal(7, Assert.Single(output.Lines())["events"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_reader_that_stands_still_does_not_keep_it_from_ending()
    {
        using var output = new GatedStream(open: false);
        var lines = new EventLines(output);
        lines.WriteEvent("message", _ => { });

        // It would wait for ever: the stream is opened only afterwards.
        await lines.DisposeAsync();
        Assert.Empty(output.Lines());
        output.Open();
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_said_and_what_follows_is_thrown_away()
    {
        await using var lines = new EventLines(new MemoryStream([], writable: false));
        lines.WriteEvent("message", _ => { });
        Assert.NotEmpty(await lines.Broken.WaitAsync(Cancellation));
        lines.WriteEvent("message", _ => { });
    }

    /// <summary>Takes nothing until it is opened.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();

        public GatedStream(bool open)
        {
            if (open)
            {
                Open();
            }
        }

        public void Open() => _open.TrySetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _open.Task.WaitAsync(cancellationToken);
            lock (_gate)
            {
                Write(buffer.Span);
            }
        }

        public JsonObject[] Lines()
        {
            lock (_gate)
            {
                return [.. Encoding.UTF8.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
            }
        }
    }
}
