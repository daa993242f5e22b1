using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Bridges.Tarpit;
using Blackwall.Kernel;
using Blackwall.Kernel.Confinement;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Sessions;
using Blackwall.Storage;
using Blackwall.Tarpit.HostChannel.Wire;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>What a process that is not ours any more may send to the host, and what comes of it.</summary>
public sealed class HostileChannelTests : IDisposable
{
    private const int LargestFile = 64 * 1024;

    private readonly ApplianceFactory _appliance = new("[tarpit]\nenabled = true\nisolation = \"none\"\n");
    private readonly Socket _ours;
    private readonly Socket _theirs;
    private readonly TarpitLink _link;
    private int _rounds;

    public HostileChannelTests()
    {
        (_ours, _theirs) = ConfinedProcess.MakeChannel();
        IServiceProvider services = _appliance.Services;
        _link = new TarpitLink(_ours, services.GetRequiredService<IWall>(), services.GetRequiredService<SessionArchive>(), services.GetRequiredService<TarpitTranslator>(), TimeProvider.System, LargestFile);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _link.Dispose();
        _theirs.Dispose();
        _ours.Dispose();
        _appliance.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0212000000000000")]
    [InlineData("01ff000000000000")]
    [InlineData("0101000000000000")]
    [InlineData("0102000000000000")]
    [InlineData("0103000000000000")]
    [InlineData("0104000000000000")]
    [InlineData("010f000000000000")]
    [InlineData("0180000000000000")]
    public async Task What_is_no_message_ends_the_channel(string hex)
    {
        byte[] message = hex.Length == 0 ? new byte[Frame.HeadLength + Frame.LargestPayload + 1] : Convert.FromHexString(hex);
        await _theirs.SendAsync(message, Cancellation);

        // A channel that is accepted to its end is no refusal either.
        _theirs.Dispose();
        Assert.False(await _link.RunAsync(Cancellation));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"kind\":\"unheard-of\"}")]
    [InlineData("{\"kind\":null}")]
    [InlineData("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]")]
    public async Task An_observation_that_is_none_is_counted_and_nothing_else(string json)
    {
        await SendAsync(FrameKind.Observation, Encoding.UTF8.GetBytes(json));
        Assert.Equal(1, _link.Rejected - _rounds);
    }

    [Fact]
    public async Task A_file_is_kept_only_under_the_hash_that_it_has()
    {
        SessionFolder folder = _appliance.Services.GetRequiredService<SessionFolder>();
        byte[] content = "content"u8.ToArray(), hash = SHA256.HashData(content), wrong = SHA256.HashData("other"u8);
        await SendAsync(FrameKind.Observation, "{\"kind\":\"connect\",\"protocol\":\"ssh\",\"source\":\"192.0.2.1:1\",\"destination\":\"192.0.2.2:22\"}"u8.ToArray());
        await SendAsync(FrameKind.FilePart, new FilePart(wrong, content.Length, 0, content).ToArray());
        await SendAsync(FrameKind.FilePart, new FilePart(hash, content.Length, 0, content).ToArray());
        while (!File.Exists(folder.FileOf(Convert.ToHexStringLower(hash))))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        Assert.False(File.Exists(folder.FileOf(Convert.ToHexStringLower(wrong))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.FileOf(Convert.ToHexStringLower(hash))));
    }

    [Fact]
    public async Task An_address_that_has_no_connection_to_the_tarpit_is_never_decided_about()
    {
        await SendAsync(FrameKind.Observation, "{\"kind\":\"connect\",\"protocol\":\"ssh\",\"source\":\"203.0.113.9:1\",\"destination\":\"192.0.2.2:22\"}"u8.ToArray());
        await SendAsync(FrameKind.Observation, "{\"kind\":\"login\",\"user\":\"root\",\"secret\":\"x\",\"success\":true}"u8.ToArray());
        await SendAsync(FrameKind.Observation, "{\"kind\":\"command\",\"text\":\"id\"}"u8.ToArray());
        await SendAsync(FrameKind.Observation, "{\"kind\":\"upload\",\"user\":\"root\",\"sha256\":\"00\",\"size\":1}"u8.ToArray());
        Address source = Address.Parse("203.0.113.9");
        IReadOnlyList<Evidence> seen = await _appliance.Services.GetRequiredService<EvidenceStore>().OfAsync(source, 10, Cancellation);
        Assert.Null(_appliance.Services.GetRequiredService<VerdictBoard>().Effective(Prefix.Host(source)));

        // What it says was heard, and weighs as what anybody can forge.
        Assert.Contains(seen, piece => piece is { Kind: "tarpit-exploit", Class: EvidenceClass.Spoofable });
    }

    [Fact]
    public async Task A_guesser_is_reported_once_a_minute_and_so_is_who_comes_beside_him()
    {
        foreach ((string source, int session) in new[] { ("[2001:db8::1]:1", 42), ("[2001:db8::2]:1", 43), ("[2001:db8:0:1::1]:1", 44) })
        {
            await SendAsync(FrameKind.Observation, Encoding.UTF8.GetBytes($"{{\"kind\":\"connect\",\"protocol\":\"ssh\",\"source\":\"{source}\",\"destination\":\"192.0.2.2:22\"}}"), session);
            for (int i = 0; i < 20; i++)
            {
                await SendAsync(FrameKind.Observation, "{\"kind\":\"login\",\"user\":\"root\",\"secret\":\"x\",\"success\":false}"u8.ToArray(), session);
            }
        }

        EvidenceStore store = _appliance.Services.GetRequiredService<EvidenceStore>();
        int[] counts = await Task.WhenAll(new[] { "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1" }.Select(async text => (await store.OfAsync(Address.Parse(text), 50, Cancellation)).Count));
        Assert.Equal([1, 0, 1], counts);
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_out_of_order_takes_no_memory()
    {
        byte[] hash = new byte[32];
        await SendAsync(FrameKind.FilePart, new FilePart(hash, LargestFile + 1, 0, "x"u8).ToArray());
        await SendAsync(FrameKind.FilePart, new FilePart(hash, 10, 5, "x"u8).ToArray());
        await SendAsync(FrameKind.FilePart, [.. hash, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(3, _link.Rejected - _rounds);
    }

    [Fact]
    public async Task A_question_about_a_flow_that_was_not_diverted_is_answered_with_nothing()
    {
        FlowQuestion question = new(7, IPEndPoint.Parse("192.0.2.1:4711"), IPEndPoint.Parse("[2001:db8::1]:22"));
        await SendAsync(FrameKind.OriginalQuestion, question.ToArray());
        byte[] buffer = new byte[1024];
        int length = await _theirs.ReceiveAsync(buffer, Cancellation);
        Assert.True(Frame.TryRead(buffer.AsSpan(0, length), out Frame answer));
        Assert.Equal(new FlowAnswer(7, null), FlowAnswer.TryRead(answer.Payload));
    }

    private async Task SendAsync(FrameKind kind, byte[] payload, int session = 42)
    {
        Task<bool> run = _link.RunAsync(Cancellation);
        await _theirs.SendAsync(new Frame(kind, session, payload).ToArray(), Cancellation);

        // The next message ends the round: what came before is dealt with.
        await _theirs.SendAsync(new byte[] { 0 }, Cancellation);
        Assert.False(await run);
        _rounds++;
    }
}
