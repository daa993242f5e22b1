using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;
using Blackwall.Tests.Mesh.Simulation;

namespace Blackwall.Tests.Mesh.Trust;

/// <summary>An engine with reporters that a test makes, and one target that they speak of.</summary>
public abstract class BallotScene
{
    private ulong _counter;
    private int _ids;

    protected BallotScene() => Engine = new TrustEngine(new ConsensusOptions(), Book, PlaceOf, Members.Contains, value => value.Text is "9.8.7.6");

    protected static IndicatorValue Value { get; } = IndicatorValue.From(IPAddress.Parse("1.2.3.4"));

    protected Dictionary<PeerId, NetworkPlace> Places { get; } = [];

    protected HashSet<PeerId> Members { get; } = [];

    protected ReputationBook Book { get; } = new();

    protected TrustEngine Engine { get; }

    protected DateTimeOffset Now { get; set; } = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    protected MeshAction Action => Settled().Action;

    protected NetworkPlace PlaceOf(PeerId id) => Places.GetValueOrDefault(id);

    // What it comes to when those who serve it had their time to say so.
    protected Target Settled() => Settled(new ConsensusOptions().Hearing);

    protected Target Settled(TimeSpan after)
    {
        Engine.Settle(Now);
        Pass(after);
        return Engine.Find(Value)!;
    }

    protected void Pass(TimeSpan time)
    {
        Now += time;
        Engine.Pass(Now);
        Engine.Settle(Now);
    }

    protected PeerId Reporter(ulong network, double days = 60, int confirmed = 40)
    {
        PeerId id = SimNetwork.IdOf(++_ids);
        Places[id] = new NetworkPlace(network, network, network);
        PeerStanding standing = new(id, Now - TimeSpan.FromDays(days)) { LastSeen = Now };
        for (int i = 0; i < confirmed; i++)
        {
            standing.Confirm(0.9, Now);
        }

        Book.Add(standing);
        return id;
    }

    protected PeerId Member()
    {
        PeerId id = SimNetwork.IdOf(++_ids);
        Members.Add(id);
        return id;
    }

    protected void Say(PeerId author, MessageKind kind = MessageKind.Sighting) => Engine.Apply(Message(author, kind, Value), Now);

    protected IndicatorMessage Message(PeerId author, MessageKind kind, IndicatorValue target) =>
        new(kind, target, EvidenceLevel.Exploit, "brute-force", Now, Now, 1, 90, TimeSpan.FromHours(24), author, 1, ++_counter, Now);
}
