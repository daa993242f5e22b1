using System.Collections.Concurrent;
using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Federated;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Identity;
using Blackwall.Mesh.Libp2p.Kad;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Mdns;

namespace Blackwall.Mesh.Sharing;

/// <summary>This sensor in its mesh: connections, topics and the votes of all.</summary>
public sealed class MeshNode : IAsyncDisposable
{
    private static readonly TimeSpan SettleEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);

    private readonly SharingOptions _options;
    private readonly TimeProvider _time;
    private readonly PrivateKey _key;
    private readonly MeshHost _host;
    private readonly GossipService _gossip;
    private readonly KadService _kad;
    private readonly PeerFinder _finder;
    private readonly TrustDesk _desk;
    private readonly SideTopics _side;
    private readonly ConcurrentDictionary<PeerId, bool> _listeners = new();
    private readonly ConcurrentDictionary<PeerId, double> _scores = new();
    private readonly PeerSync _sync;
    private readonly CancellationTokenSource _stop = new();
    private MdnsDiscovery? _mdns;
    private Task _running = Task.CompletedTask;

    /// <summary>Reads its identity and state. Throws <see cref="MeshException"/> with what to do.</summary>
    public MeshNode(SharingOptions options, TimeProvider time)
    {
        Directory.CreateDirectory(options.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _key = IdentityFile.LoadOrCreate(Path.Combine(options.Folder, "identity.key"));

        // One list of members can be for all of them.
        options = options with { Members = options.Members.Where(member => member != PeerId.From(_key.Public)).ToHashSet() };
        (_options, _time) = (options, time);
        Troubles = new MeshTroubles(options, time.GetUtcNow());
        PeerPlaces places = new(options.Networks);
        _desk = new TrustDesk(options, _key, places, time.GetUtcNow());
        _host = new MeshHost(_key, new MeshHostOptions { PeersFile = Path.Combine(options.Folder, "peers.json"), Swarm = options.Swarm }, time);
        GossipOptions gossip = GossipOptions.Hardened with { BytesPerSecond = options.BytesPerSecond, Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")] } };
        _gossip = new GossipService(_host, _key, gossip, time, new GossipServiceSettings
        {
            AppScore = peer => _scores.GetValueOrDefault(peer),
            SeqnoAbove = _desk.SeqnoAbove,
        });
        _kad = new KadService(_host, new KadOptions { Protocol = $"/blackwall/{options.Mesh}/kad/1.0.0", NetworkOf = options.Networks.OperatorOf }, time);
        _finder = new PeerFinder(_host, _kad, options, time);
        _sync = new PeerSync(_host, _gossip, _desk, options, time);
        _side = new SideTopics(options, _desk, time, problem => Problem?.Invoke(problem));
        _desk.Intake.Unproven = author => Troubles.Refused(author, time.GetUtcNow());
        _desk.Intake.Impersonated = () => Troubles.Impersonated(time.GetUtcNow());
        _desk.Intake.MemberSigned = (member, signed) => Troubles.ClockOf(member, signed - time.GetUtcNow(), time.GetUtcNow());
        _sync.MemberAsked = (member, ahead) => Troubles.ClockOf(member, ahead, time.GetUtcNow());
        places.IsNeeded = peer => _desk.Knows(peer) || IsConnected(peer);
        _desk.Intake.Equivocated = proof => _ = TellProofAsync(proof);
    }

    /// <summary>A target is to be treated otherwise than before. Called one after another.</summary>
    public event Action<TrustDecision>? Decided;

    /// <summary>An author is silenced for an offence that its own signatures prove.</summary>
    public event Action<PeerId, string>? Offended
    {
        add => _side.Offended += value;
        remove => _side.Offended -= value;
    }

    /// <summary>Something did not work out; for a log.</summary>
    public event Action<string>? Problem;

    /// <summary>A model update is whole.</summary>
    public event Action<ModelUpdate>? ModelReceived
    {
        add => _side.ModelReceived += value;
        remove => _side.ModelReceived -= value;
    }

    public PeerId Id => _host.Id;

    public IReadOnlyList<Multiaddr> Addresses => _host.Addresses;

    public ShareCounts Counts => _desk.Counts;

    public GossipCounters GossipCounters => _gossip.Counters;

    /// <summary>Peers that are connected.</summary>
    public int Connected => _host.Connections.Select(connection => connection.Remote).Distinct().Count();

    /// <summary>Peers that hear what we say.</summary>
    public int Listeners => _listeners.Count;

    /// <summary>What we have to say and nobody has heard.</summary>
    public int Waiting => _desk.Waiting;

    /// <summary>Whether the work of our identity is done.</summary>
    public bool IsProven => _desk.IsProven;

    /// <summary>Topics that we take part in, with the peers of our mesh in each.</summary>
    public IReadOnlyList<(string Topic, int Peers)> Topics => [.. new[] { _options.IndicatorTopic, _options.ProofTopic, _options.ModelTopic }.Select(topic => (topic, _gossip.Mesh(topic).Count))];

    /// <summary>What was wrong with the files of this sensor when it started, and what was done about it.</summary>
    public IReadOnlyList<string> FileProblems => _desk.Problems;

    /// <summary>How often something kept this sensor from others.</summary>
    public long this[MeshTrouble trouble] => Troubles[trouble];

    /// <summary>What keeps this sensor from others now, in words for the operator.</summary>
    public IReadOnlyList<string> Faults => Troubles.Sentences(_time.GetUtcNow());

    private MeshTroubles Troubles { get; }

    /// <summary>Listens and dials. Throws <see cref="MeshException"/>: an address cannot be listened at.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _host.Connected += OnConnected;
        _host.Identified += info => _ = _sync.AskAllAsync(info.Id, _stop.Token);
        _host.Fault += exception => Problem?.Invoke(exception.Message);
        _host.Handle(_options.SyncProtocol, _sync.GiveAsync, new StreamLimits(PerPeer: 2, Total: 256));
        _gossip.Failed += exception => Problem?.Invoke(exception.Message);
        _gossip.Happened += OnGossip;
        _gossip.Start();
        _gossip.Subscribe(_options.IndicatorTopic, new TopicOptions { Validator = message => _desk.Intake.JudgeAsync(message.Data, message.Via, _time.GetUtcNow()) });
        _gossip.Subscribe(_options.ProofTopic, new TopicOptions { Validator = _side.JudgeProofAsync });
        _gossip.Subscribe(_options.ModelTopic, new TopicOptions { Validator = _side.JudgeModel });
        _kad.Start();
        foreach (Multiaddr address in _options.Listen)
        {
            await _host.ListenAsync(address, cancellation).ConfigureAwait(false);
        }

        List<Task> running = [SettleAsync(_stop.Token), KeepAsync(_stop.Token), ProveAsync(_stop.Token), _finder.RunAsync(_stop.Token)];
        running.AddRange(_options.Peers.Select(address => PeerKeeper.KeepAsync(_host, address, _time, problem => DialFailed(address, problem), _stop.Token)));
        if (_options.Mdns)
        {
            _mdns = new MdnsDiscovery(_host, new MdnsOptions { Service = MdnsOptions.PrivateService(_options.Mesh) }, _time);
            _mdns.Found += _finder.FoundNearby;
            await _mdns.StartAsync(cancellation).ConfigureAwait(false);
        }

        _running = Task.WhenAll(running);
    }

    /// <summary>Reports what our sensors saw; false: it is nothing that may be told.</summary>
    public bool Report(IndicatorDraft draft) => _desk.Report(draft, _time.GetUtcNow());

    /// <summary>Our sensors saw a value too, and there is nothing to tell.</summary>
    public void SeenHere(IndicatorValue value) => _desk.SeenHere(value, _time.GetUtcNow());

    /// <summary>Takes back what we said of a value; false: we say nothing of it.</summary>
    public bool Withdraw(IndicatorValue value, string reason) => _desk.Withdraw(value, reason, _time.GetUtcNow());

    /// <summary>Whether anybody speaks of a value, or our own sensors saw it.</summary>
    public bool IsKnown(IndicatorValue value) => _desk.IsKnown(value);

    /// <summary>What this sensor says to others, the newest first.</summary>
    public IReadOnlyList<OwnIndicator> Own(int most) => _desk.Own(most);

    /// <summary>Writes what was withdrawn before it is answered for. Throws <see cref="MeshException"/>: the disk refuses.</summary>
    public void Flush() => _desk.Flush(_time.GetUtcNow());

    /// <summary>The operator's word that a value is no attacker. Throws <see cref="MeshException"/>: the disk refuses, and nothing was done.</summary>
    public void Refute(IndicatorValue value) => _desk.Refute(value, _time.GetUtcNow());

    /// <summary>We serve a value as usual, and say so.</summary>
    public void Contradict(IndicatorValue value) => _desk.Contradict(value, _time.GetUtcNow());

    /// <summary>Asks everything anew: the guard set has changed.</summary>
    public void RecountAll() => _desk.RecountAll();

    /// <summary>Whether the operator wants to hear a peer. It is told to nobody.</summary>
    public async Task BanAsync(PeerId peer, bool banned)
    {
        _desk.Ban(peer, banned, _time.GetUtcNow());
        if (banned)
        {
            await _host.DisconnectAsync(peer).ConfigureAwait(false);
        }
    }

    /// <summary>Publishes a part of a model update of ours. Throws <see cref="MeshException"/>.</summary>
    public async Task PublishModelAsync(ModelUpdatePart part, CancellationToken cancellation) =>
        await _gossip.PublishAsync(_options.ModelTopic, part.Sign(_key, _options.Mesh), cancellation).ConfigureAwait(false);

    /// <summary>Where members were met.</summary>
    public IReadOnlyList<IPAddress> MemberAddresses => [.. _options.Members.Select(_desk.Places.AddressOf).OfType<IPAddress>().Distinct()];

    /// <summary>Everybody who reported or is connected, the best reputation first.</summary>
    public IReadOnlyList<PeerView> Peers()
    {
        DateTimeOffset now = _time.GetUtcNow();
        HashSet<PeerId> connected = [.. _host.Connections.Select(connection => connection.Remote)];
        IReadOnlyDictionary<PeerId, double> scores = _gossip.Scores();
        return _desk.Read(trust => trust.Reputation.All.Select(known => known.Id).Union(connected).Union(_options.Members).Select(id =>
        {
            Reputation.PeerStanding? known = trust.Reputation.Find(id);
            return new PeerView(
                id, _desk.Places.AddressOf(id)?.ToString(), connected.Contains(id), _options.Members.Contains(id), trust.IsVeteran(id, now), known?.Score(now) ?? 0, known?.FirstSeen, known?.LastSeen,
                known?.Confirmed ?? 0, known?.Refuted ?? 0, known is { Offence: not null } && now < known.OffenceUntil ? known.Offence : null, known?.Banned ?? false, scores.TryGetValue(id, out double score) ? score : null);
        }).OrderByDescending(peer => peer.Reputation).ThenBy(peer => peer.Id).ToArray());
    }

    /// <summary>Targets that are spoken of: those that are acted on first.</summary>
    /// <param name="most">How many.</param>
    public IReadOnlyList<TargetView> Targets(int most) => _desk.Read(trust => trust.Targets
        .Where(target => target.Votes.Count > 0)
        .OrderByDescending(target => target.Action).ThenByDescending(target => target.Cause.Weight).ThenBy(target => target.Value.Text, StringComparer.Ordinal)
        .Take(most).Select(View).ToArray());

    /// <summary>A target with its votes; null: nobody speaks of it.</summary>
    public TargetView? Find(IndicatorValue value) => _desk.Read(trust => trust.Find(value) is { } target ? View(target) with { Own = _desk.OwnWord(value) } : null);

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_mdns is not null)
        {
            await _mdns.DisposeAsync().ConfigureAwait(false);
        }

        await _kad.DisposeAsync().ConfigureAwait(false);
        await _gossip.DisposeAsync().ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
        Try(_desk.SaveAll);
        _desk.Dispose();
        _key.Dispose();
        _stop.Dispose();
    }

    private static TargetView View(Target target) => new(target.Value, target.Action, target.Until, target.SeenHere, [.. target.Votes], target.Cause);

    private bool IsConnected(PeerId peer) => _host.Connections.Any(connection => connection.Remote == peer);

    private void OnConnected(IMeshConnection connection)
    {
        if (connection.RemoteAddress.Ip is { } address)
        {
            _desk.Places.Met(connection.Remote, address);
        }

        if (_desk.IsBanned(connection.Remote))
        {
            _ = connection.CloseAsync().AsTask();
        }
    }

    private void DialFailed(Multiaddr address, MeshException why)
    {
        Troubles.DialFailed(address, why);
        Problem?.Invoke($"{address}: {why.Message}");
    }

    private void OnGossip(GossipEvent happened)
    {
        if (!string.Equals(happened.Topic, _options.IndicatorTopic, StringComparison.Ordinal))
        {
            return;
        }

        if (happened.Kind is GossipEventKind.Subscribed)
        {
            _listeners[happened.Peer] = true;
        }
        else if (happened.Kind is GossipEventKind.Unsubscribed)
        {
            _listeners.TryRemove(happened.Peer, out _);
        }
        else if (happened.Kind is GossipEventKind.Grafted)
        {
            _ = _sync.AskLastAsync(happened.Peer, _stop.Token);
        }
    }

    private async Task TellProofAsync(EquivocationProof proof)
    {
        _side.Keep(proof);
        try
        {
            await _gossip.PublishAsync(_options.ProofTopic, proof.Encode(), _stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is MeshException or OperationCanceledException)
        {
            Problem?.Invoke($"A proof against {proof.Author} was not published: {exception.Message}");
        }
    }

    private async Task SettleAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(SettleEvery, _time);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            DateTimeOffset now = _time.GetUtcNow();
            foreach (TrustDecision decision in _options.RelayOnly ? [] : _desk.Settle(now))
            {
                Decided?.Invoke(decision);
            }

            try
            {
                foreach (SignedIndicator signed in _desk.TakeUnpublished(now, !_listeners.IsEmpty))
                {
                    await _gossip.PublishAsync(_options.IndicatorTopic, signed.Bytes, stop).ConfigureAwait(false);
                    _desk.Published(signed, _listeners.Keys);
                }
            }
            catch (MeshException exception)
            {
                Problem?.Invoke(exception.Message);
            }
        }
    }

    private async Task KeepAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        long saved = _time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            DateTimeOffset now = _time.GetUtcNow();
            _desk.Pass(now);
            HashSet<PeerId> connected = [.. _host.Connections.Select(connection => connection.Remote)];
            foreach (PeerId peer in connected)
            {
                _scores[peer] = _desk.GossipScore(peer, now);
            }

            foreach (PeerId gone in _listeners.Keys.Where(peer => !connected.Contains(peer)))
            {
                _listeners.TryRemove(gone, out _);
                _scores.TryRemove(gone, out _);
            }

            Troubles.Look([.. connected.Select(peer => (peer, _host.Info(peer)?.Protocols ?? []))], now);
            if (_time.GetElapsedTime(saved) >= SaveEvery)
            {
                saved = _time.GetTimestamp();
                Try(_desk.SaveAll);
                Try(_host.Peers.Save);
                _sync.Trim(now);
                foreach (PeerId member in connected.Where(_options.Members.Contains))
                {
                    _ = _sync.AskLastAsync(member, stop);
                }
            }
        }
    }

    private async Task ProveAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _desk.ProveAsync(_time.GetUtcNow(), stop).ConfigureAwait(false);
            }
            catch (MeshException exception)
            {
                Problem?.Invoke(exception.Message);
            }

            await Task.Delay(TimeSpan.FromHours(1), _time, stop).ConfigureAwait(false);
        }
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is MeshException or IOException or UnauthorizedAccessException)
        {
            Problem?.Invoke(exception.Message);
        }
    }
}
