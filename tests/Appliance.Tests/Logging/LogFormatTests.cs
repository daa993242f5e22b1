using Blackwall.Events;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Logging;

/// <summary>Nothing that an attacker sends begins a line, ends a value or makes a field.</summary>
public sealed class LogFormatTests
{
    public static readonly TheoryData<string> Hostile =
    [
        "root\n2026-01-01T00:00:00.000Z info decisions: lifted drop 203.0.113.7",
        "root\r\nX",
        "a\u2028b\u2029c\u0085d",
        "\u001b[2J\u001b[1;31mred",
        "\u202egnp.exe",
        "nul\0byte",
        "\"quoted\" and \\ back",
        "{\"level\":\"info\"}",
        "\ud800 lone surrogate",
    ];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_line_stays_one_line(string hostile)
    {
        using StringWriter output = new();
        new LineFormatter(_time).Write(Entry(hostile), null, output);
        string line = output.ToString();
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        Assert.StartsWith("2026-11-30T12:00:00.000Z warning tarpit: user ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line[..^1], c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202e');
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void An_object_stays_one_object_with_the_value_in_its_field(string hostile)
    {
        using StringWriter output = new();
        new JsonFormatter(_time).Write(Entry(hostile), null, output);
        string line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        JsonNode entry = JsonNode.Parse(line)!;
        Assert.Equal(["time", "level", "feature", "id", "message", "fields"], entry.AsObject().Select(field => field.Key));
        Assert.Equal("warning", (string)entry["level"]!);
        Assert.Equal(OneLine.Clean(hostile), (string)entry["fields"]!["userName"]!);
        Assert.Single(entry["fields"]!.AsObject());
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_journal_entry_has_no_field_that_the_value_made(string hostile)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("blackwall-journal-").FullName, "socket");
        using Socket journal = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        journal.Bind(new UnixDomainSocketEndPoint(path));
        using JournalProvider provider = JournalProvider.TryOpen(path)!;
        provider.CreateLogger("Blackwall.Tarpit.Session").Log(LogLevel.Error, new EventId(7), Values(hostile), null, (values, _) => $"user {values[0].Value}");
        byte[] datagram = new byte[65_536];
        int length = await journal.ReceiveAsync(datagram, TestContext.Current.CancellationToken);
        string[] lines = Encoding.UTF8.GetString(datagram, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "BLACKWALL_FEATURE", "BLACKWALL_LOG_ID", "BLACKWALL_USER_NAME"],
            lines.Select(line => line.Split('=')[0]));
        Assert.Contains("PRIORITY=3", lines);
    }

    [Fact]
    public void A_value_with_line_ends_is_framed_by_its_length()
    {
        byte[] expected = [.. "A\n"u8, 3, 0, 0, 0, 0, 0, 0, 0, .. "x\ny\n"u8, .. "B=z\n"u8];
        Assert.Equal(expected, new JournalMessage().Add("A", "x\ny").Add("B", "z").ToBytes().ToArray());
    }

    [Fact]
    public void Without_a_journal_there_is_none() => Assert.Null(JournalProvider.TryOpen("/nowhere/socket"));

    [Fact]
    public void What_cannot_forge_anything_is_left_as_it_is()
    {
        Assert.Equal("größe 漢字 'x' 100 %", OneLine.Clean("größe 漢字 'x' 100 %"));
        Assert.Equal("\"a \\\"b\\\" \\\\c\"", OneLine.Quote("a \"b\" \\c"));
        Assert.Equal(OneLine.Longest + 1, OneLine.Clean(new string('a', 100_000)).Length);
    }

    private static LogEntry<IReadOnlyList<KeyValuePair<string, object?>>> Entry(string value) =>
        new(LogLevel.Warning, "Blackwall.Tarpit.Session", new EventId(7), Values(value), null, (values, _) => $"user {values[0].Value}");

    private static IReadOnlyList<KeyValuePair<string, object?>> Values(string value) => [new("UserName", value), new("{OriginalFormat}", "user {UserName}")];
}
