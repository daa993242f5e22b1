using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;
using Blackwall.Tests.Mesh.Simulation;
using Xunit;

namespace Blackwall.Tests.Mesh.Trust;

/// <summary>The rules one by one: each has what passes it beside what does not.</summary>
public sealed class ConsensusTests : BallotScene
{
    [Fact]
    public void Five_independent_reporters_with_reputation_have_it_limited_and_an_own_sighting_makes_it_a_block()
    {
        for (ulong network = 1; network <= 5; network++)
        {
            Say(Reporter(network));
        }

        Assert.Equal((MeshAction.Log, "hearing"), (Settled(TimeSpan.Zero).Action, Settled(TimeSpan.Zero).Cause.Reason));
        Assert.Equal((MeshAction.RateLimit, "consensus"), (Settled().Action, Settled().Cause.Reason));
        Engine.SeenHere(Value, Now);
        Assert.Equal(MeshAction.Block, Action);
    }

    [Fact]
    public void Of_one_network_any_number_counts_once()
    {
        for (int i = 0; i < 100; i++)
        {
            Say(Reporter(1));
        }

        Assert.Equal(MeshAction.Log, Action);
        Assert.InRange(Settled().Cause.Weight, 0.9, 1.0);

        // The positive control: four more networks.
        for (ulong network = 2; network <= 5; network++)
        {
            Say(Reporter(network));
        }

        Assert.Equal(MeshAction.RateLimit, Action);
    }

    [Fact]
    public void Newcomers_weigh_nothing_however_many_and_without_veterans_nothing_is_done()
    {
        for (ulong network = 1; network <= 50; network++)
        {
            Say(Reporter(network, days: 0.5, confirmed: 40));
        }

        Assert.Equal(0, Settled().Cause.Weight);
        for (ulong network = 60; network <= 75; network++)
        {
            Say(Reporter(network, days: 25, confirmed: 19));
        }

        Assert.Equal((MeshAction.Log, "veterans"), (Settled().Action, Settled().Cause.Reason));
    }

    [Fact]
    public void Taking_a_vote_back_takes_that_vote_alone_and_the_action_falls_with_the_weight()
    {
        PeerId[] reporters = [.. Enumerable.Range(1, 5).Select(network => Reporter((ulong)network))];
        foreach (PeerId reporter in reporters)
        {
            Say(reporter);
        }

        Assert.Equal(MeshAction.RateLimit, Action);
        Say(reporters[0], MessageKind.Revocation);
        Assert.Equal((MeshAction.RateLimit, 4), (Settled().Action, Settled().Votes.Count));
        Say(reporters[1], MessageKind.Revocation);
        Assert.Equal(MeshAction.Log, Action);
    }

    [Fact]
    public void Ten_minutes_later_it_needs_new_reporters_of_weight_one_and_then_lasts_an_hour()
    {
        PeerId[] reporters = [.. Enumerable.Range(1, 7).Select(network => Reporter((ulong)network))];
        foreach (PeerId reporter in reporters)
        {
            Say(reporter);
        }

        Assert.Equal(MeshAction.RateLimit, Action);
        Assert.InRange(Settled(TimeSpan.Zero).Until - Now, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Pass(TimeSpan.FromMinutes(10));
        Assert.Equal((MeshAction.Log, "lease-ended"), (Settled().Action, Settled().Cause.Reason));
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(MeshAction.Log, Action);
        foreach (PeerId again in reporters)
        {
            Say(again);
        }

        Say(Reporter(8));
        Assert.Equal(MeshAction.Log, Action);
        Say(Reporter(9));
        Assert.Equal(MeshAction.RateLimit, Settled(TimeSpan.Zero).Action);
        Assert.Equal(Now.AddHours(1), Settled(TimeSpan.Zero).Until);
    }

    [Fact]
    public void One_member_is_acted_on_by_a_limit_two_by_a_diversion_and_a_members_refutation_ends_it()
    {
        PeerId one = Member();
        PeerId two = Member();
        Say(one);
        Assert.Equal(MeshAction.RateLimit, Action);
        Say(two);
        Assert.Equal(MeshAction.Tarpit, Action);
        Say(Member(), MessageKind.Refutation);
        Assert.Equal((MeshAction.None, "refuted"), (Settled().Action, Settled().Cause.Reason));
    }

    [Fact]
    public void A_refutation_costs_five_times_what_a_confirmation_earns_and_leaves_the_target_alone_for_a_week()
    {
        PeerId reporter = Reporter(1, confirmed: 0);
        Say(reporter);
        Engine.SeenHere(Value, Now);
        Assert.Equal((0.9, 0.0), (Book.Find(reporter)!.For, Book.Find(reporter)!.Against));
        Engine.Refute(Value, Now);
        Assert.Equal(4.5, Book.Find(reporter)!.Against, 6);
        for (ulong network = 2; network <= 8; network++)
        {
            Say(Reporter(network));
        }

        Assert.Equal((MeshAction.None, "refuted"), (Settled().Action, Settled().Cause.Reason));
    }

    [Fact]
    public void What_the_guard_holds_is_never_a_target_and_a_ban_takes_a_reporters_votes()
    {
        PeerId member = Member();
        Assert.Equal(TrustOutcome.GuardedHere, Engine.Apply(Message(member, MessageKind.Sighting, IndicatorValue.From(IPAddress.Parse("9.8.7.6"))), Now));
        Assert.Equal(TrustOutcome.Counted, Engine.Apply(Message(member, MessageKind.Sighting, Value), Now));
        Assert.Equal(MeshAction.RateLimit, Action);
        Engine.Ban(member, banned: true, Now);
        Assert.Equal(MeshAction.None, Action);
        Engine.Ban(member, banned: false, Now);
        Assert.Equal(MeshAction.RateLimit, Action);
    }

    [Fact]
    public void One_group_causes_fifty_actions_an_hour_and_no_more()
    {
        // Likeness is left out: six that always vote alike would be one group after a few.
        TrustEngine engine = new(new ConsensusOptions { CliqueVotes = int.MaxValue }, Book, id => Places.GetValueOrDefault(id), Members.Contains, _ => false);
        PeerId[] reporters = [.. Enumerable.Range(1, 6).Select(network => Reporter((ulong)network))];
        int acted = 0;
        for (int i = 0; i < 140; i++)
        {
            IndicatorValue target = IndicatorValue.From(new IPAddress([11, 0, 1, (byte)i]));
            foreach (PeerId reporter in reporters)
            {
                engine.Apply(Message(reporter, MessageKind.Sighting, target), Now);
            }

            engine.Settle(Now);
            engine.Settle(Now + TimeSpan.FromSeconds(5));
            engine.Pass(Now + TimeSpan.FromSeconds(6));
            engine.Settle(Now + TimeSpan.FromSeconds(6));
            acted += engine.Find(target)!.Action is MeshAction.RateLimit ? 1 : 0;
            Now += TimeSpan.FromSeconds(30);
        }

        // Seventy minutes: fifty, and those of the first ten again.
        Assert.InRange(acted, 50, 70);
    }

    [Fact]
    public void One_group_has_a_thousandth_of_the_table_acted_on_at_a_time_and_more_when_that_has_ended()
    {
        TrustEngine engine = new(new ConsensusOptions { CliqueVotes = int.MaxValue, GroupActions = int.MaxValue, MaxTargets = 5000 }, Book, id => Places.GetValueOrDefault(id), Members.Contains, _ => false);
        PeerId[] reporters = [.. Enumerable.Range(1, 6).Select(network => Reporter((ulong)network))];
        int next = 0;
        int ActedOf(int targets)
        {
            int acted = 0;
            for (int i = 0; i < targets; i++)
            {
                IndicatorValue target = IndicatorValue.From(new IPAddress([11, 0, 3, (byte)++next]));
                foreach (PeerId reporter in reporters)
                {
                    engine.Apply(Message(reporter, MessageKind.Sighting, target), Now);
                }

                engine.Settle(Now);
                Now += TimeSpan.FromSeconds(6);
                engine.Pass(Now);
                engine.Settle(Now);
                acted += engine.Find(target)!.Action is MeshAction.RateLimit ? 1 : 0;
            }

            return acted;
        }

        Assert.Equal(5, ActedOf(12));
        Now += TimeSpan.FromMinutes(15);
        engine.Pass(Now);
        engine.Settle(Now);
        Assert.Equal(5, ActedOf(12));
    }

    [Fact]
    public void A_fresh_network_of_five_strangers_comes_to_trust_by_what_its_sensors_see_themselves()
    {
        PeerId[] others = [.. Enumerable.Range(1, 4).Select(network => Reporter((ulong)network, days: 0, confirmed: 0))];
        for (int day = 0; day < 35; day++)
        {
            IndicatorValue scanner = IndicatorValue.From(new IPAddress([11, 0, 2, (byte)day]));
            foreach (PeerId other in others)
            {
                Engine.Apply(Message(other, MessageKind.Sighting, scanner), Now);
            }

            Engine.SeenHere(scanner, Now);
            Engine.Settle(Now);
            Pass(TimeSpan.FromDays(1));
        }

        Assert.All(others, other => Assert.True(Engine.IsVeteran(other, Now)));
        Assert.All(others, other => Assert.InRange(Book.Find(other)!.Score(Now), 0.5, 1));
        foreach (PeerId other in others)
        {
            Say(other);
        }

        Engine.SeenHere(Value, Now);
        Assert.Equal(MeshAction.Block, Action);
    }

    [Fact]
    public void An_honest_newcomer_has_half_a_reputation_after_eight_confirmed_reports()
    {
        PeerStanding peer = new(SimNetwork.IdOf(9999), Now);
        Assert.InRange(peer.Score(Now), 0.02, 0.03);
        int reports = 0;
        while (peer.Score(Now) < 0.5)
        {
            peer.Confirm(1, Now);
            reports++;
        }

        Assert.Equal(8, reports);
    }
}
