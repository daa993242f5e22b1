using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Xunit;

namespace Blackwall.Tests.Mesh.Trust;

/// <summary>Who speaks for a target, and what that does to it and to who says so.</summary>
public sealed class ContestTests : BallotScene
{
    [Fact]
    public void What_two_believed_reporters_serve_is_contested_and_needs_half_of_the_weight_of_the_mesh()
    {
        PeerId[] mesh = [.. Enumerable.Range(1, 30).Select(network => Reporter((ulong)network))];
        foreach (PeerId reporter in mesh.Take(10))
        {
            Say(reporter);
        }

        Say(mesh[^1], MessageKind.Harmless);
        Assert.Equal((MeshAction.RateLimit, "consensus"), (Settled().Action, Settled().Cause.Reason));
        Say(mesh[^2], MessageKind.Harmless);
        Assert.Equal((MeshAction.Log, "contested"), (Settled().Action, Settled().Cause.Reason));
        foreach (PeerId reporter in mesh.Skip(10).Take(8))
        {
            Say(reporter);
        }

        Assert.Equal((MeshAction.RateLimit, "consensus"), (Settled().Action, Settled().Cause.Reason));
    }

    [Fact]
    public void What_is_said_for_it_while_it_is_heard_keeps_it_from_being_limited_at_all()
    {
        PeerId[] mesh = [.. Enumerable.Range(1, 30).Select(network => Reporter((ulong)network))];
        foreach (PeerId reporter in mesh.Take(10))
        {
            Say(reporter);
        }

        Assert.Equal(MeshAction.Log, Settled(TimeSpan.FromSeconds(4)).Action);
        Say(mesh[^1], MessageKind.Harmless);
        Say(mesh[^2], MessageKind.Harmless);
        Assert.Equal(MeshAction.Log, Settled(TimeSpan.FromSeconds(10)).Action);
        Say(mesh[^2], MessageKind.Revocation);
        Assert.Equal(MeshAction.Log, Settled(TimeSpan.Zero).Action);
        Assert.Equal(MeshAction.RateLimit, Settled().Action);
    }

    [Fact]
    public void Who_serves_it_as_usual_outweighs_twice_as_many()
    {
        foreach (int network in Enumerable.Range(1, 5))
        {
            Say(Reporter((ulong)network));
        }

        Assert.Equal(MeshAction.RateLimit, Action);
        Say(Reporter(20), MessageKind.Harmless);
        Say(Reporter(21), MessageKind.Harmless);
        Assert.Equal(MeshAction.RateLimit, Action);
        Say(Reporter(22), MessageKind.Harmless);
        Assert.Equal((MeshAction.None, "contradicted"), (Settled().Action, Settled().Cause.Reason));
    }

    [Fact]
    public void Who_vouches_for_what_our_own_sensors_see_attack_is_doubted_once_for_each()
    {
        PeerId witness = Reporter(1);
        Say(witness, MessageKind.Harmless);
        Assert.Equal(0, Book.Find(witness)!.Against);
        Engine.SeenHere(Value, Now);
        Engine.SeenHere(Value, Now);
        Say(witness, MessageKind.Harmless);
        Assert.Equal(1, Book.Find(witness)!.Against);
        PeerId later = Reporter(2);
        Say(later, MessageKind.Harmless);
        Assert.Equal(1, Book.Find(later)!.Against);
    }

    [Fact]
    public void A_crowd_of_accusers_does_not_push_out_those_who_speak_for_the_target()
    {
        TrustEngine engine = new(new ConsensusOptions { MaxVotes = 8 }, Book, id => Places.GetValueOrDefault(id), Members.Contains, _ => false);
        PeerId[] witnesses = [.. Enumerable.Range(100, 3).Select(network => Reporter((ulong)network, days: 20, confirmed: 6))];
        foreach (PeerId witness in witnesses)
        {
            engine.Apply(Message(witness, MessageKind.Harmless, Value), Now);
        }

        for (ulong network = 1; network <= 40; network++)
        {
            engine.Apply(Message(Reporter(network), MessageKind.Sighting, Value), Now);
        }

        Target target = engine.Find(Value)!;
        Assert.Equal((3, 8), (target.Votes.Count(vote => vote.IsAgainst), target.Votes.Count(vote => !vote.IsAgainst)));

        // Nor does it help to change sides.
        foreach (PeerId accuser in target.Votes.Where(vote => !vote.IsAgainst).Select(vote => vote.Author).ToArray())
        {
            engine.Apply(Message(accuser, MessageKind.Harmless, Value), Now);
        }

        Assert.Equal(8, target.Votes.Count(vote => vote.IsAgainst));
    }

    [Fact]
    public void Taking_a_vote_back_and_casting_it_again_earns_nothing_twice()
    {
        PeerId reporter = Reporter(1, confirmed: 0);
        for (int i = 0; i < 5; i++)
        {
            Say(reporter);
            Engine.SeenHere(Value, Now);
            Say(reporter, MessageKind.Harmless);
            Say(reporter);
            Say(reporter, MessageKind.Revocation);
        }

        Assert.Equal((0.9, 1), (Book.Find(reporter)!.For, Book.Find(reporter)!.Confirmed));
    }
}
