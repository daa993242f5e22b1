using System.Diagnostics;
using System.Net;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>
/// The attacks of the GossipSub evaluation report (PL-TechRep-2020-001), by its names. Four Sybils come on each honest peer, and each
/// honest peer has four connections of Sybils for each of its own; twenty that it dialled lead to honest peers.
/// </summary>
internal sealed class AttackScene
{
    private const int Dials = 20;
    private const int SybilsPerHonest = 4;
    private const int Publishers = 5;
    private const double MessagesPerSecond = 2;
    private const int WarmUpSeconds = 20;
    private const int AttackSeconds = 60;
    private const int TailSeconds = 6;

    private readonly SimNetwork _network;
    private readonly int _honest;
    private readonly string _name;
    private readonly Random _random;
    private List<SimNode> _good = [];
    private List<SimNode> _authors = [];
    private List<SimNode> _watched = [];

    private AttackScene(string name, int seed, int peers)
    {
        _name = name;
        _random = new Random(seed);
        _honest = peers / (1 + SybilsPerHonest);
        TopicScoreParameters topic = TopicScoreParameters.ForRate(MessagesPerSecond, GossipOptions.Hardened.Degree, TimeSpan.FromSeconds(2));

        // Who behaved for an hour has no more than who behaved for a minute: what a day of good conduct earns is earned here within the warm-up.
        topic = topic with { TimeInMeshWeight = 10.0 / 20, TimeInMeshCap = 20 };
        _network = new SimNetwork(seed, GossipOptions.Hardened, topic, peers);
    }

    public static IReadOnlyList<string> Names { get; } =
    [
        "eclipse of one", "eclipse of all", "eclipse of the publishers", "censor", "degradation", "cold boot", "covert flash", "attack at dawn", "IP colocation",
    ];

    public static AttackResult Run(string name, int seed, int peers)
    {
        long began = Stopwatch.GetTimestamp();
        AttackScene scene = new(name, seed, peers);
        return scene.Run() with { Took = Stopwatch.GetElapsedTime(began) };
    }

    private AttackResult Run() => _name switch
    {
        // All Sybils on one peer: it must still hear everything.
        "eclipse of one" => Late(new SilentConduct(grabs: true), () => Targets(1)),

        // The same on everybody.
        "eclipse of all" => Late(new SilentConduct(grabs: true), () => _good),

        // On those who publish: what they say must come through.
        "eclipse of the publishers" => Late(new SilentConduct(grabs: true), () => Targets(Publishers)),

        // Sybils in good standing that keep one author's messages back.
        "censor" => Early(authors => new CensorConduct(authors.Select(author => author.Id).ToHashSet()), onlyAuthors: 1, warmUp: WarmUpSeconds),

        // Sybils in all meshes that pass on nothing, and keep to the rules otherwise.
        "degradation" => Late(new SilentConduct(), () => _good),

        // The network begins with the Sybils in it: nobody has a score.
        "cold boot" => Early(_ => new SilentConduct(), onlyAuthors: 0, warmUp: 0),

        // Sybils that earned all that can be earned turn at once.
        "covert flash" => Early(_ => new SilentConduct(from: WarmUpSeconds * 1000), onlyAuthors: 0, warmUp: WarmUpSeconds),

        // The Sybils are there first and take every mesh while the honest peers arrive.
        "attack at dawn" => Early(_ => new SilentConduct(grabs: true), onlyAuthors: 0, warmUp: 0),

        // All Sybils behind ten addresses.
        "IP colocation" => Late(new SilentConduct(grabs: true), () => _good, addresses: 10),
        _ => throw new ArgumentOutOfRangeException(_name),
    };

    // The honest network stands when the Sybils come.
    private AttackResult Late(SimConduct conduct, Func<IReadOnlyList<SimNode>> targets, int addresses = 0)
    {
        _good = [.. Enumerable.Range(0, _honest).Select(_ => _network.Add(SimConduct.Honest))];
        ConnectHonest();
        _authors = _good;
        Publish(WarmUpSeconds);
        IReadOnlyList<SimNode> attacked = targets();
        _watched = [.. attacked];
        _authors = attacked.Count == Publishers ? _watched : _good;
        for (int i = 0; i < _honest * SybilsPerHonest; i++)
        {
            SimNode sybil = _network.Add(conduct, addresses == 0 ? null : new IPAddress(0x0100a8c0L + ((i % addresses) << 24)));
            ConnectSybil(sybil, attacked);
        }

        _network.Run(TimeSpan.FromSeconds(1));
        return Attack();
    }

    // The Sybils are there from the beginning.
    private AttackResult Early(Func<IReadOnlyList<SimNode>, SimConduct> conduct, int onlyAuthors, int warmUp)
    {
        _good = [.. Enumerable.Range(0, _honest).Select(_ => _network.Add(SimConduct.Honest))];
        _authors = onlyAuthors == 0 ? _good : Targets(onlyAuthors);
        _watched = _good;
        SimConduct sybils = conduct(_authors);
        for (int i = 0; i < _honest * SybilsPerHonest; i++)
        {
            ConnectSybil(_network.Add(sybils), _good);
        }

        // Sybils have a second for themselves.
        _network.Run(TimeSpan.FromSeconds(1));
        ConnectHonest();
        List<SimNode> authors = _authors;
        _authors = _good;
        Publish(warmUp);
        _authors = authors;
        return Attack();
    }

    private AttackResult Attack()
    {
        long from = _network.Now;
        double before = HonestMesh();
        Publish(AttackSeconds);
        double after = HonestMesh();
        _network.Run(TimeSpan.FromSeconds(TailSeconds));
        List<SimMessage> messages = [.. _network.Messages.Where(message => message.PublishedAt >= from)];
        return new AttackResult
        {
            Attack = _name,
            Messages = messages.Count,
            Delivered = messages.Average(message => message.Coverage(Asked)),
            DeliveredInTwoSeconds = messages.Average(message => message.Coverage(Asked, within: 2_000)),
            WorstMessage = messages.Min(message => message.Coverage(Asked)),
            HonestMeshBefore = before,
            HonestMeshAfter = after,
        };
    }

    // What a single target hears is asked of the target alone: the others' good would hide it.
    private List<SimNode> Asked => _watched.Count == 1 ? _watched : _good;

    private void Publish(int seconds)
    {
        for (int tick = 0; tick < seconds * MessagesPerSecond; tick++)
        {
            _network.Publish(_network.Any(_authors));
            _network.Run(TimeSpan.FromSeconds(1 / MessagesPerSecond));
        }
    }

    private double HonestMesh()
    {
        int all = _watched.Sum(node => node.Mesh.Count);
        return all == 0 ? 0 : _watched.Sum(node => node.Mesh.Count(peer => ((SimLink)peer.Tag!).Remote.Conduct.IsHonest)) / (double)all;
    }

    private List<SimNode> Targets(int count) => [.. _good.OrderBy(_ => _random.Next()).Take(count)];

    private void ConnectHonest()
    {
        foreach (SimNode node in _good)
        {
            _network.ConnectToSome(node, _good, Dials);
        }
    }

    // As many connections in all as makes four for each of an honest peer, or all to the few that are attacked.
    private void ConnectSybil(SimNode sybil, IReadOnlyList<SimNode> attacked)
    {
        int count = 2 * Dials;
        if (attacked.Count <= count)
        {
            foreach (SimNode target in attacked)
            {
                SimNetwork.Connect(sybil, target);
            }
        }
        else
        {
            _network.ConnectToSome(sybil, attacked, count);
        }
    }
}
