using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Blackwall.Tests.Mesh.Interop;

/// <summary>The diagnostic peer with js-libp2p: what it tells, and its echo.</summary>
public sealed class JsMeshPeerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("spec", "secp256k1")]
    [InlineData("sha256", "ed25519")]
    public async Task It_tells_of_messages_and_answers_them_and_ends_with_zero(string messageId, string keyType)
    {
        await using MeshPeerProcess ours = MeshPeerProcess.Start(
            [], "--listen", "/ip4/127.0.0.1/tcp/0", "--topic", "one", "--topic", "two", "--echo", "--message-id", messageId, "--key-type", keyType, "--kad-prefix", "/lab/kad/1.0.0");
        JsonObject ready = await ours.EventAsync("ready", Cancellation);
        await using JsPeer js = await JsPeer.StartAsync(new { listen = "", messageId, gossip = new { }, kad = "/lab/kad/1.0.0" });
        await js.AskAsync("subscribe", new { topic = "two" });
        await js.AskAsync("dial", new { address = ready["multiaddrs"]![0]!.GetValue<string>() });
        JsonObject subscription = await ours.EventAsync("subscription", Cancellation);
        Assert.Equal((js.Id.ToString(), "two", true), (subscription["peer"]!.GetValue<string>(), subscription["topic"]!.GetValue<string>(), subscription["subscribed"]!.GetValue<bool>()));
        JsonObject graft = await ours.EventAsync("graft", Cancellation);
        Assert.Equal((js.Id.ToString(), "two"), (graft["peer"]!.GetValue<string>(), graft["topic"]!.GetValue<string>()));

        // Both sides must know of the mesh: who publishes before it hears of us tells nobody.
        await js.EventAsync("graft");
        await js.AskAsync("publish", new { topic = "two", data = "hello" });
        JsonObject message = await ours.EventAsync("message", Cancellation);
        Assert.Equal("hello", message["text"]!.GetValue<string>());
        Assert.Equal("hello", Encoding.UTF8.GetString(Convert.FromBase64String(message["data"]!.GetValue<string>())));
        Assert.Equal(js.Id.ToString(), message["from"]!.GetValue<string>());
        Assert.True(ulong.TryParse(message["seqno"]!.GetValue<string>(), out _));
        Assert.Equal(messageId is "spec" ? 92 : 40, message["id"]!.GetValue<string>().Length);

        JsonObject echo = await js.EventAsync("message");
        Assert.Equal("echo:hello", Encoding.UTF8.GetString(Convert.FromBase64String(echo["data"]!.GetValue<string>())));
        Assert.Equal(ready["peerId"]!.GetValue<string>(), echo["from"]!.GetValue<string>());

        // What is an echo already is told and not answered: the next answer is that to the next message.
        await js.AskAsync("publish", new { topic = "two", data = "echo:no" });
        await js.AskAsync("publish", new { topic = "two", data = "again" });
        await js.CountAsync("message", 2);
        Assert.Equal("echo:again", Encoding.UTF8.GetString(Convert.FromBase64String(js.Events("message")[1]["data"]!.GetValue<string>())));
        await js.AskAsync("unsubscribe", new { topic = "two" });
        Assert.Equal("unsubscribed", (await ours.EventAsync("prune", Cancellation))["reason"]!.GetValue<string>());
        Assert.Equal(0, await ours.TerminateAsync(Cancellation));
    }
}
