using Blackwall.Storage;

namespace Blackwall.Intel;

/// <summary>Publishes the identity and the definitions before the first client asks.</summary>
internal sealed class IntelStart(IntelBook book) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await book.OpenAsync();
        }
        catch (StoreException)
        {
            // Health says so; the next fact tries again.
            return;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
