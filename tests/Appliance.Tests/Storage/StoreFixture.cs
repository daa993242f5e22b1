using System.Diagnostics.Metrics;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Time;
using Blackwall.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Blackwall.Tests.Storage;

/// <summary>A state folder of its own, and boards with their journals on it, one after the other.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    private readonly Meter _meter = new("Blackwall.Tests");
    private VerdictBoard? _board;
    private TimeProvider _time = TimeProvider.System;

    public string Folder { get; } = Directory.CreateTempSubdirectory("blackwall-test-").FullName;

    public StorageOptions Options { get; private set; } = new();

    public VerdictBoard Board => _board!;

    public StoreQueue Queue { get; private set; } = null!;

    public JournalInbox Inbox { get; private set; } = null!;

    public Journal Journal { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public string DatabasePath => Path.Combine(Folder, "blackwall.db");

    public static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public async Task StartAsync(TimeProvider? time = null, IBootTime? boot = null)
    {
        await StopAsync();
        _time = time ?? TimeProvider.System;
        Options.StateFolder = Folder;
        BoardOptions board = new();
        Queue = new StoreQueue();
        Inbox = new JournalInbox(Queue);
        Database = new Database(Microsoft.Extensions.Options.Options.Create(Options), FeatureList.Migrations(FeatureList.All), TimeProvider.System, NullLogger<Database>.Instance);
        _board = new VerdictBoard(board, _time, [Inbox], new SteadyClock(_time, boot));
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        BoardJournal kept = new(_board, Inbox, Queue, Database, options, Microsoft.Extensions.Options.Options.Create(board), _time, NullLogger<BoardJournal>.Instance);
        Journal = new Journal(Queue, Inbox, [kept], Database, _meter, options, _time, NullLogger<Journal>.Instance);
        await Journal.StartAsync(Cancellation);
    }

    public async Task StopAsync()
    {
        if (_board is not null)
        {
            await Journal.StopAsync(CancellationToken.None);
            Journal.Dispose();
            _board.Dispose();
            _board = null;
        }
    }

    public PublishResult Drop(string scope, Origin origin = Origin.Operator, TimeSpan? ttl = null, string? comment = null)
    {
        Prefix prefix = Prefix.Parse(scope);
        Evidence[] evidence = origin == Origin.Local ? [new(0, prefix.Network, "port-scan", EvidenceClass.Handshake, 0.75, _time.GetUtcNow(), "12 ports")] : [];
        return Board.Publish(new DecisionRequest(prefix, Verdict.Drop, origin, "listed", 0.5, ttl, evidence, comment, "tester"));
    }

    /// <summary>Whether everything published so far is on the disk.</summary>
    public Task<bool> FlushAsync() => Queue.FlushAsync(durable: true, Cancellation);

    public List<Decision> All() => [.. Board.List(new DecisionQuery(null, null, null, null, long.MaxValue, int.MaxValue)).Items];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _meter.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
