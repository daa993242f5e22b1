namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>What the router took, refused and dropped. Read from outside at any time; only the router's owner writes.</summary>
public sealed class GossipCounters
{
    /// <summary>Messages of others that were accepted.</summary>
    public long Accepted { get; internal set; }

    public long Duplicates { get; internal set; }

    /// <summary>Messages of topics that we do not take part in.</summary>
    public long Unwanted { get; internal set; }

    /// <summary>Messages whose signature, policy fields or validator said no.</summary>
    public long Rejected { get; internal set; }

    /// <summary>Messages that the validator set aside.</summary>
    public long Ignored { get; internal set; }

    /// <summary>RPCs of peers below the graylist threshold.</summary>
    public long Graylisted { get; internal set; }

    /// <summary>RPCs that could not be read or were over a limit.</summary>
    public long BadRpcs { get; internal set; }

    /// <summary>RPCs after which a peer was made to wait, because it sends more bytes than it may.</summary>
    public long Paced { get; internal set; }

    /// <summary>GRAFTs inside of a backoff.</summary>
    public long EarlyGrafts { get; internal set; }

    /// <summary>IHAVE entries and ids over a peer's limit.</summary>
    public long IHavesOverLimit { get; internal set; }

    /// <summary>Ids asked for over a peer's limit, or too often.</summary>
    public long IWantsOverLimit { get; internal set; }

    public long IDontWantsOverLimit { get; internal set; }

    /// <summary>Messages not sent because the peer had said that it has them.</summary>
    public long SpareCopies { get; internal set; }

    /// <summary>Messages that a peer told of and did not send when asked.</summary>
    public long BrokenPromises { get; internal set; }

    /// <summary>Subscriptions beyond a peer's limit of topics.</summary>
    public long SubscriptionsOverLimit { get; internal set; }

    /// <summary>RPCs whose rest did not come in time, or that held most when there was no more room.</summary>
    public long UnfinishedRpcs { get; internal set; }

    /// <summary>Messages with a sequence number that their author used before, or one below it.</summary>
    public long Replayed { get; internal set; }

    /// <summary>Authors whose sequence numbers were forgotten because there were too many.</summary>
    public long AuthorsEvicted { get; internal set; }

    /// <summary>Ids that left the seen cache before their time.</summary>
    public long SeenEvicted { get; internal set; }

    /// <summary>Messages that left the message cache before their time.</summary>
    public long HistoryEvicted { get; internal set; }

    /// <summary>Scores of peers that left, dropped before their time.</summary>
    public long ScoresEvicted { get; internal set; }

    /// <summary>All of them, by name.</summary>
    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        [nameof(Accepted)] = Accepted,
        [nameof(Duplicates)] = Duplicates,
        [nameof(Unwanted)] = Unwanted,
        [nameof(Rejected)] = Rejected,
        [nameof(Ignored)] = Ignored,
        [nameof(Graylisted)] = Graylisted,
        [nameof(BadRpcs)] = BadRpcs,
        [nameof(Paced)] = Paced,
        [nameof(EarlyGrafts)] = EarlyGrafts,
        [nameof(IHavesOverLimit)] = IHavesOverLimit,
        [nameof(IWantsOverLimit)] = IWantsOverLimit,
        [nameof(IDontWantsOverLimit)] = IDontWantsOverLimit,
        [nameof(SpareCopies)] = SpareCopies,
        [nameof(BrokenPromises)] = BrokenPromises,
        [nameof(SubscriptionsOverLimit)] = SubscriptionsOverLimit,
        [nameof(UnfinishedRpcs)] = UnfinishedRpcs,
        [nameof(Replayed)] = Replayed,
        [nameof(AuthorsEvicted)] = AuthorsEvicted,
        [nameof(SeenEvicted)] = SeenEvicted,
        [nameof(HistoryEvicted)] = HistoryEvicted,
        [nameof(ScoresEvicted)] = ScoresEvicted,
    };
}
