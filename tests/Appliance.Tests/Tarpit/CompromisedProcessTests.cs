using System.Globalization;
using System.Text.Json;
using Blackwall.Kernel.Confinement;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>Somebody runs code of his own in the place of the tarpit, confined as the tarpit is: what he reaches.</summary>
public sealed class CompromisedProcessTests : IDisposable
{
    private const int StateMegabytes = 8;

    private readonly string _state = Directory.CreateTempSubdirectory("blackwall-host-").FullName;

    public CompromisedProcessTests() => File.WriteAllText(Path.Combine(_state, "admin.key"), "secret");

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task He_reads_no_file_of_the_host_makes_no_socket_and_starts_nothing()
    {
        IReadOnlyDictionary<string, string> confined = await RunAsync("confined");
        Assert.Equal("done", confined["seal"]);
        string[] reached = [.. confined.Where(attempt => attempt.Value is not "refused" && attempt.Key is not ("seal" or "see processes" or "fill" or "priority")).Select(attempt => $"{attempt.Key}: {attempt.Value}")];
        Assert.Empty(reached);
        Assert.True(confined.Count > 30);
    }

    [Fact]
    public async Task He_sees_no_process_but_his_own_and_fills_no_disk()
    {
        IReadOnlyDictionary<string, string> confined = await RunAsync("confined");
        Assert.Equal("1", confined["see processes"]);
        Assert.InRange(long.Parse(confined["fill"], CultureInfo.InvariantCulture), 1, StateMegabytes);
    }

    [Fact]
    public async Task What_he_computes_comes_after_all_else_that_the_machine_does()
    {
        IReadOnlyDictionary<string, string> confined = await RunAsync("confined");
        Assert.Equal("10", confined["priority"]);
        Assert.Equal(File.ReadAllText("/proc/thread-self/stat").Split(") ")[1].Split(' ')[16], (await RunAsync("free"))["priority"]);
    }

    [Fact]
    public async Task Without_the_confinement_the_same_attempts_reach_the_host()
    {
        IReadOnlyDictionary<string, string> free = await RunAsync("free");
        Assert.All(
            new[] { "read /etc/passwd", "read /etc/shadow", $"read {_state}/admin.key", "socket inet", "socket unix", "socket netlink", "fork", $"write {_state}/evil", "write /tmp/evil" },
            attempt => Assert.Equal("done", free[attempt]));
        Assert.DoesNotContain(free, attempt => attempt.Value is "refused" && attempt.Key.StartsWith("socket ", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyDictionary<string, string>> RunAsync(string how)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Intruder.dll");
        string dotnet = Path.Combine(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../..")), "dotnet");
        using ConfinedProcess process = await ConfinedProcess.StartAsync(
            dotnet, [program, how, _state, StateMegabytes.ToString(CultureInfo.InvariantCulture)], ConfinedStart.Environments(512L << 20), []);
        Dictionary<string, string> results = new(StringComparer.Ordinal);
        byte[] buffer = new byte[4096];
        int length;
        while ((length = await process.Channel.ReceiveAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            string[] attempt = JsonSerializer.Deserialize<string[]>(buffer.AsSpan(0, length))!;
            results[attempt[0]] = attempt[1];
        }

        Assert.Equal(0, await process.Ended);
        return results;
    }
}
