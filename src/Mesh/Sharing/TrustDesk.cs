using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Reputation;
using Blackwall.Mesh.Sybil;

namespace Blackwall.Mesh.Sharing;

/// <summary>What this sensor knows and says: votes, reputations, what waits to be sent, and their files. Thread-safe; one lock.</summary>
internal sealed class TrustDesk : IDisposable
{
    private readonly SharingOptions _options;
    private readonly PrivateKey _key;
    private readonly PeerId _self;
    private readonly Lock _gate = new();
    private readonly TrustEngine _trust;
    private readonly AdmissionDesk _admission;
    private readonly RecentMessages _recent = new();
    private readonly MessageCounter _counter;
    private readonly Outbox _outbox;
    private readonly ReputationFile _file;
    private readonly OwnIdentity _identity;
    private readonly Queue<IndicatorDraft> _drafts = new();
    private readonly AuthorQuota _ownQuota;
    private const int MaxDrafts = 512;

    public TrustDesk(SharingOptions options, PrivateKey key, PeerPlaces places, DateTimeOffset now)
    {
        (_options, _key, _self) = (options, key, PeerId.From(key.Public));
        ReputationBook book = new();
        _file = new ReputationFile(Path.Combine(options.Folder, "reputation.state"));
        Dictionary<PeerId, string> addresses = [];
        _file.Load(book, addresses, now);
        foreach ((PeerId peer, string text) in addresses)
        {
            if (System.Net.IPAddress.TryParse(text, out System.Net.IPAddress? address))
            {
                places.Met(peer, address);
            }
        }

        _trust = new TrustEngine(options.Consensus, book, places.Of, options.Members.Contains, options.IsGuarded);
        _admission = new AdmissionDesk(options.Proof, peer => IsKnown(peer) || places.IsPrivate(peer), places.Of);
        _counter = new MessageCounter(Path.Combine(options.Folder, "counter.state"), now);
        _outbox = new Outbox(Path.Combine(options.Folder, "outbox.state"), now);
        _identity = new OwnIdentity(_self, options.Proof, Path.Combine(options.Folder, "proof.state"));
        _ownQuota = new AuthorQuota(options.MessagesPerHour, 1);
        Places = places;
        Intake = new IndicatorIntake(options, _trust, _admission, _recent, Counts, _gate, _self);
        Problems = [.. new[] { _file.Problem, _counter.Problem, _outbox.Problem }.OfType<string>()];
    }

    public ShareCounts Counts { get; } = new();

    public IndicatorIntake Intake { get; }

    public PeerPlaces Places { get; }

    /// <summary>What was wrong with the files.</summary>
    public IReadOnlyList<string> Problems { get; }

    public ulong SeqnoAbove => _counter.SeqnoAbove;

    /// <summary>Whether the work of our identity is done, so that others hear us.</summary>
    public bool IsProven => _identity.Work is not null;

    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _outbox.Waiting + _drafts.Count;
            }
        }
    }

    public Task ProveAsync(DateTimeOffset now, CancellationToken cancellation) => _identity.ProveAsync(now, cancellation);

    /// <summary>Reports what our sensors saw. False: it is nothing that may be told.</summary>
    public bool Report(IndicatorDraft draft, DateTimeOffset now)
    {
        if (_options.RelayOnly || PublicSpace.IsProtected(draft.Value))
        {
            return false;
        }

        lock (_gate)
        {
            if (draft.Kind is MessageKind.Sighting)
            {
                _trust.SeenHere(draft.Value, now);

                // What we say already is said again when half of the window is over: fresh evidence renews it for others.
                if (_outbox.Find(draft.Value) is { Message: { Kind: MessageKind.Sighting } said } && said.Evidence >= draft.Evidence && now - said.Created < _options.Consensus.VoteHalfLife)
                {
                    return true;
                }
            }

            _drafts.Enqueue(draft);
            if (_drafts.Count > MaxDrafts)
            {
                _drafts.Dequeue();
                Counts.Add(ShareCount.OwnOverQuota);
            }
        }

        return true;
    }

    public void SeenHere(IndicatorValue value, DateTimeOffset now)
    {
        lock (_gate)
        {
            _trust.SeenHere(value, now);
        }
    }

    /// <summary>Takes back what we said of a value; false: we say nothing of it.</summary>
    public bool Withdraw(IndicatorValue value, string reason, DateTimeOffset now)
    {
        lock (_gate)
        {
            bool isDraft = _drafts.Any(draft => draft.Value == value);
            if (!isDraft && _outbox.Find(value) is not { Message.Kind: MessageKind.Sighting })
            {
                return false;
            }

            _drafts.Enqueue(new IndicatorDraft(MessageKind.Revocation, value, EvidenceLevel.Heard, reason, now, now, 1, 100, IndicatorMessage.MaxTimeToLive));
            return true;
        }
    }

    /// <summary>Whether anybody speaks of a value, or our own sensors saw it.</summary>
    public bool IsKnown(IndicatorValue value)
    {
        lock (_gate)
        {
            return _trust.Find(value) is { } target && (target.Votes.Count > 0 || target.SeenHere is not null);
        }
    }

    /// <summary>The operator's word that a value is no attacker; it is told to all.</summary>
    public void Refute(IndicatorValue value, DateTimeOffset now)
    {
        Withdraw(value, "refuted", now);
        lock (_gate)
        {
            _trust.Refute(value, now);
        }

        Report(new IndicatorDraft(MessageKind.Refutation, value, EvidenceLevel.Heard, "refuted", now, now, 1, 100, IndicatorMessage.MaxTimeToLive), now);
    }

    /// <summary>We serve it as usual.</summary>
    public void Contradict(IndicatorValue value, DateTimeOffset now)
    {
        lock (_gate)
        {
            _trust.Contradict(value, now);
        }

        Report(new IndicatorDraft(MessageKind.Harmless, value, EvidenceLevel.Heard, "served", now, now, 1, 50, TimeSpan.FromHours(24)), now);
    }

    public void Punish(PeerId peer, string offence, DateTimeOffset now)
    {
        lock (_gate)
        {
            _trust.Punish(peer, offence, now);
        }
    }

    public void Ban(PeerId peer, bool banned, DateTimeOffset now)
    {
        lock (_gate)
        {
            _trust.Ban(peer, banned, now);
            Save();
        }
    }

    /// <summary>The score of a peer for the gossip layer.</summary>
    public double GossipScore(PeerId peer, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _trust.Reputation.Find(peer) is not { } known ? 0 : known.IsSilenced(now) ? -1000 : 10 * known.Score(now);
        }
    }

    public bool IsBanned(PeerId peer)
    {
        lock (_gate)
        {
            return _trust.Reputation.Find(peer)?.Banned == true;
        }
    }

    public bool MayContribute(PeerId peer, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _options.Members.Contains(peer) ? _trust.Reputation.Find(peer)?.IsSilenced(now) != true : _trust.IsVeteran(peer, now);
        }
    }

    /// <summary>Signs what waits, as far as our quota allows, and gives what nobody has heard yet.</summary>
    public IReadOnlyList<SignedIndicator> TakeUnpublished(DateTimeOffset now, bool hasListeners)
    {
        lock (_gate)
        {
            while (_identity.Work is { } work && _drafts.Count > 0 && _ownQuota.TryTake(_self, now, out _))
            {
                SignedIndicator signed = SignedIndicator.Sign(Message(_drafts.Dequeue(), work, now), _key, _options.Mesh);
                _outbox.Add(signed);
                if (!hasListeners)
                {
                    Counts.Add(ShareCount.Waited);
                }
            }

            _outbox.Save();
            return hasListeners ? [.. _outbox.Unpublished] : [];
        }
    }

    public void Published(SignedIndicator signed, IEnumerable<PeerId> listeners)
    {
        lock (_gate)
        {
            _outbox.Published(signed, listeners);
            Counts.Add(ShareCount.Published);
        }
    }

    /// <summary>What is to be done otherwise than before.</summary>
    public IReadOnlyList<TrustDecision> Settle(DateTimeOffset now)
    {
        lock (_gate)
        {
            return _trust.Settle(now);
        }
    }

    /// <summary>About once a second.</summary>
    public void Pass(DateTimeOffset now)
    {
        lock (_gate)
        {
            _trust.Pass(now);
            _outbox.Expire(now);
        }
    }

    public void RecountAll()
    {
        lock (_gate)
        {
            _trust.RecountAll();
        }
    }

    /// <summary>What we would tell a peer that was not there: our own words, and the newest of others.</summary>
    public IReadOnlyList<SignedIndicator> Recent(DateTimeOffset after, PeerId peer, DateTimeOffset now)
    {
        lock (_gate)
        {
            _outbox.Given(peer, after);
            return [.. _outbox.All.Concat(_recent.Newest).Where(signed => signed.Message.Expires > now && now - signed.Message.Created < _options.Consensus.Window && signed.Message.Created >= after).Take(SyncProtocol.Most)];
        }
    }

    /// <summary>What we say to others, the newest first.</summary>
    public IReadOnlyList<OwnIndicator> Own(int most)
    {
        lock (_gate)
        {
            return [.. _outbox.Own.Take(most)];
        }
    }

    /// <summary>Writes reputations. Throws <see cref="MeshException"/>: the disk refuses.</summary>
    public void SaveAll()
    {
        lock (_gate)
        {
            Save();
            _outbox.Save();
        }
    }

    public T Read<T>(Func<TrustEngine, T> read)
    {
        lock (_gate)
        {
            return read(_trust);
        }
    }

    public void Dispose() => _admission.Dispose();

    private bool IsKnown(PeerId peer)
    {
        lock (_gate)
        {
            return _trust.Reputation.Find(peer) is not null;
        }
    }

    private void Save() => _file.Save(_trust.Reputation, Places.All);

    private IndicatorMessage Message(IndicatorDraft draft, (ulong Period, ulong Nonce) work, DateTimeOffset now)
    {
        DateTimeOffset created = new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        DateTimeOffset last = IndicatorMessage.Round(draft.LastSeen < now ? draft.LastSeen : now);
        DateTimeOffset first = IndicatorMessage.Round(draft.FirstSeen < last ? draft.FirstSeen : last);
        TimeSpan ttl = TimeSpan.FromSeconds(Math.Clamp(Math.Floor(draft.TimeToLive.TotalSeconds), 60, IndicatorMessage.MaxTimeToLive.TotalSeconds));
        return new IndicatorMessage(
            draft.Kind, draft.Value, draft.Evidence, draft.Detector, first, last, IndicatorMessage.Step(draft.Sightings), Math.Clamp(draft.Confidence, 0, 100), ttl, _self, _counter.Epoch, _counter.Next(), created)
        {
            ProofPeriod = work.Period,
            ProofNonce = work.Nonce,
        };
    }
}
