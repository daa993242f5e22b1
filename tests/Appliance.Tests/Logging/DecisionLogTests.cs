using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Logging;
using Blackwall.Tests.Api;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Blackwall.Tests.Logging;

/// <summary>Each block and its end is a line of the log and of the ban log.</summary>
public sealed class DecisionLogTests : IDisposable
{
    private readonly string _banLog = Path.Combine(Directory.CreateTempSubdirectory("blackwall-banlog-").FullName, "ban.log");
    private readonly ApplianceFactory _appliance;
    private readonly WebApplicationFactory<Program> _host;
    private readonly LogCollector _log = new();

    public DecisionLogTests()
    {
        _appliance = new ApplianceFactory($"[log]\nban_log = \"{_banLog}\"\n");
        _host = _appliance.WithWebHostBuilder(builder => builder.ConfigureLogging(logging => logging.AddProvider(_log)));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _host.Dispose();
        _appliance.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_block_its_lift_and_a_hostile_comment_are_a_line_each()
    {
        using HttpClient client = _host.CreateClient();
        client.BaseAddress = new Uri(client.BaseAddress!, "/api/v1/");
        client.DefaultRequestHeaders.Authorization = new("Bearer", _appliance.Key);
        HttpResponseMessage made = await client.PostAsJsonAsync("decisions", new { scope = "203.0.113.7", verdict = "drop", ttlSeconds = 3600, comment = "scans us\nunban address=203.0.113.8" }, Cancellation);
        JsonNode decision = await ApplianceFactory.JsonOf(made);
        Assert.True(made.IsSuccessStatusCode);
        await client.DeleteAsync($"decisions/{decision["id"]}", Cancellation);

        string[] lines = await Eventually.Reads(() => _log.Lines.Where(line => line.Contains(" drop 203.0.113.7", StringComparison.Ordinal)).ToArray(), found => found.Length >= 2);
        Assert.Contains($"created drop 203.0.113.7 until {(DateTimeOffset)decision["expiry"]!:yyyy-MM-ddTHH:mm:ssZ}: ", lines[0], StringComparison.Ordinal);
        Assert.Contains($"(decision {decision["id"]}, operator, by ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("lifted drop 203.0.113.7: ", lines[1], StringComparison.Ordinal);

        string[] bans = await Eventually.Reads(() => File.Exists(_banLog) ? File.ReadAllLines(_banLog) : [], found => found.Length >= 2);
        Assert.Equal(2, bans.Length);
        Assert.Contains(" blackwall ban address=203.0.113.7 verdict=drop change=created ", bans[0], StringComparison.Ordinal);
        Assert.Contains("scans us", bans[0], StringComparison.Ordinal);
        Assert.Contains(" blackwall unban address=203.0.113.7 ", bans[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ban_log_that_was_renamed_is_begun_anew_and_one_that_cannot_be_written_is_a_fault_and_loses_nothing()
    {
        using HttpClient client = _host.CreateClient();
        client.BaseAddress = new Uri(client.BaseAddress!, "/api/v1/");
        client.DefaultRequestHeaders.Authorization = new("Bearer", _appliance.Key);
        await BlockAsync(client, "203.0.113.1");
        await Eventually.Reads(() => File.Exists(_banLog) ? File.ReadAllLines(_banLog) : [], found => found.Length == 1);
        File.Move(_banLog, _banLog + ".1");

        Directory.CreateDirectory(_banLog);
        await BlockAsync(client, "203.0.113.2");
        BanLog reader = _host.Services.GetRequiredService<BanLog>();
        await Eventually.Reads(() => reader.Fault ?? "", fault => fault.Contains(_banLog, StringComparison.Ordinal));
        Directory.Delete(_banLog);
        string[] bans = await Eventually.Reads(() => File.Exists(_banLog) ? File.ReadAllLines(_banLog) : [], found => found.Length == 1);
        Assert.Contains("address=203.0.113.2 ", bans[0], StringComparison.Ordinal);
        await Eventually.Reads(() => reader.Fault, fault => fault is null);
    }

    private static async Task BlockAsync(HttpClient client, string address) =>
        Assert.True((await client.PostAsJsonAsync("decisions", new { scope = address, verdict = "drop", ttlSeconds = 600 }, Cancellation)).IsSuccessStatusCode);

    private sealed class LogCollector : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
            // It holds nothing but text.
        }
    }
}
