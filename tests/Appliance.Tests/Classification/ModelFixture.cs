using Blackwall.Classification;
using Blackwall.Classification.Ollama;
using Blackwall.Events;
using Blackwall.Lab.Servers;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Blackwall.Tests.Behavior;
using Blackwall.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Blackwall.Tests.Classification;

/// <summary>The desk that asks the model, with detection, board and store around it, a scripted server, and a clock in the test's hand.</summary>
internal sealed class ModelFixture : IAsyncDisposable, ISourceClients
{
    public const string Scanner = "203.0.113.9";

    private readonly StoreFixture _store = new();
    private OllamaModel? _model;
    private int _decided;
    private int _recorded;

    private ModelFixture(ModelServer server) => Server = server;

    public ModelServer Server { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public AiOptions Options { get; } = new() { Mode = AiMode.Advise, BatchSeconds = 0 };

    public Traffic Traffic { get; private set; } = null!;

    public CaseQueue Queue { get; } = new();

    public OpinionBook Book { get; } = new();

    public CaseBuilder Builder { get; private set; } = null!;

    public ExchangeStore Exchanges { get; private set; } = null!;

    public Interview Interview { get; private set; } = null!;

    public ModelDesk Desk { get; private set; } = null!;

    public StoreFixture Store => _store;

    /// <summary>What clients of every source showed.</summary>
    public IReadOnlyList<SourceClient> Clients { get; set; } = [];

    public static async Task<ModelFixture> StartAsync(ModelServer? server = null, ICaseModel? model = null)
    {
        ModelFixture fixture = new(server ?? new ModelServer());
        await fixture._store.StartAsync(fixture.Clock);
        fixture.Options.Endpoint = fixture.Server.Endpoint;
        fixture.Traffic = new Traffic(start: (ulong)fixture.Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000);
        ServiceProvider services = new ServiceCollection().AddSingleton<ISourceInsight>(fixture.Traffic.Stage).BuildServiceProvider();
        var options = Microsoft.Extensions.Options.Options.Create(fixture.Options);
        EventLog events = new(fixture._store.Queue, new EventStore(fixture._store.Database), Microsoft.Extensions.Options.Options.Create(fixture._store.Options), fixture.Clock);
        fixture.Builder = new CaseBuilder(fixture._store.Board, new EvidenceStore(fixture._store.Database, fixture._store.Queue), fixture, services, fixture.Clock);
        fixture.Exchanges = new ExchangeStore(fixture._store.Queue, fixture._store.Database);
        fixture._model = new OllamaModel(fixture.Clock);
        fixture.Interview = new Interview(model ?? fixture._model, fixture.Exchanges, fixture.Clock, NullLogger<Interview>.Instance);
        fixture.Desk = new ModelDesk(
            fixture.Queue, fixture.Builder, fixture.Interview, fixture.Book, new OpinionActs(fixture._store.Board, fixture.Clock), events, options, fixture.Clock, NullLogger<ModelDesk>.Instance);
        return fixture;
    }

    IReadOnlyList<SourceClient> ISourceClients.Find(Address source) => Clients;

    /// <summary>A source that becomes suspicious by a scan that anybody could have sent: it is limited and undecided.</summary>
    public void Scan(string source = Scanner, int ports = 30)
    {
        for (int port = 1; port <= ports; port++)
        {
            Traffic.Wait(0.01).Open(source, port);
        }

        Settle();
    }

    /// <summary>Publishes what detection asked for and found since the last time.</summary>
    public void Settle()
    {
        foreach (var request in Traffic.Decisions.Skip(_decided))
        {
            _store.Board.Publish(request);
        }

        foreach (Evidence evidence in Traffic.Recorded.Skip(_recorded))
        {
            _store.Board.Witness(evidence);
        }

        (_decided, _recorded) = (Traffic.Decisions.Count, Traffic.Recorded.Count);
    }

    /// <summary>Puts a source into the queue and asks; where the server lets us wait, time passes.</summary>
    public async Task<bool> AskAsync(string source = Scanner, bool waits = false)
    {
        Queue.Add(Address.Parse(source));
        Task<bool> asking = Desk.AskOnceAsync(StoreFixture.Cancellation);
        long asked = Server.Asked;
        while (waits && !asking.IsCompleted)
        {
            await Task.WhenAny(asking, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, StoreFixture.Cancellation));
            if (Server.Asked > asked)
            {
                Clock.Advance(TimeSpan.FromSeconds(10));
            }
        }

        return await asking;
    }

    /// <summary>What stands on the board, as one text.</summary>
    public string Decisions(bool withModel = false) => string.Join('\n', _store.All().Where(d => withModel || d.Origin != Origin.Model).Select(d => $"{d.Scope} {d.Verdict} {d.Origin} {d.Reason}").Order(StringComparer.Ordinal));

    public async ValueTask DisposeAsync()
    {
        Desk.Dispose();
        _model?.Dispose();
        await Server.DisposeAsync();
        await _store.DisposeAsync();
    }
}
