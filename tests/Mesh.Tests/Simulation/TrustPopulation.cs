using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>
/// Reporters as one sensor knows them: 400 operators of very different size (Zipf), honest ones of all ages with a confirmed report every other day, and attackers of one
/// kind. The engine is the real one; time is what the scene says.
/// </summary>
internal sealed class TrustPopulation
{
    private const int Operators = 400;
    private const int Clouds = 5;
    private const double ConfirmedPerDay = 0.5;

    private readonly Random _random;
    private readonly Dictionary<PeerId, NetworkPlace> _places = [];
    private readonly double[] _zipf = new double[Operators];
    private uint _targets;
    private ulong _counter;

    public TrustPopulation(int seed, int peers, double attackers, TrustAttack attack, ConsensusOptions? options = null)
    {
        _random = new Random(seed);
        double sum = 0;
        for (int i = 0; i < Operators; i++)
        {
            _zipf[i] = sum += 1.0 / (i + 1);
        }

        ReputationBook book = new(peers * 2);
        for (int i = 0; i < peers; i++)
        {
            bool isAttacker = i < peers * attackers;
            PeerId id = SimNetwork.IdOf(i);
            (isAttacker ? Attackers : Honest).Add(id);
            _places[id] = isAttacker ? PlaceOf(attack) : AnyPlace();
            book.Add(isAttacker ? StandingOf(id, attack) : Reporter(id, _random.NextDouble() * 365));
        }

        Engine = new TrustEngine(options ?? new ConsensusOptions { MaxTargets = 4096, GroupActions = int.MaxValue, GroupShare = 1 }, book, id => _places[id], _ => false, _ => false);
        if (attack is TrustAttack.Turncoats)
        {
            // An honest past of their own, each another one.
            foreach (PeerId attacker in Attackers)
            {
                for (int truth = 0; truth < 25; truth++)
                {
                    Say(MessageKind.Sighting, attacker, NewTarget());
                }
            }

            Now += TimeSpan.FromDays(2);
        }

        if (attack is TrustAttack.Colluders)
        {
            // They have lied together before, and nobody else said the same.
            for (int lie = 0; lie < 40; lie++)
            {
                IndicatorValue target = NewTarget();
                foreach (PeerId attacker in Attackers)
                {
                    Say(MessageKind.Sighting, attacker, target);
                }
            }

            Engine.Settle(Now);
            Now += TimeSpan.FromDays(2);
            Engine.Pass(Now);
            Engine.Settle(Now);
        }
    }

    public DateTimeOffset Now { get; set; } = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    public List<PeerId> Honest { get; } = [];

    public List<PeerId> Attackers { get; } = [];

    public TrustEngine Engine { get; }

    /// <summary>An address that nobody spoke of before.</summary>
    public IndicatorValue NewTarget() => IndicatorValue.From(new IPAddress([11, (byte)(++_targets >> 16), (byte)(_targets >> 8), (byte)_targets]));

    public void Say(MessageKind kind, PeerId author, IndicatorValue target, EvidenceLevel evidence = EvidenceLevel.Session) => Engine.Apply(
        new IndicatorMessage(kind, target, evidence, "brute-force", Now, Now, 1, 100, TimeSpan.FromHours(24), author, 1, ++_counter, Now), Now);

    /// <summary>Some of them by lot, each once.</summary>
    public IEnumerable<PeerId> Some(List<PeerId> of, int count)
    {
        HashSet<int> chosen = [];
        while (chosen.Count < Math.Min(count, of.Count))
        {
            int index = _random.Next(of.Count);
            if (chosen.Add(index))
            {
                yield return of[index];
            }
        }
    }

    /// <summary>Whether others' word alone has the target limited or worse, now or when those who serve it had the time to say so.</summary>
    public bool IsActedOn(IndicatorValue target) => IsActedOn(target, Engine.Options.Hearing);

    /// <summary>Whether others' word alone has the target limited or worse, now or after a time.</summary>
    public bool IsActedOn(IndicatorValue target, TimeSpan after)
    {
        Engine.Settle(Now);
        bool acts = Engine.Find(target)?.Action is > MeshAction.Log;
        Pass(after);
        return acts || Engine.Find(target)?.Action is > MeshAction.Log;
    }

    public void Pass(TimeSpan time)
    {
        Now += time;
        Engine.Pass(Now);
        Engine.Settle(Now);
    }

    private PeerStanding StandingOf(PeerId id, TrustAttack attack) =>
        attack is TrustAttack.Colluders or TrustAttack.Turncoats ? Reporter(id, 60) : new PeerStanding(id, Now - TimeSpan.FromDays(0.5 + (4.5 * _random.NextDouble()))) { LastSeen = Now };

    private PeerStanding Reporter(PeerId id, double days)
    {
        PeerStanding standing = new(id, Now - TimeSpan.FromDays(days)) { LastSeen = Now };
        int confirmed = (int)(days * ConfirmedPerDay * (0.5 + _random.NextDouble()));
        for (int i = 0; i < Math.Min(confirmed, 20); i++)
        {
            standing.Confirm(0.9, Now);
        }

        // Beyond that only the count grows: what is old has faded.
        for (int i = 20; i < confirmed; i++)
        {
            standing.Confirm(0, Now);
        }

        return standing;
    }

    private NetworkPlace PlaceOf(TrustAttack attack) => attack switch
    {
        TrustAttack.OneSubnet => new NetworkPlace(1, 1, 1),
        TrustAttack.FiveClouds => In(1 + _random.Next(Clouds)),
        _ => AnyPlace(),
    };

    private NetworkPlace AnyPlace()
    {
        double at = _random.NextDouble() * _zipf[^1];
        int found = Array.BinarySearch(_zipf, at);
        return In(1 + (found < 0 ? ~found : found));
    }

    // An operator has 16 networks of /16, each with 256 of /24.
    private NetworkPlace In(int number)
    {
        ulong wide = ((ulong)number << 4) | (uint)_random.Next(16);
        return new NetworkPlace((wide << 8) | (uint)_random.Next(256), wide, (ulong)number);
    }
}
