using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Sessions;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>What is lost of sessions when the disk is full or the appliance is cut short, and how it says so.</summary>
public sealed class SessionLossTests : IDisposable
{
    private const string Id = "0123456789ab";
    private const string Later = "0123456789ac";

    private readonly ApplianceFactory _appliance = new();
    private readonly string _disk;

    public SessionLossTests()
    {
        // A disk of its own, small enough to be full.
        _disk = Directory.CreateDirectory(Path.Combine(_appliance.Folder, "sessions")).FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=256k,mode=0700", "tmpfs", _disk);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SessionArchive Archive => _appliance.Services.GetRequiredService<SessionArchive>();

    public void Dispose()
    {
        // The archive may write to its end.
        Run("umount", "-l", _disk);
        _appliance.Dispose();
    }

    [Fact]
    public async Task A_full_disk_ends_no_session_is_told_by_health_and_recording_goes_on_when_there_is_room()
    {
        using HttpClient api = _appliance.Operator();
        Connect(Id);
        await UntilAsync(() => File.Exists(Transcript(Id)));
        string filler = Path.Combine(_disk, "filler");
        Fill(filler);
        for (int i = 0; i < 50; i++)
        {
            Archive.Record(Id, new SessionEvent(DateTimeOffset.UnixEpoch, "command", Text: new string('x', 1000)));
        }

        await UntilAsync(() => Archive.Fault is not null);
        Assert.Contains("No space left on device", Archive.Fault, StringComparison.Ordinal);
        JsonNode health = (await api.GetFromJsonAsync<JsonNode>("health/ready", Cancellation))!;
        Assert.Contains("No space left on device", health.ToJsonString(), StringComparison.Ordinal);

        // Sessions go on in memory, new ones too, and what is lost is counted.
        Connect(Later);
        await UntilAsync(() => Archive.Find(Later) is not null);
        Assert.True(Archive.Find(Id)!.Commands >= 50);
        Assert.True(Archive.Read()["lost"] > 0);

        File.Delete(filler);
        Archive.Record(Id, new SessionEvent(DateTimeOffset.UnixEpoch, "command", Text: "room again"));
        await UntilAsync(() => Archive.Fault is null && File.ReadAllText(Transcript(Id)).Contains("room again", StringComparison.Ordinal));

        // No half line is between what was written before and after.
        JsonNode events = (await api.GetFromJsonAsync<JsonNode>($"sessions/{Id}/events", Cancellation))!;
        Assert.Equal("connect", (string)events["items"]![0]!["kind"]!);
        Assert.Equal("room again", (string)events["items"]!.AsArray()[^1]!["text"]!);
    }

    [Fact]
    public async Task A_line_that_was_cut_short_hides_nothing_that_was_written_before_it()
    {
        using HttpClient api = _appliance.Operator();
        Connect(Id);
        await UntilAsync(() => File.Exists(Transcript(Id)));
        await File.AppendAllTextAsync(Transcript(Id), "{\"time\":\"2026-01-01T00:00", Cancellation);
        JsonNode events = (await api.GetFromJsonAsync<JsonNode>($"sessions/{Id}/events", Cancellation))!;
        Assert.Equal("connect", (string)Assert.Single(events["items"]!.AsArray())!["kind"]!);
    }

    private static void Fill(string file)
    {
        using FileStream stream = new(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        byte[] page = new byte[4096];
        try
        {
            while (true)
            {
                stream.Write(page);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string Transcript(string id) => Path.Combine(_disk, "by-id", id, SessionFolder.Events);

    private void Connect(string id) =>
        Archive.Record(id, new SessionEvent(DateTimeOffset.UnixEpoch, "connect", Protocol: "ssh", Source: "[2001:db8::7]:4711", Destination: "192.0.2.22:22"));
}
