using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>"sinks" against an appliance, with a syslog server that takes what it is sent.</summary>
public sealed class SinksVerbTests : CliFixture
{
    [Fact]
    public async Task A_sink_is_made_tested_changed_paused_and_removed()
    {
        using UdpClient server = new(new IPEndPoint(IPAddress.Loopback, 0));
        string url = $"udp://127.0.0.1:{((IPEndPoint)server.Client.LocalEndPoint!).Port}";
        Assert.Equal((0, "Made the sink 'siem'; 'blackwall sinks test siem' sends it an event.\n", ""), await Run("sinks", "add", "siem", "--kind", "syslog", "--url", url, "--format", "leef", "--event", "decision"));
        (int code, string told, string error) = await Run("sinks", "test", "siem");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("The sink took the event ", told, StringComparison.Ordinal);
        Assert.Contains("LEEF:2.0|Blackwall|", Encoding.UTF8.GetString((await server.ReceiveAsync(Cancellation)).Buffer), StringComparison.Ordinal);

        // What is not said stays.
        Assert.Equal(0, (await Run("sinks", "change", "siem", "--min-severity", "5")).Code);
        JsonNode sink = JsonNode.Parse((await Run("sinks", "show", "siem", "--json")).Output)!;
        Assert.Equal((5, "leef", "decision", url), ((int)sink["minSeverity"]!, (string?)sink["format"], (string?)sink["kinds"]![0], (string?)sink["url"]));
        Assert.Equal((0, "Changed the sink 'siem': stopped.\n", ""), await Run("sinks", "pause", "siem"));
        Assert.Contains("stopped", (await Run("sinks")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "Changed the sink 'siem': running.\n", ""), await Run("sinks", "resume", "siem"));
        Assert.Equal((0, "Nothing.\n", ""), await Run("sinks", "refused", "siem"));
        Assert.Equal((0, "The sink took 0, and refused 0 again.\n", ""), await Run("sinks", "retry", "siem"));
        Assert.Equal((0, "Removed the sink 'siem'.\n", ""), await Run("sinks", "remove", "siem"));
        Assert.Equal((1, "", "There is no sink of this name.\n"), await Run("sinks", "show", "siem"));
    }

    [Fact]
    public async Task A_secret_comes_from_a_file_and_is_never_shown()
    {
        string file = Write("hec.token", "secret-of-splunk\n");
        Assert.Equal(0, (await Run("sinks", "add", "splunk", "--kind", "hec", "--url", "http://127.0.0.1:9", "--token-file", file)).Code);
        (_, string shown, _) = await Run("sinks", "show", "splunk");
        Assert.Contains("stored, never shown", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-splunk", shown + (await Run("sinks", "show", "splunk", "--json")).Output, StringComparison.Ordinal);
        (int code, _, string error) = await Run("sinks", "test", "splunk");
        Assert.Equal(1, code);
        Assert.Contains("did not take the event", error, StringComparison.Ordinal);
        Assert.Equal(0, (await Run("sinks", "change", "splunk", "--acknowledge")).Code);
        Assert.Contains("It was given for another server", (await Run("sinks", "change", "splunk", "--url", "http://127.0.0.2:9")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_or_wrong_is_said()
    {
        Assert.StartsWith("A sink needs --kind.", (await Run("sinks", "add", "a")).Error, StringComparison.Ordinal);
        Assert.StartsWith("--kind must be one of hec, syslog, lines, elastic, webhook; got 'splunk'", (await Run("sinks", "add", "a", "--kind", "splunk", "--url", "https://a")).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be read from /nonexistent", (await Run("sinks", "add", "a", "--kind", "hec", "--url", "https://a", "--token-file", "/nonexistent")).Error, StringComparison.Ordinal);
        Assert.Contains("url", (await Run("sinks", "add", "a", "--kind", "syslog", "--url", "https://a")).Error, StringComparison.Ordinal);
    }
}
