using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;
using Blackwall.Tests.Mesh.Simulation;
using Xunit;

namespace Blackwall.Tests.Mesh.Trust;

/// <summary>The rules one by one: each has what passes it beside what does not.</summary>
public sealed class ConsensusTests
{
    private static readonly IndicatorValue Target = IndicatorValue.From(IPAddress.Parse("1.2.3.4"));
    private readonly Dictionary<PeerId, NetworkPlace> _places = [];
    private readonly HashSet<PeerId> _members = [];
    private readonly ReputationBook _book = new();
    private readonly TrustEngine _engine;
    private DateTimeOffset _now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private ulong _counter;
    private int _ids;

    public ConsensusTests() => _engine = new TrustEngine(new ConsensusOptions(), _book, id => _places.GetValueOrDefault(id), _members.Contains, value => value.Text is "9.8.7.6");

    private MeshAction Action => Settled().Action;

    [Fact]
    public void Five_independent_reporters_with_reputation_have_it_limited_and_an_own_sighting_makes_it_a_block()
    {
        for (ulong network = 1; network <= 5; network++)
        {
            Say(Reporter(network));
        }

        Assert.Equal((MeshAction.Log, "hearing"), (Settled(TimeSpan.Zero).Action, Settled(TimeSpan.Zero).Cause.Reason));
        Assert.Equal((MeshAction.RateLimit, "consensus"), (Settled().Action, Settled().Cause.Reason));
        _engine.SeenHere(Target, _now);
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
        Assert.InRange(Settled(TimeSpan.Zero).Until - _now, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
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
        Assert.Equal(_now.AddHours(1), Settled(TimeSpan.Zero).Until);
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
        _engine.SeenHere(Target, _now);
        Assert.Equal((0.9, 0.0), (_book.Find(reporter)!.For, _book.Find(reporter)!.Against));
        _engine.Refute(Target, _now);
        Assert.Equal(4.5, _book.Find(reporter)!.Against, 6);
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
        Assert.Equal(TrustOutcome.GuardedHere, _engine.Apply(Message(member, MessageKind.Sighting, IndicatorValue.From(IPAddress.Parse("9.8.7.6"))), _now));
        Assert.Equal(TrustOutcome.Counted, _engine.Apply(Message(member, MessageKind.Sighting, Target), _now));
        Assert.Equal(MeshAction.RateLimit, Action);
        _engine.Ban(member, banned: true, _now);
        Assert.Equal(MeshAction.None, Action);
        _engine.Ban(member, banned: false, _now);
        Assert.Equal(MeshAction.RateLimit, Action);
    }

    [Fact]
    public void One_group_causes_fifty_actions_an_hour_and_no_more()
    {
        // Likeness is left out: six that always vote alike would be one group after a few.
        TrustEngine engine = new(new ConsensusOptions { CliqueVotes = int.MaxValue }, _book, id => _places.GetValueOrDefault(id), _members.Contains, _ => false);
        PeerId[] reporters = [.. Enumerable.Range(1, 6).Select(network => Reporter((ulong)network))];
        int acted = 0;
        for (int i = 0; i < 140; i++)
        {
            IndicatorValue target = IndicatorValue.From(new IPAddress([11, 0, 1, (byte)i]));
            foreach (PeerId reporter in reporters)
            {
                engine.Apply(Message(reporter, MessageKind.Sighting, target), _now);
            }

            engine.Settle(_now);
            engine.Settle(_now + TimeSpan.FromSeconds(5));
            engine.Pass(_now + TimeSpan.FromSeconds(6));
            engine.Settle(_now + TimeSpan.FromSeconds(6));
            acted += engine.Find(target)!.Action is MeshAction.RateLimit ? 1 : 0;
            _now += TimeSpan.FromSeconds(30);
        }

        // Seventy minutes: fifty, and those of the first ten again.
        Assert.InRange(acted, 50, 70);
    }

    [Fact]
    public void One_group_has_a_thousandth_of_the_table_acted_on_at_a_time_and_more_when_that_has_ended()
    {
        TrustEngine engine = new(new ConsensusOptions { CliqueVotes = int.MaxValue, GroupActions = int.MaxValue, MaxTargets = 5000 }, _book, id => _places.GetValueOrDefault(id), _members.Contains, _ => false);
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
                    engine.Apply(Message(reporter, MessageKind.Sighting, target), _now);
                }

                engine.Settle(_now);
                _now += TimeSpan.FromSeconds(6);
                engine.Pass(_now);
                engine.Settle(_now);
                acted += engine.Find(target)!.Action is MeshAction.RateLimit ? 1 : 0;
            }

            return acted;
        }

        Assert.Equal(5, ActedOf(12));
        _now += TimeSpan.FromMinutes(15);
        engine.Pass(_now);
        engine.Settle(_now);
        Assert.Equal(5, ActedOf(12));
    }

    [Fact]
    public void A_crowd_of_accusers_does_not_push_out_those_who_speak_for_the_target()
    {
        TrustEngine engine = new(new ConsensusOptions { MaxVotes = 8 }, _book, id => _places.GetValueOrDefault(id), _members.Contains, _ => false);
        PeerId[] witnesses = [.. Enumerable.Range(100, 3).Select(network => Reporter((ulong)network, days: 20, confirmed: 6))];
        foreach (PeerId witness in witnesses)
        {
            engine.Apply(Message(witness, MessageKind.Harmless, Target), _now);
        }

        for (ulong network = 1; network <= 40; network++)
        {
            engine.Apply(Message(Reporter(network), MessageKind.Sighting, Target), _now);
        }

        Target target = engine.Find(Target)!;
        Assert.Equal((3, 8), (target.Votes.Count(vote => vote.IsAgainst), target.Votes.Count(vote => !vote.IsAgainst)));

        // Nor does it help to change sides.
        foreach (PeerId accuser in target.Votes.Where(vote => !vote.IsAgainst).Select(vote => vote.Author).ToArray())
        {
            engine.Apply(Message(accuser, MessageKind.Harmless, Target), _now);
        }

        Assert.Equal(8, target.Votes.Count(vote => vote.IsAgainst));
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
                _engine.Apply(Message(other, MessageKind.Sighting, scanner), _now);
            }

            _engine.SeenHere(scanner, _now);
            _engine.Settle(_now);
            Pass(TimeSpan.FromDays(1));
        }

        Assert.All(others, other => Assert.True(_engine.IsVeteran(other, _now)));
        Assert.All(others, other => Assert.InRange(_book.Find(other)!.Score(_now), 0.5, 1));
        foreach (PeerId other in others)
        {
            Say(other);
        }

        _engine.SeenHere(Target, _now);
        Assert.Equal(MeshAction.Block, Action);
    }

    [Fact]
    public void An_honest_newcomer_has_half_a_reputation_after_eight_confirmed_reports()
    {
        PeerStanding peer = new(SimNetwork.IdOf(9999), _now);
        Assert.InRange(peer.Score(_now), 0.02, 0.03);
        int reports = 0;
        while (peer.Score(_now) < 0.5)
        {
            peer.Confirm(1, _now);
            reports++;
        }

        Assert.Equal(8, reports);
    }

    // What it comes to when those who serve it had their time to say so.
    private Target Settled() => Settled(new ConsensusOptions().Hearing);

    private Target Settled(TimeSpan after)
    {
        _engine.Settle(_now);
        Pass(after);
        return _engine.Find(Target)!;
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        _engine.Pass(_now);
        _engine.Settle(_now);
    }

    private PeerId Reporter(ulong network, double days = 60, int confirmed = 40)
    {
        PeerId id = SimNetwork.IdOf(++_ids);
        _places[id] = new NetworkPlace(network, network, network);
        PeerStanding standing = new(id, _now - TimeSpan.FromDays(days)) { LastSeen = _now };
        for (int i = 0; i < confirmed; i++)
        {
            standing.Confirm(0.9, _now);
        }

        _book.Add(standing);
        return id;
    }

    private PeerId Member()
    {
        PeerId id = SimNetwork.IdOf(++_ids);
        _members.Add(id);
        return id;
    }

    private void Say(PeerId author, MessageKind kind = MessageKind.Sighting) => _engine.Apply(Message(author, kind, Target), _now);

    private IndicatorMessage Message(PeerId author, MessageKind kind, IndicatorValue target) =>
        new(kind, target, EvidenceLevel.Exploit, "brute-force", _now, _now, 1, 90, TimeSpan.FromHours(24), author, 1, ++_counter, _now);
}
