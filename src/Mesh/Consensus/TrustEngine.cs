using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;

namespace Blackwall.Mesh.Consensus;

/// <summary>
/// The votes of all reporters, and what they come to. A state machine: it is told what was said and when, and <see cref="Settle"/> tells what is to be done. No clock,
/// task or socket, so that a simulation drives the same code. Not thread-safe.
/// </summary>
public sealed class TrustEngine
{
    private const double RefutedWeight = 5;
    private const double PunishedWeight = 50;

    private readonly ConsensusOptions _options;
    private readonly Func<IndicatorValue, bool> _isGuarded;
    private readonly Func<PeerId, bool> _isMember;
    private readonly TargetTable _targets;
    private readonly CoVoting _together;
    private readonly GroupBudget _budget;
    private readonly Ballot _ballot;
    private readonly ReporterJudge _judge;
    private readonly HashSet<Target> _dirty = [];
    private readonly HashSet<Target> _heard = [];
    private readonly WithdrawnWords _withdrawn;

    /// <param name="options">The rules.</param>
    /// <param name="reputation">What is known of reporters.</param>
    /// <param name="place">Where a reporter was reached.</param>
    /// <param name="isMember">Whether a reporter is a sensor of the same operator, by configuration.</param>
    /// <param name="isGuarded">Whether a value may not be acted on here: own addresses, administrators, connected peers, what the operator lists.</param>
    public TrustEngine(ConsensusOptions options, ReputationBook reputation, Func<PeerId, NetworkPlace> place, Func<PeerId, bool> isMember, Func<IndicatorValue, bool> isGuarded)
    {
        (_options, Reputation, _isGuarded, _isMember) = (options, reputation, isGuarded, isMember);
        _targets = new TargetTable(options.MaxTargets, Forget);
        _together = new CoVoting(options);
        _withdrawn = new WithdrawnWords(options.Window);
        _budget = new GroupBudget(options.GroupActions, Math.Max(1, (int)(options.MaxTargets * options.GroupShare)));
        _ballot = new Ballot(options, reputation, place, isMember, new MeshWeight(options, reputation, place));
        _judge = new ReporterJudge(options, reputation, _ballot);
    }

    public ConsensusOptions Options => _options;

    public ReputationBook Reputation { get; }

    public IReadOnlyCollection<Target> Targets => _targets.All;

    /// <summary>Targets that made room for others.</summary>
    public long Evicted => _targets.Evicted;

    public Target? Find(IndicatorValue value) => _targets.Find(value);

    /// <summary>Whether a reporter is old and confirmed enough for others to rest on.</summary>
    public bool IsVeteran(PeerId id, DateTimeOffset now) => _ballot.IsVeteran(id, now);

    /// <summary>Takes a message whose signature holds and that is fresh.</summary>
    public TrustOutcome Apply(IndicatorMessage message, DateTimeOffset now)
    {
        PeerStanding author = Reputation.Meet(message.Author, now);
        if (author.IsSilenced(now))
        {
            return TrustOutcome.Silenced;
        }

        if (message.Kind is MessageKind.Sighting && PublicSpace.IsProtected(message.Value))
        {
            author.Punish("protected-target", PunishedWeight, _options.Silence, now);
            Recount(message.Author);
            return TrustOutcome.Protected;
        }

        if (_isGuarded(message.Value))
        {
            return TrustOutcome.GuardedHere;
        }

        // Messages of one author may arrive in another order than they were signed in.
        (ulong Epoch, ulong Counter) number = (message.Epoch, message.Counter);
        if (_targets.Find(message.Value)?.ByAuthor.GetValueOrDefault(message.Author)?.Number.CompareTo(number) > 0 || _withdrawn.IsAfter(message.Author, Target.KeyOf(message.Value), number))
        {
            return TrustOutcome.Superseded;
        }

        if (message.Kind is MessageKind.Revocation)
        {
            _withdrawn.Add(message.Author, Target.KeyOf(message.Value), number, now);
            if (_targets.Find(message.Value) is { } known && known.ByAuthor.Remove(message.Author))
            {
                _dirty.Add(known);
            }

            return TrustOutcome.Withdrawn;
        }

        Target target = _targets.Meet(message.Value, now, message.Author);
        bool isAgainst = message.Kind is MessageKind.Refutation or MessageKind.Harmless;
        DateTimeOffset seen = message.LastSeen < now ? message.LastSeen : now;

        // Seen is rounded down by up to five minutes; what was just reported is not older for that.
        if (message.Created - message.LastSeen <= IndicatorMessage.Rounding)
        {
            seen = message.Created < now ? message.Created : now;
        }

        Vote? before = target.ByAuthor.GetValueOrDefault(message.Author);
        before = before?.IsAgainst == isAgainst ? before : null;
        Vote vote = new(message.Author, isAgainst, message.Kind is MessageKind.Refutation, message.Evidence, message.Detector, seen, now, message.Expires, message.Id)
        {
            FirstReceived = before?.FirstReceived ?? now,
            Number = number,
        };
        if (before is null && target.ByAuthor.Count >= _options.MaxVotes && !MakeRoom(target, vote, now))
        {
            return TrustOutcome.NoRoom;
        }

        target.ByAuthor[message.Author] = vote;
        if (!isAgainst)
        {
            _together.Add(message.Author, target.Key);
            if (target.IsSeenHere(now, _options.ConfirmWithin))
            {
                _judge.Reward(target, vote, now);
            }
        }
        else if (target.IsSeenHere(now, _options.ConfirmWithin))
        {
            _judge.Doubt(target, vote, now);
        }

        _dirty.Add(target);
        return TrustOutcome.Counted;
    }

    /// <summary>Our own sensors saw it attack: who reported it was right, and who speaks for it is doubted.</summary>
    public void SeenHere(IndicatorValue value, DateTimeOffset now)
    {
        if (PublicSpace.IsProtected(value) || _isGuarded(value))
        {
            return;
        }

        Target target = _targets.Meet(value, now);
        target.SeenHere = now;
        _together.SeenHere(target.Key);
        foreach (Vote vote in target.Votes.Where(vote => now - vote.Received < _options.ConfirmWithin))
        {
            if (vote.IsAgainst)
            {
                _judge.Doubt(target, vote, now);
            }
            else
            {
                _judge.Reward(target, vote, now);
            }
        }

        _dirty.Add(target);
    }

    /// <summary>The operator says that it is no attacker: who reported it was wrong, and nothing is done to it for a while.</summary>
    public void Refute(IndicatorValue value, DateTimeOffset now)
    {
        Target target = _targets.Meet(value, now);
        foreach (Vote vote in target.Votes.Where(vote => !vote.IsAgainst))
        {
            Reputation.Meet(vote.Author, now).Refute(RefutedWeight * Ballot.WeightOf(vote.Evidence), now);
            Recount(vote.Author);
        }

        target.RefutedUntil = now + _options.RefutedFor;
        target.SeenHere = null;
        _dirty.Add(target);
    }

    /// <summary>The operator said so before this process began; reporters have lost their reputation for it already.</summary>
    public void RestoreRefutation(IndicatorValue value, DateTimeOffset said, DateTimeOffset now)
    {
        if (said <= now && now - said < _options.RefutedFor)
        {
            _targets.Meet(value, now).RefutedUntil = said + _options.RefutedFor;
        }
    }

    /// <summary>Our own sensors serve it as usual: who reported it is doubted, by a fifth of what a refutation costs and no more than that in a day.</summary>
    public void Contradict(IndicatorValue value, DateTimeOffset now)
    {
        if (_targets.Find(value) is { } target)
        {
            _judge.Contradict(target, now);
        }
    }

    /// <summary>Silences an author for an offence that its own signatures prove.</summary>
    public void Punish(PeerId author, string offence, DateTimeOffset now)
    {
        Reputation.Meet(author, now).Punish(offence, PunishedWeight, _options.Silence, now);
        Recount(author);
    }

    /// <summary>Whether the operator wants to hear a reporter; its votes count no longer, or again.</summary>
    public void Ban(PeerId author, bool banned, DateTimeOffset now)
    {
        bool isUnheard = Reputation.Find(author) is not { IsUnheard: false };
        PeerStanding standing = Reputation.Find(author) ?? Reputation.Meet(author, now);
        standing.IsUnheard = isUnheard;
        standing.Banned = banned;
        if (!banned)
        {
            standing.Forgive(PunishedWeight);
            Reputation.ForgetUnheard(standing);
        }

        Recount(author);
    }

    /// <summary>Asks every target anew: what a change of the guard set or of the members needs.</summary>
    public void RecountAll() => _dirty.UnionWith(_targets.All);

    /// <summary>What is to be done otherwise than before, because of what was said since, or because time went by.</summary>
    public IReadOnlyList<TrustDecision> Settle(DateTimeOffset now)
    {
        List<TrustDecision> decisions = [];
        foreach (Target target in _dirty)
        {
            SettleOne(target, now, decisions);
        }

        _dirty.Clear();
        return decisions;
    }

    /// <summary>Marks what may have changed by time alone, and forgets what is over; about once a second. <see cref="Settle"/> tells the rest.</summary>
    public void Pass(DateTimeOffset now)
    {
        _dirty.UnionWith(_targets.Acted);
        _dirty.UnionWith(_heard);
        _targets.Trim(now, _options.Window);
        _budget.Trim(now);
        _withdrawn.Trim(now);
    }

    private void SettleOne(Target target, DateTimeOffset now, List<TrustDecision> decisions)
    {
        BallotResult result = _isGuarded(target.Value)
            ? BallotResult.Empty with { Reason = "guarded" }
            : _ballot.Count(target, now, voters => _together.Groups(voters, IsConfirmed), group => _budget.IsSpent(group, now));
        MeshAction before = target.Action;
        if (MustWait(target, result, now))
        {
            result = result with { Action = MeshAction.Log, Reason = "hearing" };
        }

        MeshAction after = result.Action;
        bool isLeased = after is not MeshAction.None and not MeshAction.Log;
        DateTimeOffset until = target.Until;
        if (isLeased)
        {
            bool isOver = target.HasLapsed || (before == after && now >= until);
            DateTimeOffset longest = now + (after is MeshAction.Block ? _options.OwnLease : IsOfStrangers(result) && !isOver ? _options.FirstLease : _options.RemoteLease);
            if (isOver && !IsFresh(target, result))
            {
                target.HasLapsed = true;
                after = MeshAction.Log;
                result = result with { Action = after, Reason = "lease-ended" };
            }
            else
            {
                target.HasLapsed = false;
                until = isOver || after > before ? longest : after < before && longest < until ? longest : until;
            }
        }

        target.Cause = result;
        if (after == before && until == target.Until)
        {
            return;
        }

        bool begins = isLeased && after > before;
        bool isRenewed = until != target.Until;
        (target.Action, target.Until) = (after, until);
        _targets.Track(target);
        if (after is not MeshAction.RateLimit and not MeshAction.Tarpit)
        {
            EndCharge(target);
        }

        if (begins || isRenewed)
        {
            target.ActedAt = now;
        }

        if (begins)
        {
            Begin(target, result, now);
        }

        decisions.Add(new TrustDecision(target.Value, before, after, until, result));
    }

    // On strangers' word alone nothing begins before those who serve the target had the time to say so.
    private bool MustWait(Target target, BallotResult result, DateTimeOffset now)
    {
        if (!IsOfStrangers(result) || target.Action > MeshAction.Log)
        {
            target.HeardSince = null;
            _heard.Remove(target);
            return false;
        }

        target.HeardSince = target.HeardSince is { } since && since <= now ? since : now;
        bool waits = now - target.HeardSince < _options.Hearing;
        if (waits)
        {
            _heard.Add(target);
        }
        else
        {
            _heard.Remove(target);
        }

        return waits;
    }

    private static bool IsOfStrangers(BallotResult result) => result is { Action: MeshAction.RateLimit, Members: 0 };

    // A lease that ended needs a vote that was cast since, or another sighting of our own; of strangers it needs others than those it began with.
    private bool IsFresh(Target target, BallotResult result) =>
        target.SeenHere > target.ActedAt || (IsOfStrangers(result)
            ? result.Votes.Where(vote => !vote.Vote.IsAgainst && vote.Vote.FirstReceived > target.ActedAt).Sum(vote => vote.Raw) >= _options.OwnBar
            : result.Votes.Any(vote => !vote.Vote.IsAgainst && vote.Vote.Received > target.ActedAt));

    private void Forget(Target target)
    {
        EndCharge(target);
        _heard.Remove(target);
    }

    private void EndCharge(Target target)
    {
        _budget.End(target.Charged);
        target.Charged = [];
    }

    private void Begin(Target target, BallotResult result, DateTimeOffset now)
    {
        bool isRemote = target.Action is not MeshAction.Block;
        HashSet<PeerId> charged = [];
        foreach (WeighedVote weighed in result.Votes.Where(weighed => !weighed.Vote.IsAgainst && weighed.Counted > 0))
        {
            PeerId group = result.Groups.GetValueOrDefault(weighed.Vote.Author, weighed.Vote.Author);
            charged.Add(group);

            // Enough others say the same without this one's group.
            double others = result.Votes.Where(other => !other.Vote.IsAgainst && result.Groups.GetValueOrDefault(other.Vote.Author, other.Vote.Author) != group).Sum(other => other.Counted);
            if (others >= _options.OwnBar && result.Veterans >= _options.Veterans)
            {
                _judge.Reward(target, weighed.Vote, now);
            }
        }

        if (isRemote)
        {
            Charge(target, charged, now);
        }
    }

    private void Charge(Target target, HashSet<PeerId> groups, DateTimeOffset now)
    {
        EndCharge(target);
        target.Charged = groups;
        _budget.Spend(groups, now);
    }

    private void Recount(PeerId author) => _dirty.UnionWith(_targets.All.Where(target => target.ByAuthor.ContainsKey(author)));

    private bool IsConfirmed(ulong key, Func<PeerId, bool> isOfGroup) =>
        _targets.Find(key) is { } target && target.Votes.Any(vote => !vote.IsAgainst && Reputation.Find(vote.Author) is { Confirmed: > 0 } && !isOfGroup(vote.Author));

    private bool MakeRoom(Target target, Vote vote, DateTimeOffset now)
    {
        Vote[] sameSide = [.. target.Votes.Where(known => known.IsAgainst == vote.IsAgainst)];
        if (sameSide.Length < _options.MaxVotes)
        {
            return true;
        }

        double weight = _ballot.WeightOf(vote, now);
        if (weight <= 0 && !_isMember(vote.Author))
        {
            return false;
        }

        Vote lightest = sameSide.MinBy(known => _ballot.WeightOf(known, now))!;
        return _ballot.WeightOf(lightest, now) < weight && target.ByAuthor.Remove(lightest.Author);
    }
}
