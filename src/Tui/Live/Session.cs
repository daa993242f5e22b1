using Blackwall.Client;
using Blackwall.Client.Status;
using Blackwall.Tui.Overview;

namespace Blackwall.Tui.Live;

/// <summary>All that the console knows of one appliance, and how well it is connected to it.</summary>
internal sealed class Session : IDisposable
{
    public Session(ApplianceClient client, TimeProvider time)
    {
        (Client, Time) = (client, time);
        Stats = new Poll<Stats>(c => client.ReadAsync("stats", ClientJson.Default.Stats, c), TimeSpan.FromSeconds(1), time);
        Health = new Poll<Health>(c => client.ReadAsync("health/ready", ClientJson.Default.Health, c), TimeSpan.FromSeconds(5), time);
        Feed = new EventFeed(client, time);
    }

    public ApplianceClient Client { get; }

    public TimeProvider Time { get; }

    public Poll<Stats> Stats { get; }

    public Poll<Health> Health { get; }

    public EventFeed Feed { get; }

    public EventLog Log { get; } = new();

    public RateHistory Rates { get; } = new();

    /// <summary>Grows with every change of a decision that the stream tells of: lists that show decisions are old then.</summary>
    public long Changes { get; private set; }

    /// <summary>Since when nothing is heard of the appliance; null: it answers.</summary>
    public DateTimeOffset? LostSince { get; private set; }

    /// <summary>Whether what is shown is what the appliance last said and no longer what is.</summary>
    public bool Stale => LostSince is not null;

    /// <summary>Whether anything on the screen may have changed.</summary>
    public bool Tick()
    {
        bool news = Stats.Tick();
        if (news)
        {
            if (Stats.Failure is null)
            {
                Rates.Add(Stats.Value!);
                LostSince = null;
            }
            else
            {
                LostSince ??= Time.GetUtcNow();
            }
        }

        news |= Health.Tick();
        bool open = Feed.Open;
        news |= Feed.Tick(Happened) > 0 | open != Feed.Open;
        return news;
    }

    public void Dispose()
    {
        Stats.Dispose();
        Health.Dispose();
        Feed.Dispose();
        Client.Dispose();
    }

    private void Happened(EventRow happening)
    {
        Log.Add(happening);
        if (happening.Kind is "decision" or "lifted" or "gap")
        {
            Changes++;
        }
    }
}
