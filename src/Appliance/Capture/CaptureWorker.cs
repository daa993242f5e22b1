using Blackwall.Pipeline.Model;

namespace Blackwall.Capture;

/// <summary>Hands the inbox to the book, and looks after the book once a second.</summary>
internal sealed class CaptureWorker(CaptureBook book, CaptureInbox inbox, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        book.Begin();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        book.EndAll();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(HearAsync(stoppingToken), KeepAsync(stoppingToken));

    private async Task HearAsync(CancellationToken stopping)
    {
        await foreach ((Decision? decision, Address suspect) in inbox.Reader.ReadAllAsync(stopping))
        {
            if (decision is not null)
            {
                book.Flag(decision, Word(decision.Verdict));
            }
            else
            {
                book.Suspect(suspect);
            }
        }
    }

    private async Task KeepAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Round, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            book.Tick();
            while (!stopping.IsCancellationRequested && book.CompressNext())
            {
                // One after the other.
            }
        }
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Drop => "drop",
        Verdict.RateLimit => "rate-limit",
        Verdict.RedirectToTarpit => "redirect",
        _ => "pass",
    };
}
