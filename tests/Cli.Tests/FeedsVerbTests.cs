using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>"feeds" against an appliance, with a server that has one list.</summary>
public sealed class FeedsVerbTests : CliFixture
{
    private const string List = "45.0.0.1 # botnet\n45.1.0.0/16\n10.0.0.0/8\nnonsense\n";

    private async Task Becomes(string name, string state)
    {
        while (!string.Equals((string?)JsonNode.Parse((await Run("feeds", "show", name, "--json")).Output)!["state"], state, StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }

    [Fact]
    public async Task A_feed_is_made_tried_refreshed_changed_paused_and_removed()
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        using CancellationTokenSource over = new();
        Task serving = ServeAsync(server, over.Token);
        string url = $"http://{server.LocalEndpoint}/list";
        Assert.Equal((0, "Made the feed 'mine' (drop); 'blackwall feeds show mine' tells how it does.\n", ""), await Run("feeds", "add", "mine", "--feed-url", url, "--format", "plain", "--action", "drop", "--score", "60"));
        await Becomes("mine", "current");
        Assert.Matches(@"\nmine +attackers +drop +current +2 +2 ", (await Run("feeds")).Output);
        (int code, string tried, string error) = await Run("feeds", "try", "mine");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("dry-run: Nothing has changed: this is what would. 2 entries, 0 added, 0 removed, 1 rows invalid, 1 entries refused, 0 left out for an allow list.\n  row 4: no entry, 8 bytes\n  10.0.0.0/8: private or reserved (10.0.0.0/8)\n", tried, StringComparison.Ordinal);
        Assert.StartsWith("updated: The list is in force. 2 entries, 0 added, 0 removed", (await Run("feeds", "refresh", "mine")).Output, StringComparison.Ordinal);
        Assert.Matches(@"\n.* +updated +2 +", (await Run("feeds", "runs", "mine")).Output);
        Assert.StartsWith("The list in force has 2 entries.\n", (await Run("feeds", "impact", "mine")).Output, StringComparison.Ordinal);
        Assert.Matches("mine +45.0.0.1 +attacks: botnet", (await Run("why", "45.0.0.1")).Output);

        // What is not said stays.
        Assert.Equal((0, "Changed the feed 'mine': current, rate-limit.\n", ""), await Run("feeds", "change", "mine", "--action", "rate-limit"));
        JsonNode feed = JsonNode.Parse((await Run("feeds", "show", "mine", "--json")).Output)!;
        Assert.Equal((60, "plain", url, "rate-limit"), ((int)feed["score"]!, (string?)feed["format"], (string?)feed["url"], (string?)feed["action"]));
        Assert.Equal((0, "Changed the feed 'mine': off, rate-limit.\n", ""), await Run("feeds", "pause", "mine"));
        Assert.DoesNotContain("botnet", (await Run("why", "45.0.0.1")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Run("feeds", "resume", "mine")).Code);
        await Becomes("mine", "current");

        // Its server dies: the verb says so, and fails.
        await over.CancelAsync();
        server.Stop();
        await serving;
        (code, tried, error) = await Run("feeds", "refresh", "mine");
        Assert.Equal(1, code);
        Assert.StartsWith("failed: ", tried, StringComparison.Ordinal);
        Assert.Contains("stays in force until", error, StringComparison.Ordinal);
        Assert.Equal((0, "Removed the feed 'mine' and what it claimed.\n", ""), await Run("feeds", "remove", "mine"));
        Assert.Equal(1, (await Run("feeds", "show", "mine")).Code);
    }

    [Fact]
    public async Task The_catalogue_is_shown_and_a_feed_that_cannot_be_is_refused_with_its_field()
    {
        Assert.Matches(@"\nspamhaus-drop +no +.*https://", (await Run("feeds", "catalogue")).Output);
        (int code, _, string error) = await Run("feeds", "add", "x", "--feed-url", "http://lists.example/x");
        Assert.Equal(1, code);
        Assert.Contains("url", error, StringComparison.Ordinal);
    }

    private static async Task ServeAsync(TcpListener server, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await server.AcceptTcpClientAsync(cancellation);
                NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
                while (await reader.ReadLineAsync(cancellation) is { Length: > 0 })
                {
                    // The head of the request.
                }

                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {List.Length}\r\nConnection: close\r\n\r\n{List}"), cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
