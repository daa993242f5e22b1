using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Reputation;

/// <summary>What is known of one reporter: the evidence for and against it, both of which fade.</summary>
public sealed class PeerStanding
{
    private const double PriorFor = 1;
    private const double PriorAgainst = 4;
    private const double Quantile = 0.1;
    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(30);
    private double _score = -1;
    private DateTimeOffset _contradictedDay;
    private double _contradicted;

    public PeerStanding(PeerId id, DateTimeOffset firstSeen) => (Id, FirstSeen, Updated, LastSeen) = (id, firstSeen, firstSeen, firstSeen);

    public PeerId Id { get; }

    /// <summary>When it was first heard of here; its age counts from then on.</summary>
    public DateTimeOffset FirstSeen { get; init; }

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>When the evidence last faded.</summary>
    public DateTimeOffset Updated { get; private set; }

    /// <summary>Weight of what was confirmed, beyond the prior.</summary>
    public double For { get; private set; }

    /// <summary>Weight of what was refuted, beyond the prior.</summary>
    public double Against { get; private set; }

    /// <summary>Reports that independent peers or own sensors confirmed, ever.</summary>
    public int Confirmed { get; private set; }

    /// <summary>Reports that were refuted, ever.</summary>
    public int Refuted { get; private set; }

    /// <summary>Machine word of the proven offence for which nothing of it counts: "equivocation", "quota", "protected-target"; null: none.</summary>
    public string? Offence { get; private set; }

    /// <summary>When an offence is forgiven.</summary>
    public DateTimeOffset OffenceUntil { get; private set; }

    /// <summary>The operator does not want to hear it.</summary>
    public bool Banned { get; set; }

    /// <summary>Nothing was heard of it: it is here for the operator's ban alone.</summary>
    internal bool IsUnheard { get; set; }

    /// <summary>0..1: the reputation that it has at least, with nine chances in ten. A newcomer's is 0.026.</summary>
    public double Score(DateTimeOffset now)
    {
        Fade(now);
        if (_score < 0)
        {
            _score = BetaQuantile.At(PriorFor + For, PriorAgainst + Against, Quantile);
        }

        return _score;
    }

    /// <summary>Whether it is banned, or an offence is not forgiven yet.</summary>
    public bool IsSilenced(DateTimeOffset now) => Banned || (Offence is not null && now < OffenceUntil);

    public void Confirm(double weight, DateTimeOffset now)
    {
        Fade(now);
        For += weight;
        Confirmed++;
        _score = -1;
    }

    public void Refute(double weight, DateTimeOffset now)
    {
        Fade(now);
        Against += weight;
        Refuted++;
        _score = -1;
    }

    /// <summary>Others serve as usual what it reported: it loses weight by that, and no more than so much in a day.</summary>
    public void Contradict(double weight, double mostADay, DateTimeOffset now)
    {
        if ((now - _contradictedDay).Duration() >= TimeSpan.FromDays(1))
        {
            (_contradictedDay, _contradicted) = (now, 0);
        }

        double lost = Math.Min(weight, mostADay - _contradicted);
        if (lost > 0)
        {
            _contradicted += lost;
            Refute(lost, now);
        }
    }

    /// <summary>The operator wants to hear it again whatever it did: nothing of its offence is left.</summary>
    /// <param name="weight">What the offence cost.</param>
    public void Forgive(double weight)
    {
        if (Offence is not null)
        {
            Against = Math.Max(0, Against - weight);
            (Offence, OffenceUntil) = (null, default);
            _score = -1;
        }
    }

    /// <summary>A proven offence: nothing of it counts until it is forgiven, and its reputation is spent.</summary>
    public void Punish(string offence, double weight, TimeSpan silence, DateTimeOffset now)
    {
        Fade(now);
        Against += weight;
        (Offence, OffenceUntil) = (offence, now + silence);
        _score = -1;
    }

    internal void Restore(double positive, double negative, int confirmed, int refuted, string? offence, DateTimeOffset offenceUntil, DateTimeOffset updated)
    {
        (For, Against, Confirmed, Refuted, Offence, OffenceUntil, Updated) = (positive, negative, confirmed, refuted, offence, offenceUntil, updated);
        _score = -1;
    }

    // Hourly steps: a score is asked for much more often than it moves.
    private void Fade(DateTimeOffset now)
    {
        if (now < Updated)
        {
            // The clock was set back: nothing fades twice, and nothing waits for the time that was.
            Updated = now;
            return;
        }

        if (now - Updated < TimeSpan.FromHours(1))
        {
            return;
        }

        double left = Math.Pow(0.5, (now - Updated) / HalfLife);
        For *= left;
        Against *= left;
        Updated = now;
        _score = -1;
    }
}
