using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>
/// Attackers with reputation drown one sensor in accusations, each of addresses of its own, while honest reporters see real attackers. The quota of authors and the table of
/// targets are the real ones.
/// </summary>
internal static class TrustFloodScene
{
    private const int Scanners = 20;
    private const int Sightings = 12;

    /// <summary>Runs it for a minute of virtual time.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="peers">Honest and attackers.</param>
    /// <param name="attackers">Share of attackers, 0..1.</param>
    /// <param name="messages">Accusations of each attacker in that minute.</param>
    /// <param name="table">Targets that the sensor keeps.</param>
    public static TrustFloodResult Run(int seed, int peers, double attackers, int messages, int table)
    {
        TrustPopulation population = new(seed, peers, attackers, TrustAttack.Turncoats, new ConsensusOptions { MaxTargets = table });
        AuthorQuota quota = new(512, peers);
        IndicatorValue[] scanners = [.. Enumerable.Range(0, Scanners).Select(_ => population.NewTarget())];
        PeerId[][] witnesses = [.. scanners.Select(_ => population.Some(population.Honest, Sightings).ToArray())];
        int taken = 0;
        TimeSpan step = TimeSpan.FromMinutes(1) / messages;
        for (int round = 0; round < messages; round++)
        {
            foreach (PeerId attacker in population.Attackers)
            {
                if (quota.TryTake(attacker, population.Now))
                {
                    taken++;
                    population.Say(MessageKind.Sighting, attacker, Accused(taken));
                }
                else if (quota.IsAbuse(attacker, population.Now, (ulong)round + 1))
                {
                    population.Engine.Punish(attacker, "quota", population.Now);
                }
            }

            // The sightings of the real attackers are spread over the minute.
            for (int sighting = round * Sightings / messages; sighting < (round + 1) * Sightings / messages; sighting++)
            {
                for (int scanner = 0; scanner < Scanners; scanner++)
                {
                    if (quota.TryTake(witnesses[scanner][sighting], population.Now))
                    {
                        population.Say(MessageKind.Sighting, witnesses[scanner][sighting], scanners[scanner], EvidenceLevel.Exploit);
                    }
                }
            }

            population.Now += step;
            population.Engine.Settle(population.Now);
        }

        population.Pass(population.Engine.Options.Hearing);
        int limited = population.Engine.Targets.Count(target => target.Action > MeshAction.Log && !scanners.Contains(target.Value));
        int found = scanners.Count(population.IsActedOn);
        int silenced = population.Attackers.Count(attacker => population.Engine.Reputation.Find(attacker)!.IsSilenced(population.Now));
        int honestSilenced = population.Honest.Count(honest => population.Engine.Reputation.Find(honest)!.IsSilenced(population.Now));
        return new TrustFloodResult(taken, limited, found, Scanners, silenced, honestSilenced, population.Engine.Targets.Count);
    }

    private static IndicatorValue Accused(int number) => IndicatorValue.From(new IPAddress([(byte)(20 + (number >> 24)), (byte)(number >> 16), (byte)(number >> 8), (byte)number]));
}
