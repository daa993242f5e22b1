using System.Net;
using System.Net.Sockets;
using System.Text;
using Blackwall.Tarpit.Pacing;
using Blackwall.Tarpit.Recording;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tarpit.Tests.Pacing;

/// <summary>What drips, how slowly, and what does not.</summary>
public sealed class PacingTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Output_comes_in_drops_of_one_to_fifteen_bytes_and_whole()
    {
        using TimerWheel wheel = new(_time);
        Pacer pacer = new(wheel, PacingProfile.Full, _time);
        byte[] text = [.. Enumerable.Range(0, 300).Select(n => (byte)n)];
        (List<int> drops, byte[] written, TimeSpan spent) = await DripAsync(wheel, pacer, text);
        Assert.Equal(text, written);
        Assert.All(drops, drop => Assert.InRange(drop, 1, 15));
        Assert.InRange(spent.TotalSeconds, 1, PacingProfile.Full.Budget.TotalSeconds + 31);
    }

    [Fact]
    public async Task It_grows_with_the_session_up_to_half_a_minute_a_drop()
    {
        using TimerWheel wheel = new(_time);
        Pacer pacer = new(wheel, PacingProfile.Full with { Budget = TimeSpan.FromHours(10) }, _time);
        (List<int> first, _, TimeSpan early) = await DripAsync(wheel, pacer, new byte[400]);
        _time.Advance(TimeSpan.FromHours(1));
        (List<int> second, _, TimeSpan late) = await DripAsync(wheel, pacer, new byte[400]);
        Assert.True(late / second.Count > early / first.Count * 3, $"{early} for {first.Count}, {late} for {second.Count}");
    }

    [Fact]
    public async Task Gentle_is_free_at_first_and_never_holds_an_answer_long()
    {
        using TimerWheel wheel = new(_time);
        Pacer pacer = new(wheel, PacingProfile.Gentle, _time);
        Assert.Equal([4000], (await DripAsync(wheel, pacer, new byte[4000])).Drops);
        _time.Advance(TimeSpan.FromHours(1));
        (_, byte[] written, TimeSpan spent) = await DripAsync(wheel, pacer, new byte[40_000]);
        Assert.Equal(40_000, written.Length);
        Assert.InRange(spent.TotalSeconds, 0.5, 5);
    }

    [Fact]
    public async Task A_client_that_gives_up_gets_the_whole_answer_before()
    {
        using TimerWheel wheel = new(_time);
        Pacer pacer = new(wheel, PacingProfile.Full.Under(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(25)), _time);
        _time.Advance(TimeSpan.FromHours(1));
        (_, byte[] written, TimeSpan spent) = await DripAsync(wheel, pacer, new byte[100_000]);
        Assert.Equal(100_000, written.Length);
        Assert.InRange(spent.TotalSeconds, 1, 25);
    }

    [Fact]
    public async Task Typing_ends_the_pause_and_its_echo_comes_at_once()
    {
        using TimerWheel wheel = new(_time);
        Pacer pacer = new(wheel, PacingProfile.Full, _time);
        List<int> drops = [];
        ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            drops.Add(bytes.Length);
            return ValueTask.CompletedTask;
        }

        Task drip = pacer.WriteAsync(new byte[200], Write, Cancellation).AsTask();
        while (!drip.IsCompleted)
        {
            // The clock stands: only typing brings what is left.
            pacer.OnInput();
            await Task.Yield();
        }

        Assert.Equal(200, drops.Sum());
        drops.Clear();
        await pacer.WriteAsync("a"u8.ToArray(), Write, Cancellation);
        Assert.Equal([1], drops);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void The_wheel_runs_each_entry_once_in_its_time()
    {
        using TimerWheel wheel = new(_time);
        List<string> ran = [];
        Named late = new("late", ran), early = new("early", ran), never = new("never", ran), far = new("far", ran);
        wheel.Add(far, TimeSpan.FromMinutes(5));
        wheel.Add(late, TimeSpan.FromSeconds(2));
        wheel.Add(early, TimeSpan.FromMilliseconds(30));
        wheel.Add(never, TimeSpan.FromSeconds(1));
        Assert.True(wheel.Remove(never));
        Assert.False(wheel.Remove(never));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["early"], ran);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["early", "late"], ran);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["early", "late", "far"], ran);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public async Task Many_held_scanners_get_lines_without_end_and_leave_nothing()
    {
        const int count = 500;
        using TimerWheel wheel = new(TimeProvider.System);
        HeldConnections held = new(wheel, TimeSpan.FromMilliseconds(200));
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(count);
        List<Socket> scanners = [];
        MemoryRecorder records = new();
        int ended = 0;
        for (int i = 0; i < count; i++)
        {
            Socket scanner = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await scanner.ConnectAsync(listener.LocalEndPoint!, Cancellation);
            scanners.Add(scanner);
            held.Hold(await listener.AcceptAsync(Cancellation), isHttp: i % 2 == 1, records.BeginSession(), () => Interlocked.Increment(ref ended));
        }

        Assert.Equal(count, held.Count);
        string ssh = await ReadLinesAsync(scanners[0]), http = await ReadLinesAsync(scanners[1]);
        Assert.DoesNotContain("SSH-", ssh, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 OK\r\nX-", http, StringComparison.Ordinal);
        scanners.ForEach(scanner => scanner.Dispose());
        while (Volatile.Read(ref ended) < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        Assert.Equal((0, 0), (held.Count, wheel.Count));
        Assert.True(records.Last(ObservationKinds.Close)!.Sent > 0);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("gentle")]
    public async Task Who_is_held_and_who_logs_in_through_the_drip(string pacing)
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { HoldScanners = TarpitSettings.HoldLooking, Pacing = pacing });
        for (int i = 0; i < 6; i++)
        {
            using Socket looking = await ConnectAsync(tarpit);
            Assert.StartsWith("SSH-2.0-", await ReadAsync(looking), StringComparison.Ordinal);
            looking.Dispose();
            int closed = i + 1;
            while (tarpit.Records.Observations.Count(o => o.Kind is ObservationKinds.Close) < closed)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
            }
        }

        using Socket held = await ConnectAsync(tarpit);
        Assert.DoesNotContain("SSH-2.0-", await ReadAsync(held), StringComparison.Ordinal);
        Assert.Equal("held-scanner", tarpit.Records.Last(ObservationKinds.Limit)!.Name);
    }

    private async Task<(List<int> Drops, byte[] Written, TimeSpan Spent)> DripAsync(TimerWheel wheel, Pacer pacer, byte[] bytes)
    {
        List<int> drops = [];
        using MemoryStream written = new();
        DateTimeOffset start = _time.GetUtcNow();
        Task drip = pacer.WriteAsync(bytes, (drop, _) =>
        {
            drops.Add(drop.Length);
            written.Write(drop.Span);
            return ValueTask.CompletedTask;
        }, Cancellation).AsTask();
        while (!drip.IsCompleted)
        {
            // Time goes on while the drip waits, and not while it writes.
            if (wheel.Count > 0)
            {
                _time.Advance(TimerWheel.Tick);
            }
            else
            {
                await Task.Yield();
            }
        }

        await drip;
        return (drops, written.ToArray(), _time.GetUtcNow() - start);
    }

    private static async Task<string> ReadLinesAsync(Socket socket)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[256];
        while (text.ToString().Count(c => c == '\n') < 3)
        {
            int got = await socket.ReceiveAsync(buffer, Cancellation);
            Assert.True(got > 0);
            text.Append(Encoding.ASCII.GetString(buffer, 0, got));
        }

        return text.ToString();
    }

    private static async Task<Socket> ConnectAsync(RunningTarpit tarpit)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(tarpit.EndPoint, Cancellation);
        return socket;
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        byte[] buffer = new byte[256];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Cancellation));
    }

    private sealed class Named(string name, List<string> ran) : WheelEntry
    {
        public override void Run() => ran.Add(name);
    }
}
