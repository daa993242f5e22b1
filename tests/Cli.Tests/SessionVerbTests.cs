using Blackwall.Client;
using Blackwall.Cli;
using Blackwall.Sessions;
using Blackwall.Tests.Api;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>What an operator sees of sessions on the command line.</summary>
public sealed class SessionVerbTests : IDisposable
{
    private const string Id = "0123456789ab";

    private readonly ApplianceFactory _appliance = new("[api]\nlisten = \"http://127.0.0.1:0\"\n");

    public SessionVerbTests()
    {
        _appliance.UseKestrel();
        _appliance.StartServer();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task Sessions_are_listed_and_each_is_told_and_no_text_of_an_attacker_moves_the_cursor()
    {
        SessionArchive archive = _appliance.Services.GetRequiredService<SessionArchive>();
        DateTimeOffset now = DateTimeOffset.UnixEpoch.AddYears(50);
        archive.Record(Id, new SessionEvent(now, "connect", Protocol: "ssh", Source: "[2001:db8::7]:4711", Destination: "192.0.2.22:22"));
        archive.Record(Id, new SessionEvent(now, "login", User: "root", Secret: "toor\u001b[2J\n", Method: "password", Success: true));
        archive.Record(Id, new SessionEvent(now, "command", Text: "echo \u001b]0;evil\a"));
        archive.Record(Id, new SessionEvent(now, "close"));
        while (!File.Exists(Path.Combine(_appliance.Folder, "sessions", "by-id", Id, "events.jsonl")))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        string list = await RunAsync("sessions", "--source", "2001:db8::7"), told = await RunAsync("session", Id);
        Assert.Contains(Id, list, StringComparison.Ordinal);
        Assert.Contains("192.0.2.22:22", list, StringComparison.Ordinal);
        Assert.Contains("root / toor", told, StringComparison.Ordinal);
        Assert.Contains("echo ", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', list + told);
        Assert.DoesNotContain('\a', list + told);
        Assert.DoesNotContain(Id, await RunAsync("sessions", "--source", "192.0.2.1"), StringComparison.Ordinal);
        Assert.All(await File.ReadAllLinesAsync(Path.Combine(_appliance.Folder, "sessions", "cowrie.json"), Cancellation), line => Assert.DoesNotContain(line, char.IsControl));
    }

    [Fact]
    public async Task A_session_is_followed_until_it_ends_and_its_terminal_is_read_from_a_byte_on()
    {
        SessionArchive archive = _appliance.Services.GetRequiredService<SessionArchive>();
        DateTimeOffset now = DateTimeOffset.UnixEpoch.AddYears(50);
        archive.Record(Id, new SessionEvent(now, "connect", Protocol: "ssh", Source: "[2001:db8::7]:4711", Destination: "192.0.2.22:22"));
        archive.RecordTerminal(Id, isInput: false, "first"u8.ToArray());
        string terminal = Path.Combine(_appliance.Folder, "sessions", "by-id", Id, "terminal.cast");
        while (!File.Exists(terminal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        Task<string> followed = RunAsync("session", Id, "--follow");
        archive.Record(Id, new SessionEvent(now, "command", Text: "id\u001b[2J"));
        archive.Record(Id, new SessionEvent(now, "close"));
        string told = await followed;
        Assert.Contains("command", told, StringComparison.Ordinal);
        Assert.Contains("close", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', told);

        byte[] all = await File.ReadAllBytesAsync(terminal, Cancellation);
        using ApplianceClient client = new(ClientConnection.ByAddress(new Uri(Api), (await File.ReadAllTextAsync(Path.Combine(_appliance.Folder, "admin.key"), Cancellation)).Trim()), TimeProvider.System);
        using MemoryStream rest = new(), nothing = new();
        Assert.Null(await client.Sessions.CopyTerminalAsync(Id, all.Length - 5, rest, Cancellation));
        Assert.Equal(all[^5..], rest.ToArray());
        Assert.Null(await client.Sessions.CopyTerminalAsync(Id, all.Length, nothing, Cancellation));
        Assert.Equal(0, nothing.Length);
    }

    [Fact]
    public async Task A_session_that_has_ended_is_deleted_and_one_that_goes_on_is_not()
    {
        const string open = "0123456789ac";
        SessionArchive archive = _appliance.Services.GetRequiredService<SessionArchive>();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        archive.Record(Id, new SessionEvent(now, "connect", Protocol: "ssh", Source: "192.0.2.7:4711", Destination: "192.0.2.22:22"));
        archive.Record(Id, new SessionEvent(now, "close"));
        archive.Record(open, new SessionEvent(now, "connect", Protocol: "ssh", Source: "192.0.2.7:4712", Destination: "192.0.2.22:22"));
        string folder = Path.Combine(_appliance.Folder, "sessions", "by-id");
        while (!File.Exists(Path.Combine(folder, open, "session.json")))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        StringWriter error = new();
        Assert.NotEqual(0, await CommandTree.RunAsync(["session-delete", open, .. Access], TestShell.Of(new StringWriter(), error), Cancellation));
        Assert.Contains("goes on", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(Id, await RunAsync("sessions"), StringComparison.Ordinal);
        await RunAsync("session-delete", Id);
        Assert.DoesNotContain(Id, await RunAsync("sessions"), StringComparison.Ordinal);
        Assert.Equal([open], Directory.GetDirectories(folder).Select(Path.GetFileName));
        Assert.NotEqual(0, await CommandTree.RunAsync(["session-delete", Id, .. Access], TestShell.Of(new StringWriter(), error), Cancellation));
    }

    private string[] Access => ["--api", Api, "--key-file", Path.Combine(_appliance.Folder, "admin.key")];

    private string Api => _appliance.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private async Task<string> RunAsync(params string[] arguments)
    {
        StringWriter output = new(), error = new();
        int code = await CommandTree.RunAsync([.. arguments, .. Access], TestShell.Of(output, error), Cancellation);
        Assert.True(code == 0, error.ToString());
        return output.ToString();
    }
}
