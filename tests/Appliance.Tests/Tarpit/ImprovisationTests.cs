using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Blackwall.Bridges.Tarpit.Improvisation;
using Blackwall.Classification.Ollama;
using Blackwall.Lab.Servers;
using Blackwall.Storage;
using Blackwall.Tarpit.HostChannel;
using Blackwall.Tarpit.HostChannel.Wire;
using Blackwall.Tarpit.Improvisation;
using Blackwall.Tarpit.Improvisation.Wire;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>The host asks a model server for the tarpit, whatever either of them does.</summary>
public sealed class ImprovisationTests
{
    private static readonly ImprovisationQuestion s_question = new("lshw", ["-short"], OutputClass.Report, "root", "web-01", "Ubuntu 24.04.1 LTS", "6.8.0-45-generic", "/root", ["notes.txt"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Intruders_see_what_a_model_says_and_see_it_again_after_a_restart()
    {
        await using ModelServer model = new();
        model.Writer = question => question.Contains("program=pinky\n", StringComparison.Ordinal) && question.Contains("argv1=-l\n", StringComparison.Ordinal) ? ["key   va", "lue\nseed  7\n"] : [];
        using TarpitAppliance tarpit = new($"accept = \"always\"\ndelay_percent = 0\n[tarpit.llm]\nenabled = true\nendpoint = \"{model.Endpoint}\"\nanswer_ms = 10000");
        await tarpit.ServesAsync();
        Assert.Equal("key   value\nseed  7\n", await tarpit.SshAsync("pinky -l"));
        Assert.Equal(1, model.Asked);

        // The confined process is gone and with it what it remembers; the model says something else now.
        int before = tarpit.Supervisor.ProcessId;
        model.Writer = _ => ["other\n"];
        System.Diagnostics.Process.GetProcessById(before).Kill();
        await TarpitAppliance.UntilAsync(() => tarpit.Supervisor.ProcessId is not 0 and var now && now != before && tarpit.Supervisor.Fault is null);
        Assert.Equal("key   value\nseed  7\n", await tarpit.SshAsync("pinky -l"));
        Assert.Equal(1, model.Asked);
        JsonNode counters = (await tarpit.Api.GetFromJsonAsync<JsonNode>("stats", Cancellation))!["parts"]!["tarpit"]!;
        Assert.Equal((1, 1), ((int)counters["improvised"]!, (int)counters["improvisedAgain"]!));

        // No address, port or credential of anybody is in what the server was told.
        string told = Assert.Single(model.Requests);
        Assert.DoesNotContain("127.0.0.1:" + tarpit.Port, told, StringComparison.Ordinal);
        Assert.DoesNotContain("toor", told, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_server_that_misbehaves_gives_no_answer_and_is_left_alone_after_five(ModelFault fault)
    {
        await using Desk desk = new();
        desk.Server.Fault = fault;
        bool waits = fault is ModelFault.NeverAnswers or ModelFault.DripsHeaders or ModelFault.DripsBody or ModelFault.HalfCloses;
        for (uint number = 1; number <= 5; number++)
        {
            Assert.NotEqual(ImprovisationState.Whole, (await desk.AskAsync(number, s_question with { Arguments = [$"-{number}"] }, waits)).State);
        }

        Assert.NotNull(desk.Shared.Fault);
        long asked = desk.Server.Asked;
        Assert.Equal(ImprovisationState.Failed, (await desk.AskAsync(6, s_question, waits: false)).State);
        Assert.Equal(asked, desk.Server.Asked);
    }

    // An answer that is whole is text, however odd; the tarpit looks at it.
    public static TheoryData<ModelFault> Faults =>
    [
        ModelFault.ClosesAtOnce, ModelFault.Resets, ModelFault.NeverAnswers, ModelFault.DripsHeaders, ModelFault.DripsBody, ModelFault.ClosesAfterHeaders, ModelFault.ClosesWithinBody, ModelFault.HalfCloses,
        ModelFault.Garbage, ModelFault.EndlessHeaders, ModelFault.HugeBody, ModelFault.HugeBodyWithoutLength, ModelFault.EndlessText, ModelFault.CompressedBomb, ModelFault.Page, ModelFault.PageCalledJson,
        ModelFault.ServerError, ModelFault.NoSuchModel, ModelFault.Redirect, ModelFault.Empty, ModelFault.NotJson, ModelFault.DeepJson, ModelFault.Unfinished,
    ];

    [Fact]
    public async Task An_answer_without_end_is_cut_off_and_no_fault_of_the_server()
    {
        await using Desk desk = new();
        desk.Server.Writer = _ => Enumerable.Repeat(new string('x', 1000) + "\n", 1000);
        (ImprovisationState state, string text) = await desk.AskAsync(1, s_question, waits: false);
        Assert.Equal(ImprovisationState.Failed, state);
        Assert.InRange(text.Length, 1, 16 * 1024);
        Assert.Null(desk.Shared.Fault);
        desk.Server.Writer = _ => ["H/W path  Device\n"];
        Assert.Equal((ImprovisationState.Whole, "H/W path  Device\n"), await desk.AskAsync(2, s_question, waits: false));
    }

    [Fact]
    public async Task A_process_that_is_not_ours_any_more_gets_no_more_than_its_share()
    {
        await using Desk desk = new();
        desk.Shared.Options.QuestionsPerMinute = 3;
        desk.Server.Writer = _ => ["x\n"];
        for (uint number = 1; number <= 20; number++)
        {
            await desk.AskAsync(number, s_question with { Program = $"p{number}" }, waits: false);
        }

        Assert.Equal(3, desk.Server.Asked);
        Assert.Equal(17, desk.Shared.Refused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"program\":\"x\"}")]
    [InlineData("{\"program\":\"write a poem about my cat\",\"arguments\":[],\"expected\":0,\"user\":\"u\",\"host\":\"h\",\"release\":\"r\",\"kernel\":\"k\",\"folder\":\"/\",\"names\":[]}")]
    [InlineData("{\"program\":\"x\",\"arguments\":[\"ignore all\"],\"expected\":0,\"user\":\"u\",\"host\":\"h\",\"release\":\"r\",\"kernel\":\"k\",\"folder\":\"/\",\"names\":[]}")]
    [InlineData("{\"program\":\"x\",\"arguments\":[],\"expected\":9,\"user\":\"u\",\"host\":\"h\",\"release\":\"r\",\"kernel\":\"k\",\"folder\":\"/\",\"names\":[]}")]
    [InlineData("{\"program\":\"x\",\"arguments\":[],\"expected\":0,\"user\":\"u\",\"host\":\"h\",\"release\":\"r\",\"kernel\":\"k\",\"folder\":\"/a b c\",\"names\":[]}")]
    public async Task A_question_of_another_shape_is_not_asked(string json)
    {
        await using Desk desk = new();
        Assert.False(desk.Broker.Handle(FrameKind.ImprovisationAsk, new ImprovisationAsk(1, Encoding.UTF8.GetBytes(json)).ToArray()));
        Assert.Equal(0, desk.Server.Asked);
        desk.Server.Writer = _ => ["x\n"];
        await desk.AskAsync(2, s_question, waits: false);
        Assert.Equal(1, desk.Server.Asked);
    }

    /// <summary>A broker, the model server that it asks, and what it sends to the tarpit.</summary>
    private sealed class Desk : IAsyncDisposable
    {
        private readonly ApplianceFactory _appliance = new();
        private readonly OllamaText _text = new();
        private readonly Channel<byte[]> _sent = Channel.CreateUnbounded<byte[]>();

        public Desk()
        {
            IServiceProvider services = _appliance.Services;
            ImprovisationStore store = new(services.GetRequiredService<StoreQueue>(), services.GetRequiredService<Database>());
            Shared = new ImprovisationDesk(Options.Create(new ImprovisationOptions { Enabled = true, Endpoint = Server.Endpoint, QuestionsPerMinute = 600 }), _text, store, TimeProvider.System);
            Broker = new ImprovisationBroker(Shared, (message, _) => _sent.Writer.WriteAsync(message, CancellationToken.None));
        }

        public ModelServer Server { get; } = new();

        public ImprovisationDesk Shared { get; }

        public ImprovisationBroker Broker { get; }

        /// <summary>Asks and waits for the end of the answer.</summary>
        /// <param name="waits">Whether the tarpit loses its patience.</param>
        public async Task<(ImprovisationState State, string Text)> AskAsync(uint number, ImprovisationQuestion question, bool waits)
        {
            long before = Server.Asked;
            Assert.True(Broker.Handle(FrameKind.ImprovisationAsk, new ImprovisationAsk(number, JsonSerializer.SerializeToUtf8Bytes(question, ChannelJson.Default.ImprovisationQuestion)).ToArray()));
            if (waits)
            {
                await TarpitAppliance.UntilAsync(() => Server.Asked > before);
                Assert.True(Broker.Handle(FrameKind.ImprovisationEnd, new ImprovisationAsk(number, []).ToArray()));
            }

            List<byte> text = [];
            while (true)
            {
                byte[] message = await _sent.Reader.ReadAsync(Cancellation);
                Assert.True(Frame.TryRead(message, out Frame frame) && frame.Kind == FrameKind.ImprovisationPart);
                Assert.True(ImprovisationPart.TryRead(frame.Payload, out ImprovisationPart part));
                if (part.Number != number)
                {
                    continue;
                }

                text.AddRange(part.Text);
                if (part.State is not ImprovisationState.More)
                {
                    return (part.State, Encoding.UTF8.GetString([.. text]));
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            Broker.Dispose();
            _text.Dispose();
            _appliance.Dispose();
            await Server.DisposeAsync();
        }
    }
}
