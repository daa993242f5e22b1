using System.Globalization;
using System.Security.Cryptography;
using Blackwall.Sessions;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>How old sessions make room for new ones.</summary>
public sealed class SessionRoomTests : IDisposable
{
    private const int Most = 100;
    private const int Sessions = 3000;

    private readonly ApplianceFactory _appliance = new("[sessions]\nmax_sessions = 100\n");

    private SessionArchive Archive => _appliance.Services.GetRequiredService<SessionArchive>();

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task Many_more_sessions_than_are_kept_are_all_recorded_and_the_newest_stay()
    {
        byte[] shared = "what several brought"u8.ToArray(), own = "what one brought"u8.ToArray();
        SessionFolder folder = _appliance.Services.GetRequiredService<SessionFolder>();
        for (int i = 0; i < Sessions; i++)
        {
            Record(i, "connect");
            if (i is 0 or Sessions - 1)
            {
                Save(i, shared);
            }

            if (i == 1)
            {
                Save(i, own);
            }

            Record(i, "close");
        }

        while (Archive.Read() is var read && (read["kept"] > Most || read["events"] < (2 * Sessions) + 3 || read["open"] > 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, Archive.Read()["lost"]);
        Assert.Equal(Most, Archive.Read()["kept"]);
        Assert.NotNull(Archive.Find(Id(Sessions - 1)));
        Assert.NotNull(Archive.Find(Id(Sessions - Most)));
        Assert.Null(Archive.Find(Id(Sessions - Most - 1)));
        Assert.False(Directory.Exists(Path.GetDirectoryName(folder.PathOf(Id(0), SessionFolder.Summary))));
        Assert.True(File.Exists(folder.FileOf(Hash(shared))));
        Assert.False(File.Exists(folder.FileOf(Hash(own))));

        // What is counted is what is there.
        Assert.Equal(folder.Measure(), Archive.Read()["bytes"]);
    }

    [Fact]
    public async Task Sessions_go_when_they_are_as_old_as_is_set()
    {
        using ApplianceFactory appliance = new("[sessions]\nmax_days = 30\n");
        SessionArchive archive = appliance.Services.GetRequiredService<SessionArchive>();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        foreach ((int number, int days) in new[] { (1, 31), (2, 29) })
        {
            archive.Record(Id(number), Event("connect", now.AddDays(-days)));
            archive.Record(Id(number), Event("close", now.AddDays(-days)));
        }

        while (archive.Read() is var read && (read["kept"] > 1 || read["events"] < 4))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Null(archive.Find(Id(1)));
        Assert.NotNull(archive.Find(Id(2)));

        static SessionEvent Event(string kind, DateTimeOffset time) => new(time, kind, Protocol: "ssh", Source: "192.0.2.7:4711", Destination: "192.0.2.22:22");
    }

    [Fact]
    public async Task A_session_that_is_removed_is_in_no_log()
    {
        string log = Path.Combine(_appliance.Services.GetRequiredService<SessionFolder>().Path, "cowrie.json");
        foreach (int number in new[] { 1, 2 })
        {
            Record(number, "connect");
            Archive.Record(Id(number), new SessionEvent(TimeProvider.System.GetUtcNow(), "login", User: "root", Secret: $"secret {number} \"session\":\"{Id(3 - number)}\"", Success: true));
            Archive.Record(Id(number), new SessionEvent(TimeProvider.System.GetUtcNow(), "command", Text: $"echo {number} > {new string('x', 300_000)}"));
            Record(number, "close");
        }

        while (!Archive.Read().TryGetValue("events", out long events) || events < 8 || Archive.Read()["open"] > 0 || !File.Exists(log) || await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken) is var early && early.Count(c => c == '\n') < 8)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        string[] before = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
        Assert.Contains(before, line => line.Contains("secret 1", StringComparison.Ordinal));
        Assert.True(await Archive.RemoveAsync(Id(1), TestContext.Current.CancellationToken));
        string[] after = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
        Assert.Equal(before.Select(line => line.Length), after.Select(line => line.Length));
        Assert.Equal(before.Where(line => line.Contains($"\"session\":\"{Id(2)}\"", StringComparison.Ordinal)), after.Where(line => !line.Contains("blackwall.session.deleted", StringComparison.Ordinal)));
        Assert.Equal(4, after.Count(line => line.TrimEnd() is "{\"eventid\":\"blackwall.session.deleted\"}"));
    }

    [Theory]
    [InlineData(false, "a\\r\\nb\\r\\n")]
    [InlineData(true, "a\\nb\\r\\n")]
    public async Task Lines_of_a_session_without_a_terminal_end_as_on_one(bool hasTerminal, string recorded)
    {
        SessionFolder folder = _appliance.Services.GetRequiredService<SessionFolder>();
        Record(1, "connect");
        if (hasTerminal)
        {
            Record(1, "terminal");
        }

        Archive.RecordTerminal(Id(1), isInput: false, "a\nb\r\n"u8.ToArray());
        string path = folder.PathOf(Id(1), SessionFolder.Terminal);
        while (!File.Exists(path) || !(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).EndsWith("]\n", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Contains($"\"{recorded}\"", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private void Save(int number, byte[] content)
    {
        Record(number, "upload", Hash(content));
        Archive.SaveFile(Id(number), Hash(content), content);
    }

    private void Record(int number, string kind, string? hash = null) => Archive.Record(
        Id(number), new SessionEvent(DateTimeOffset.UnixEpoch.AddSeconds(number), kind, Protocol: "ssh", Source: "192.0.2.7:4711", Destination: "192.0.2.22:22", Sha256: hash));

    private static string Id(int number) => number.ToString("x12", CultureInfo.InvariantCulture);

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
