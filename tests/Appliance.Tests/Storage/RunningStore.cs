using System.Diagnostics.Metrics;
using Blackwall.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Blackwall.Tests.Storage;

/// <summary>A store with its one writer, for a part that keeps something in it.</summary>
internal sealed class RunningStore : IDisposable
{
    private readonly StorageOptions _options;
    private readonly Meter _meter = new("Blackwall.Tests");
    private Journal? _journal;

    public RunningStore(string folder, StorageOptions? options = null)
    {
        _options = options ?? new StorageOptions();
        _options.StateFolder = folder;
        Options = Microsoft.Extensions.Options.Options.Create(_options);
        Database = new Database(Options, FeatureList.Migrations(FeatureList.All), TimeProvider.System, NullLogger<Database>.Instance);
    }

    public IOptions<StorageOptions> Options { get; }

    public Database Database { get; }

    public StoreQueue Queue { get; } = new();

    public Journal Journal => _journal!;

    /// <summary>Restores the riders and begins to write what they have.</summary>
    public RunningStore Start(params IStoreRider[] riders)
    {
        _journal = new Journal(Queue, new JournalInbox(Queue), riders, Database, _meter, Options, TimeProvider.System, NullLogger<Journal>.Instance);
        _journal.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        return this;
    }

    /// <summary>Waits until everything is in the store.</summary>
    public bool Flush() => Queue.FlushAsync(durable: true, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Stops as a process does that is asked to.</summary>
    public void Dispose()
    {
        _journal?.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        _journal?.Dispose();
        _journal = null;
        _meter.Dispose();
    }

    /// <summary>Copies the files as they are at this moment: what a killed process leaves.</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(_options.StateFolder, "blackwall.db*"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
