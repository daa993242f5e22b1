using Microsoft.Extensions.Hosting;

namespace Blackwall.Tarpit.Http.Front;

/// <summary>The proxy asks when its host begins and ends; the process that it lives in ends with it.</summary>
internal sealed class FrontLifetime : IHostApplicationLifetime
{
    public CancellationToken ApplicationStarted => new(canceled: true);

    public CancellationToken ApplicationStopping => CancellationToken.None;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication()
    {
        // There is no host to stop.
    }
}
