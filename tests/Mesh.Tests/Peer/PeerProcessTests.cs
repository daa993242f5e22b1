using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Tests.Mesh.Interop;
using Xunit;

namespace Blackwall.Tests.Mesh.Peer;

/// <summary>The verb as an operator runs it: the appliance's program, in a process of its own.</summary>
public sealed class PeerProcessTests
{
    private static readonly string Program = RepositoryRoot.File("src", "Appliance", "bin", Configuration, "net10.0", "blackwall-appliance.dll");

    private static string Configuration => AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ed25519", "TERM")]
    [InlineData("secp256k1", "INT")]
    [InlineData("rsa", "TERM")]
    public async Task Js_meets_it_in_a_topic_and_gets_its_echo_and_a_signal_ends_it(string keyType, string signal)
    {
        using Process peer = Start("--listen", "/ip4/127.0.0.1/tcp/0", "--listen", "/ip6/::1/tcp/0", "--key-type", keyType, "--topic", "news", "--topic", "more", "--echo");
        Task<string> errors = peer.StandardError.ReadToEndAsync(Cancellation);
        JsonObject ready = await EventAsync(peer, "ready");
        string[] addresses = [.. ready["multiaddrs"]!.AsArray().Select(address => address!.GetValue<string>())];
        Assert.Equal(2, addresses.Length);
        Assert.All(addresses, address => Assert.EndsWith("/p2p/" + ready["peerId"]!.GetValue<string>(), address, StringComparison.Ordinal));

        await using JsPeer js = await JsPeer.StartAsync(new { gossip = new { } });
        await js.AskAsync("dial", new { address = addresses[0] });
        JsonObject connection = await EventAsync(peer, "connection");
        Assert.Equal((js.Id.ToString(), "inbound", "ed25519"), (connection["peer"]!.GetValue<string>(), connection["direction"]!.GetValue<string>(), connection["keyType"]!.GetValue<string>()));
        Assert.StartsWith("js-libp2p/", (await EventAsync(peer, "identify"))["agentVersion"]!.GetValue<string>(), StringComparison.Ordinal);
        await js.AskAsync("subscribe", new { topic = "news" });
        JsonObject subscription = await EventAsync(peer, "subscription");
        Assert.Equal(("news", true), (subscription["topic"]!.GetValue<string>(), subscription["subscribed"]!.GetValue<bool>()));
        await EventAsync(peer, "graft");

        // Both sides must know of the mesh: who publishes before it hears of us tells nobody.
        await js.EventAsync("graft");
        await js.AskAsync("publish", new { topic = "news", data = "hello, wörld" });
        JsonObject message = await EventAsync(peer, "message");
        Assert.Equal(
            ("news", js.Id.ToString(), "hello, wörld", "hello, wörld"),
            (message["topic"]!.GetValue<string>(), message["from"]!.GetValue<string>(), message["text"]!.GetValue<string>(), Encoding.UTF8.GetString(Convert.FromBase64String(message["data"]!.GetValue<string>()))));
        await js.EventAsync("message", told => Encoding.UTF8.GetString(Convert.FromBase64String(told["data"]!.GetValue<string>())) is "echo:hello, wörld");

        using (var kill = Process.Start("kill", ["-" + signal, peer.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(Cancellation);
        }

        string rest = await peer.StandardOutput.ReadToEndAsync(Cancellation);
        await peer.WaitForExitAsync(Cancellation);
        Assert.Equal((0, ""), (peer.ExitCode, await errors));
        Assert.EndsWith("\n", rest, StringComparison.Ordinal);
        Assert.All(rest.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonNode.Parse(line));
    }

    [Fact]
    public async Task It_connects_with_the_peer_that_it_was_told_and_tells_when_another_answers()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        await using JsPeer other = await JsPeer.StartAsync();
        string wrong = js.Address.WithPeer(other.Id).ToString();
        using Process peer = Start("--dial", wrong, "--dial", other.Address.ToString());
        JsonObject error = await EventAsync(peer, "error");
        Assert.Equal(wrong, error["address"]!.GetValue<string>());
        Assert.Contains(js.Id.ToString(), error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await other.EventAsync("connection");
        Assert.Empty(js.Events("identify"));
        peer.Kill();
        await peer.WaitForExitAsync(Cancellation);
    }

    [Theory]
    [InlineData(2, "--listen", "nowhere")]
    [InlineData(2, "--unknown", "")]
    [InlineData(1, "--listen", "/ip4/192.0.2.1/tcp/1")]
    public async Task What_it_cannot_do_ends_it_with_words(int exitCode, params string[] arguments)
    {
        using Process peer = Start(arguments);
        string errors = await peer.StandardError.ReadToEndAsync(Cancellation);
        await peer.WaitForExitAsync(Cancellation);
        Assert.Equal(exitCode, peer.ExitCode);
        Assert.Contains(arguments[exitCode == 1 ? 1 : 0], errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_publishes_and_looks_for_peers_when_told_on_standard_input()
    {
        using Process peer = Start("--topic", "news", "--kad-prefix", "/blackwall/kad/1.0.0");
        JsonObject ready = await EventAsync(peer, "ready");
        using Process other = Start("--topic", "news", "--kad-prefix", "/blackwall/kad/1.0.0", "--dial", ready["multiaddrs"]![0]!.GetValue<string>());
        await EventAsync(other, "graft");
        await other.StandardInput.WriteLineAsync("{\"publish\":{\"topic\":\"news\",\"text\":\"hello\"}}");
        await EventAsync(other, "published");
        Assert.Equal("hello", (await EventAsync(peer, "message"))["text"]!.GetValue<string>());
        await other.StandardInput.WriteLineAsync("{\"findPeer\":\"" + ready["peerId"]!.GetValue<string>() + "\"}");
        Assert.NotEmpty((await EventAsync(other, "found"))["multiaddrs"]!.AsArray());
        await other.StandardInput.WriteLineAsync("{\"closest\":\"" + ready["peerId"]!.GetValue<string>() + "\"}");
        await EventAsync(other, "closest");
        await AskAsync(other, "{\"ping\":\"" + ready["peerId"]!.GetValue<string>() + "\"}");
        Assert.Equal(ready["peerId"]!.GetValue<string>(), (await EventAsync(other, "pong"))["peer"]!.GetValue<string>());
        await AskAsync(other, """{"putValue":{"key":"/blackwall/greeting","text":"hello"}}""");
        Assert.Equal(1, (await EventAsync(other, "stored"))["peers"]!.GetValue<int>());
        await AskAsync(peer, """{"getValue":"/blackwall/greeting"}""");
        Assert.Equal("hello", (await EventAsync(peer, "value"))["text"]!.GetValue<string>());
        await AskAsync(peer, """{"getValue":"/blackwall/nothing"}""");
        Assert.False((await EventAsync(peer, "value"))["found"]!.GetValue<bool>());
        string key = Convert.ToBase64String([0x12, 0x20, .. System.Security.Cryptography.SHA256.HashData("a file"u8)]);
        await AskAsync(other, "{\"provide\":\"" + key + "\"}");
        Assert.Equal(1, (await EventAsync(other, "provided"))["peers"]!.GetValue<int>());
        await AskAsync(peer, "{\"providers\":\"" + key + "\"}");
        Assert.Single((await EventAsync(peer, "providers"))["peers"]!.AsArray());

        // What was refused is told with the rest.
        await AskAsync(other, """{"putValue":{"key":"/other/greeting","text":"hello"}}""");
        Assert.Contains("/other/greeting", (await EventAsync(other, "error"))["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await AskAsync(peer, """{"stats":true}""");
        JsonObject stats = await EventAsync(peer, "stats");
        Assert.Equal((1, 1), (stats["connections"]!.GetValue<int>(), stats["gossip"]!["accepted"]!.GetValue<int>()));
        Assert.True(stats["kad"]!["answered"]!.GetValue<int>() > 0);
        Assert.Equal(0, stats["host"]!["connectionRefused"]!.GetValue<int>());
        Assert.Single(stats["scores"]!.AsObject());
        await other.StandardInput.WriteLineAsync("nonsense");
        Assert.Contains("standard input", (await EventAsync(other, "error"))["message"]!.GetValue<string>(), StringComparison.Ordinal);
        foreach (Process process in new[] { peer, other })
        {
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
        }
    }

    [Fact]
    public async Task An_identity_of_another_kind_than_asked_for_is_refused()
    {
        string file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
        Blackwall.Mesh.Libp2p.Identity.IdentityFile.LoadOrCreate(file, Blackwall.Mesh.Libp2p.Keys.KeyType.Secp256k1).Dispose();
        using Process refused = Start("--identity", file, "--key-type", "ed25519");
        Assert.Contains("secp256k1", await refused.StandardError.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        await refused.WaitForExitAsync(Cancellation);
        Assert.Equal(1, refused.ExitCode);
        using Process taken = Start("--identity", file);
        await EventAsync(taken, "ready");
        taken.Kill();
        await taken.WaitForExitAsync(Cancellation);
        File.Delete(file);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_it_with_a_code_of_its_own()
    {
        // A dial that fails again and again makes it write again and again.
        using Process peer = Start("--dial", "/ip4/127.0.0.1/tcp/1");
        await EventAsync(peer, "ready");
        peer.StandardOutput.Close();
        string errors = await peer.StandardError.ReadToEndAsync(Cancellation);
        await peer.WaitForExitAsync(Cancellation);
        Assert.Equal(3, peer.ExitCode);
        Assert.Contains("standard output", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_standard_output_it_says_so_and_ends()
    {
        using var peer = Process.Start(new ProcessStartInfo("bash", ["-c", "exec dotnet \"$0\" mesh peer >&-", Program]) { UseShellExecute = false, RedirectStandardError = true })!;
        string errors = await peer.StandardError.ReadToEndAsync(Cancellation);
        await peer.WaitForExitAsync(Cancellation);
        Assert.Equal(3, peer.ExitCode);
        Assert.Contains("standard output", errors, StringComparison.Ordinal);
    }

    // What runs in the background of a script ignores SIGINT, and so does what it starts.
    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("env", ["--default-signal=INT,TERM,HUP", "dotnet", Program, "mesh", "peer", .. arguments]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static Task AskAsync(Process peer, string command) => peer.StandardInput.WriteLineAsync(command);

    private static async Task<JsonObject> EventAsync(Process peer, string name)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, Cancellation);
        List<string> told = [];
        while (await peer.StandardOutput.ReadLineAsync(both.Token) is { } line)
        {
            told.Add(line);
            JsonObject found = JsonNode.Parse(line)!.AsObject();
            if (string.Equals(found["event"]!.GetValue<string>(), name, StringComparison.Ordinal))
            {
                return found;
            }
        }

        throw new EndOfStreamException($"No event '{name}' among\n{string.Join('\n', told)}");
    }
}
