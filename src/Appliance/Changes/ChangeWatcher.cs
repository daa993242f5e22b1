using Blackwall.Events;

namespace Blackwall.Changes;

/// <summary>Turns each step of a change into an event.</summary>
internal sealed class ChangeWatcher(ChangeBook book, EventLog log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        book.Moved += OnMoved;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        book.Moved -= OnMoved;
        return Task.CompletedTask;
    }

    private void OnMoved(object? sender, ChangeMovedEventArgs moved) => log.Add(ChangeEvents.Change, moved.Change);
}
