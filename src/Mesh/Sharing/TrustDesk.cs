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
    private readonly PeerId _self;
    private readonly Lock _gate = new();
    private readonly TrustEngine _trust;
    private readonly AdmissionDesk _admission;
    private readonly RecentMessages _recent = new();
    private readonly MessageCounter _counter;
    private readonly DraftSigner _signer;
    private readonly Outbox _outbox;
    private readonly ReputationFile _file;
    private readonly OwnIdentity _identity;
    private readonly DraftQueue _drafts;

    public TrustDesk(SharingOptions options, PrivateKey key, PeerPlaces places, DateTimeOffset now)
    {
        (_options, _self) = (options, PeerId.From(key.Public));
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
        _signer = new DraftSigner(options, key, _counter, now);
        _outbox = new Outbox(Path.Combine(options.Folder, "outbox.state"), now);
        _identity = new OwnIdentity(_self, options.Proof, Path.Combine(options.Folder, "proof.state"));
        _drafts = new DraftQueue(_self, options.MessagesPerHour);
        places.IsNeeded = IsKnown;
        Places = places;
        Intake = new IndicatorIntake(options, _trust, _admission, _recent, Counts, _gate, _self) { IsOurs = IsOurs };
        Remember(now);
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

                // The operator's word is above that of the detectors.
                if (_trust.Find(draft.Value)?.RefutedUntil > now)
                {
                    return false;
                }

                // What we say already is said again when half of the window is over: fresh evidence renews it for others.
                if (_outbox.Find(draft.Value) is { Message: { Kind: MessageKind.Sighting } said } && said.Evidence >= draft.Evidence && now - said.Created < _options.Consensus.VoteHalfLife)
                {
                    return true;
                }
            }

            if (!_drafts.Add(draft))
            {
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
            bool isDraft = _drafts.Remove(value);
            if (_outbox.Find(value) is not { Message.Kind: MessageKind.Sighting })
            {
                return isDraft;
            }

            _drafts.Add(new IndicatorDraft(MessageKind.Revocation, value, EvidenceLevel.Heard, reason, now, now, 1, 100, IndicatorMessage.MaxTimeToLive));
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

    /// <summary>
    /// The operator's word that a value is no attacker; it is told to all. When this returns it is on the disk. Throws <see cref="MeshException"/>: the disk refuses, and
    /// nothing was done.
    /// </summary>
    public void Refute(IndicatorValue value, DateTimeOffset now)
    {
        IndicatorDraft draft = new(MessageKind.Refutation, value, EvidenceLevel.Heard, "refuted", now, now, 1, 100, IndicatorMessage.MaxTimeToLive);
        lock (_gate)
        {
            // It takes the place of what we said before. Before the work of our identity is done only members hear it, and it is signed again later.
            _outbox.Add(_signer.Sign(draft, _identity.Work ?? default, now), isSilent: _options.RelayOnly || PublicSpace.IsProtected(value));
            _outbox.Save();
            _drafts.Remove(value);
            _trust.Refute(value, now);
            if (_identity.Work is null)
            {
                _drafts.Add(draft);
            }
        }
    }

    /// <summary>Signs and writes what we said, as far as the quota allows. Throws <see cref="MeshException"/>: the disk refuses.</summary>
    public void Flush(DateTimeOffset now)
    {
        lock (_gate)
        {
            SignDrafts(now);
            _outbox.Save();
        }
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
            int signed = SignDrafts(now);
            for (int waiting = 0; !hasListeners && waiting < signed; waiting++)
            {
                Counts.Add(ShareCount.Waited);
            }

            _outbox.Save();
            return hasListeners ? [.. _outbox.Unpublished.Where(message => now - message.Message.Created < _options.Consensus.Window)] : [];
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
            DropFuture(now);
        }
    }

    public void RecountAll()
    {
        lock (_gate)
        {
            _trust.RecountAll();
        }
    }

    /// <summary>What we would tell a peer that was not there: our own words, and the newest of others; in the order in which they were signed, so that what was taken back does not come after that.</summary>
    public IReadOnlyList<SignedIndicator> Recent(DateTimeOffset after, PeerId peer, DateTimeOffset now)
    {
        lock (_gate)
        {
            _outbox.Given(peer, after);
            return
            [
                .. _outbox.Told.Reverse().Concat(_recent.Newest)
                    .Where(signed => signed.Message.Expires > now && now - signed.Message.Created < _options.Consensus.Window && signed.Message.Created >= after)
                    .Take(SyncProtocol.Most)
                    .OrderBy(signed => signed.Message.Created).ThenBy(signed => signed.Message.Epoch).ThenBy(signed => signed.Message.Counter),
            ];
        }
    }

    /// <summary>What we say to others, the newest first.</summary>
    public IReadOnlyList<OwnIndicator> Own(int most)
    {
        lock (_gate)
        {
            return [.. _outbox.Own.Take(most).Select(own => own with { RefutedBy = RefutedBy(own.Message) })];
        }
    }

    /// <summary>What we say of a value; null: nothing.</summary>
    public IndicatorMessage? OwnWord(IndicatorValue value)
    {
        lock (_gate)
        {
            return _outbox.Find(value)?.Message;
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

    private bool IsKnown(PeerId peer) => Read(trust => trust.Reputation.Find(peer) is not null);

    /// <summary>Whether a peer has reported something, or is a member.</summary>
    public bool Knows(PeerId peer) => _options.Members.Contains(peer) || IsKnown(peer);

    /// <summary>Whether an author has reported something, is a member, or has done the work of its identity.</summary>
    public async ValueTask<bool> AdmitsAsync(IndicatorMessage message, DateTimeOffset now) =>
        Knows(message.Author) || await _admission.AskAsync(message.Author, message.ProofPeriod, message.ProofNonce, now).ConfigureAwait(false) is AdmissionResult.Admitted;

    // After a start: the operator's word stands, and what was said in this hour counts in our quota.
    private void Remember(DateTimeOffset now)
    {
        DropFuture(now);
        foreach (IndicatorMessage said in _outbox.All.Select(signed => signed.Message))
        {
            _drafts.Charge(said);
            if (said.Kind is MessageKind.Refutation)
            {
                _trust.RestoreRefutation(said.Value, said.Created, now);
            }
        }
    }

    // Signed while the clock was ahead. The operator's word is said anew; what sensors see they see again.
    private void DropFuture(DateTimeOffset now)
    {
        foreach (IndicatorMessage said in _outbox.TakeFuture(now + IndicatorIntake.Skew).Select(signed => signed.Message).Where(said => said.Kind is MessageKind.Refutation))
        {
            _trust.RestoreRefutation(said.Value, now, now);
            _drafts.Add(new IndicatorDraft(said.Kind, said.Value, said.Evidence, said.Detector, now, now, 1, said.Confidence, said.TimeToLive));
        }
    }

    private int SignDrafts(DateTimeOffset now)
    {
        int signed = 0;
        while (_identity.Work is { } work && _drafts.Next(now) is { } draft)
        {
            // Taken out of the queue when it is signed: a number may be refused by a full disk.
            _outbox.Add(_signer.Sign(draft, work, now));
            _drafts.Signed(draft, now);
            signed++;
        }

        return signed;
    }

    private bool IsOurs(IndicatorMessage message) => Read(_ => _signer.IsOurs(message));

    private PeerId? RefutedBy(IndicatorMessage said) => said.Kind is MessageKind.Sighting
        ? _trust.Find(said.Value)?.Votes.FirstOrDefault(vote => vote.IsRefutation && vote.Received >= said.Created && _options.Members.Contains(vote.Author))?.Author
        : null;

    private void Save() => _file.Save(_trust.Reputation, Places.All);
}
