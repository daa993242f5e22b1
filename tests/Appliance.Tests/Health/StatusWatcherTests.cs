using Blackwall.Events;
using Blackwall.Health;
using Blackwall.Pipeline.Ports;
using Blackwall.Tests.Api;
using Blackwall.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Blackwall.Tests.Health;

public sealed class StatusWatcherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-health-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_ails_a_part_is_told_and_so_is_its_recovery()
    {
        using RunningStore store = new(_folder);
        EventLog log = new(store.Queue, new EventStore(store.Database), store.Options, TimeProvider.System);
        store.Start(log);
        Part part = new() { Fault = "The disk is full." };
        using StatusWatcher watcher = new(new ApplianceFactory.WallStub(), [part, new Part { Name = "well" }], log, TimeProvider.System, NullLogger<StatusWatcher>.Instance);
        await watcher.StartAsync(Cancellation);
        await log.WaitAsync(0, Cancellation);
        part.Fault = null;
        await log.WaitAsync(1, Cancellation);
        EventPage page = await log.ReadAsync(0, 10, Cancellation);
        Assert.Equal([new HealthEventBody("disk", "The disk is full."), new HealthEventBody("disk", null)], page.Events.Select(HealthEvents.Fault.Read));
        await watcher.StopAsync(Cancellation);
    }

    private sealed class Part : IHealthSource
    {
        public string Name { get; init; } = "disk";

        public bool Ready => true;

        public string? Fault { get; set; }
    }
}
