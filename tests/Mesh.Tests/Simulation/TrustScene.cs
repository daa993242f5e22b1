using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>What crowds of liars achieve, and what it costs those who tell the truth.</summary>
internal static class TrustScene
{
    /// <summary>
    /// Share of innocent addresses that are limited or worse on others' word, when all attackers accuse each at once with the heaviest evidence, while some honest
    /// sensors serve it as usual and say so.
    /// </summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="peers">Honest and attackers.</param>
    /// <param name="attackers">Share of attackers, 0..1.</param>
    /// <param name="attack">Which.</param>
    /// <param name="serving">Share of honest sensors that serve the address.</param>
    /// <param name="trials">Addresses.</param>
    public static double Innocent(int seed, int peers, double attackers, TrustAttack attack, double serving, int trials)
    {
        int hurt = 0;
        TrustPopulation? population = null;
        for (int trial = 0; trial < trials; trial++)
        {
            if (population is null || attack is TrustAttack.Turncoats)
            {
                // Turncoats lie for the first time in each trial.
                population = new TrustPopulation(seed + trial, peers, attackers, attack);
            }

            IndicatorValue target = population.NewTarget();
            foreach (PeerId attacker in population.Attackers)
            {
                population.Say(MessageKind.Sighting, attacker, target);
            }

            // Those who serve it hear of the first accusation, and answer.
            bool atOnce = population.IsActedOn(target, TimeSpan.FromSeconds(1));
            foreach (PeerId witness in population.Some(population.Honest, (int)(population.Honest.Count * serving)))
            {
                population.Say(MessageKind.Harmless, witness, target);
            }

            hurt += atOnce || population.IsActedOn(target) ? 1 : 0;
            population.Now += TimeSpan.FromMinutes(1);
        }

        return (double)hurt / trials;
    }

    /// <summary>Minutes for which turncoats have one address limited that nobody serves, within three hours.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="peers">Honest and attackers.</param>
    /// <param name="attackers">Share of attackers, 0..1.</param>
    /// <param name="parts">They speak in so many parts, ten minutes apart; 1: all at once.</param>
    public static int LimitedMinutes(int seed, int peers, double attackers, int parts)
    {
        TrustPopulation population = new(seed, peers, attackers, TrustAttack.Turncoats);
        IndicatorValue target = population.NewTarget();
        int limited = 0;
        for (int minute = 0; minute < 180; minute++)
        {
            if (minute % 10 == 0 && minute / 10 < parts)
            {
                foreach (PeerId attacker in population.Attackers.Where((_, at) => at % parts == minute / 10))
                {
                    population.Say(MessageKind.Sighting, attacker, target);
                }
            }

            limited += population.IsActedOn(target, TimeSpan.FromMinutes(1)) ? 1 : 0;
        }

        return limited;
    }

    /// <summary>Independent sightings that it takes until a sensor that did not see a real attacker itself acts on it, in order of size.</summary>
    public static int[] Sightings(int seed, int peers, int trials)
    {
        TrustPopulation population = new(seed, peers, 0, TrustAttack.OneSubnet);
        List<int> needed = [];
        for (int trial = 0; trial < trials; trial++)
        {
            IndicatorValue target = population.NewTarget();
            int count = 0;
            foreach (PeerId witness in population.Some(population.Honest, 60))
            {
                population.Say(MessageKind.Sighting, witness, target, EvidenceLevel.Exploit);
                count++;
                if (population.IsActedOn(target))
                {
                    break;
                }
            }

            needed.Add(count);
            population.Now += TimeSpan.FromMinutes(1);
        }

        needed.Sort();
        return [.. needed];
    }

    /// <summary>
    /// Share of real attackers that strangers do not act on, because sleepers with reputation say that they serve them as usual.
    /// </summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="peers">Honest and attackers.</param>
    /// <param name="sleepers">How many vouch.</param>
    /// <param name="seeing">Share of the honest that see the attack.</param>
    /// <param name="trials">Attackers.</param>
    public static double Shielded(int seed, int peers, int sleepers, double seeing, int trials)
    {
        int spared = 0;
        TrustPopulation population = new(seed, peers, (double)sleepers / peers, TrustAttack.Turncoats);
        for (int trial = 0; trial < trials; trial++)
        {
            IndicatorValue target = population.NewTarget();
            foreach (PeerId witness in population.Some(population.Honest, (int)(population.Honest.Count * seeing)))
            {
                population.Say(MessageKind.Sighting, witness, target, EvidenceLevel.Exploit);
            }

            foreach (PeerId attacker in population.Attackers)
            {
                population.Say(MessageKind.Harmless, attacker, target);
            }

            spared += population.IsActedOn(target) ? 0 : 1;
            population.Pass(TimeSpan.FromMinutes(1));
        }

        return (double)spared / trials;
    }

    /// <summary>Innocent addresses that turncoats have limited before they are taken for one group, each for an hour at most; no sensor serves any of them.</summary>
    public static int LiesUntilFound(int seed, int peers, double attackers)
    {
        TrustPopulation population = new(seed, peers, attackers, TrustAttack.Turncoats);
        for (int lies = 0; lies < 500; lies++)
        {
            IndicatorValue target = population.NewTarget();
            foreach (PeerId attacker in population.Attackers)
            {
                population.Say(MessageKind.Sighting, attacker, target);
            }

            if (!population.IsActedOn(target))
            {
                return lies;
            }

            population.Now += TimeSpan.FromMinutes(1);
        }

        return 500;
    }

    /// <summary>How many of many votes for what is protected everywhere led to any action.</summary>
    public static int Protected(int seed, int trials)
    {
        TrustPopulation population = new(seed, 1000, 0.4, TrustAttack.Turncoats);
        Random random = new(seed);
        IndicatorValue[] targets =
        [
            .. new[] { "8.8.8.8", "1.1.1.1", "9.9.9.9", "198.41.0.4", "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.20.0.1", "100.64.0.9", "169.254.1.1", "224.0.0.5", "255.255.255.255", "192.0.2.8", "203.0.113.7", "2001:4860:4860::8888", "fe80::1", "::1", "fd00::1", "10.0.0.0/24", "8.8.8.0/24" }
                .Select(text => IndicatorValue.TryParseScope(text, out IndicatorValue value) ? value : throw new FormatException(text)),
        ];
        PeerId[] everybody = [.. population.Attackers, .. population.Honest];
        int acted = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            IndicatorValue target = targets[random.Next(targets.Length)];
            population.Say(MessageKind.Sighting, everybody[random.Next(everybody.Length)], target);
            acted += population.Engine.Find(target) is { } found && (found.Votes.Count > 0 || population.IsActedOn(target)) ? 1 : 0;
        }

        return acted;
    }
}
