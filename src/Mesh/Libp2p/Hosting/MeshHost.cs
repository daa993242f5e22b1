using System.Collections.Concurrent;
using Blackwall.Mesh.Libp2p.Identify;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Ping;
using Blackwall.Mesh.Libp2p.Quic;
using Blackwall.Mesh.Libp2p.Transport;
using Blackwall.Mesh.Libp2p.Yamux;

namespace Blackwall.Mesh.Libp2p.Hosting;

/// <summary>Our node: transports, connections within limits, identify and ping.</summary>
public sealed class MeshHost : IMeshHost
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private readonly List<ITransport> _transports;
    private readonly Lock _sync = new();
    private readonly Dictionary<PeerId, List<MeshConnection>> _connections = [];
    private readonly List<(ITransportListener Listener, Task Accepting)> _listeners = [];
    private readonly ConcurrentDictionary<string, ProtocolHandler> _handlers = new(StringComparer.Ordinal);
    private readonly IdentifyService _identify;
    private readonly ITimer _ticker;
    private long _lastNumber;
    private int _inboundStreams;
    private bool _disposed;

    /// <summary>A host with TCP, and with QUIC where the platform has it.</summary>
    public MeshHost(PrivateKey key, MeshHostOptions? options = null, TimeProvider? time = null)
        : this(key, options, time, transports: null)
    {
    }

    /// <summary>A host with these transports alone.</summary>
    public MeshHost(PrivateKey key, MeshHostOptions? options, TimeProvider? time, IReadOnlyList<ITransport>? transports)
    {
        Options = options ?? new MeshHostOptions();
        Time = time ?? TimeProvider.System;
        Id = PeerId.From(key.Public);
        var budget = new MemoryBudget(Options.MaxBuffered);
        var upgrader = new ConnectionUpgrader(key, Options.Connection, budget, Counters, Time, Options.Swarm);
        var gate = new ConnectionGate(Options, Counters, Time);
        TcpTransport tcp = new(upgrader, gate, Options, Counters, Time);
        _transports = [.. transports ?? (Options.Swarm is null ? [tcp, new QuicTransport(key, gate, Options, Counters, Time)] : [tcp])];
        _identify = new IdentifyService(this, key, Options, Time);
        Ping = new PingService(this, Time);
        Peers = new PeerStore(Options.PeersFile, Counters, Options.MaxPeers);
        _ticker = Time.CreateTimer(_ => Tick(), state: null, TickEvery, TickEvery);
    }

    public event Action<IMeshConnection>? Connected;

    public event Action<IMeshConnection, string>? Disconnected;

    public event Action<PeerInfo>? Identified;

    /// <summary>A handler or a listener of events failed; for a log.</summary>
    public event Action<Exception>? Fault;

    public PeerId Id { get; }

    public PingService Ping { get; }

    /// <summary>The peers that we reached, and where. Written when the host is disposed, and by <see cref="PeerStore.Save"/>.</summary>
    public PeerStore Peers { get; }

    public MeshCounters Counters { get; } = new();

    /// <summary>Streams that peers opened and that have not ended.</summary>
    public int InboundStreams => Volatile.Read(ref _inboundStreams);

    internal MeshHostOptions Options { get; }

    internal TimeProvider Time { get; }

    public IReadOnlyList<Multiaddr> Addresses
    {
        get
        {
            lock (_sync)
            {
                return [.. _listeners.SelectMany(listener => ListenAddresses.Expand(listener.Listener.Address)).Distinct()];
            }
        }
    }

    public IReadOnlyList<IMeshConnection> Connections
    {
        get
        {
            lock (_sync)
            {
                return [.. _connections.Values.SelectMany(connections => connections)];
            }
        }
    }

    internal IReadOnlyList<string> Protocols => [.. _handlers.Keys.Order(StringComparer.Ordinal)];

    public PeerInfo? Info(PeerId peer) => _identify.Info(peer);

    public async Task<Multiaddr> ListenAsync(Multiaddr address, CancellationToken cancellation)
    {
        ITransport transport = _transports.Find(transport => transport.Takes(address)) ?? throw new MeshException($"{address}: there is no transport for such an address here.");
        ITransportListener listener = await transport.ListenAsync(address, cancellation);
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _listeners.Add((listener, AcceptAsync(listener)));
        }

        _identify.Push();
        return listener.Address;
    }

    public async Task<IMeshConnection> DialAsync(Multiaddr address, PeerId? expected, CancellationToken cancellation)
    {
        PeerId? named = address.Peer;
        if (expected is not null && named is not null && expected != named)
        {
            throw new MeshException($"{address} names another peer than {expected}.");
        }

        expected ??= named;
        if (expected == Id)
        {
            throw new MeshException($"{address} is this peer itself.");
        }

        ITransport transport = _transports.Find(transport => transport.Takes(address)) ?? throw new MeshException($"{address}: there is no transport for such an address here.");
        ITransportConnection made = await transport.DialAsync(address, expected, cancellation);
        if (expected is not null && PeerId.From(made.RemoteKey) != expected)
        {
            // Every transport checks; what is at stake is checked again.
            await made.DisposeAsync();
            throw new MeshException($"{address}: the peer is not {expected}.") { Fault = DialFault.WrongPeer };
        }

        MeshConnection connection = await AddAsync(made) ?? throw new MeshException($"{address} is this peer itself.");
        Peers.Met(connection.Remote, address);
        return connection;
    }

    public void Handle(string protocol, Func<IMeshStream, CancellationToken, Task> handler, StreamLimits? limits = null)
    {
        if (!_handlers.TryAdd(protocol, new ProtocolHandler(handler, limits ?? new StreamLimits())))
        {
            throw new InvalidOperationException($"{protocol} has a handler already.");
        }

        _identify?.Push();
    }

    public void Unhandle(string protocol)
    {
        if (_handlers.TryRemove(protocol, out _))
        {
            _identify.Push();
        }
    }

    public async Task<IMeshStream> OpenAsync(PeerId peer, IReadOnlyList<string> protocols, CancellationToken cancellation)
    {
        MeshConnection? connection;
        lock (_sync)
        {
            connection = _connections.GetValueOrDefault(peer)?.FindLast(connection => connection.IsOpen);
        }

        if (connection is null)
        {
            throw new MeshException($"There is no connection to {peer}.");
        }

        try
        {
            return await connection.OpenAsync(protocols, cancellation);
        }
        catch (IOException exception) when (exception is not MeshException)
        {
            throw new MeshException($"No stream to {peer}: {exception.Message}", exception);
        }
    }

    public async Task DisconnectAsync(PeerId peer)
    {
        MeshConnection[] connections;
        lock (_sync)
        {
            connections = [.. _connections.GetValueOrDefault(peer) ?? []];
        }

        foreach (MeshConnection connection in connections)
        {
            await connection.CloseAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        (ITransportListener Listener, Task Accepting)[] listeners;
        MeshConnection[] connections;
        lock (_sync)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            listeners = [.. _listeners];
            connections = [.. _connections.Values.SelectMany(known => known)];
        }

        await _ticker.DisposeAsync();
        foreach ((ITransportListener listener, Task accepting) in listeners)
        {
            await listener.DisposeAsync();
            await accepting;
        }

        await Task.WhenAll(connections.Select(connection => connection.CloseAsync().AsTask()));
        await Task.WhenAll(connections.Select(connection => connection.Serving));
        try
        {
            Peers.Save();
        }
        catch (MeshException exception)
        {
            // Nothing is lost that could not be learnt again.
            Fault?.Invoke(exception);
        }
    }

    internal bool Knows(string protocol) => _handlers.ContainsKey(protocol);

    internal ProtocolHandler? Handler(string protocol) => _handlers.GetValueOrDefault(protocol);

    internal bool IsConnected(PeerId peer)
    {
        lock (_sync)
        {
            return _connections.ContainsKey(peer);
        }
    }

    internal bool TryEnterStream()
    {
        if (Interlocked.Increment(ref _inboundStreams) <= Options.MaxInboundStreams)
        {
            return true;
        }

        Interlocked.Decrement(ref _inboundStreams);
        return false;
    }

    internal void LeaveStream() => Interlocked.Decrement(ref _inboundStreams);

    internal void Failed(Exception exception)
    {
        if (exception is not (IOException or InvalidDataException or OperationCanceledException))
        {
            Fault?.Invoke(exception);
        }
    }

    internal void RaiseIdentified(PeerInfo info) => Raise(() => Identified?.Invoke(info));

    private async Task AcceptAsync(ITransportListener listener)
    {
        while (await listener.AcceptAsync(CancellationToken.None) is { } made)
        {
            await AddAsync(made);
        }
    }

    // Null: it is ourselves, or we have stopped.
    private async Task<MeshConnection?> AddAsync(ITransportConnection made)
    {
        var connection = new MeshConnection(this, made, Interlocked.Increment(ref _lastNumber), Time.GetUtcNow());
        MeshConnection? surplus = null;
        bool refused = connection.Remote == Id;
        lock (_sync)
        {
            refused |= _disposed;
            if (!refused)
            {
                if (!_connections.TryGetValue(connection.Remote, out List<MeshConnection>? ofPeer))
                {
                    _connections.Add(connection.Remote, ofPeer = new List<MeshConnection>(1));
                }

                ofPeer.Add(connection);
                if (ofPeer.Count > Options.MaxConnectionsPerPeer)
                {
                    // Out of the list at once: closing takes a while, and the next to go is another.
                    surplus = ofPeer[0];
                    ofPeer.RemoveAt(0);
                }
            }
        }

        if (refused)
        {
            await made.DisposeAsync();
            return null;
        }

        Raise(() => Connected?.Invoke(connection));
        connection.Serving = ServeAsync(connection);
        if (surplus is not null)
        {
            Counters.Count(MeshLoss.PeerOverLimit);
            _ = surplus.CloseAsync($"more than {Options.MaxConnectionsPerPeer} connections of one peer").AsTask();
        }

        return connection;
    }

    private async Task ServeAsync(MeshConnection connection)
    {
        Task<string> running = connection.RunAsync();
        _ = _identify.AskAsync(connection);
        string reason = await running;
        lock (_sync)
        {
            if (_connections.TryGetValue(connection.Remote, out List<MeshConnection>? ofPeer) && ofPeer.Remove(connection) && ofPeer.Count == 0)
            {
                _connections.Remove(connection.Remote);
                _identify.Forget(connection.Remote);
            }
        }

        Raise(() => Disconnected?.Invoke(connection, reason));
        await connection.CloseAsync(reason);
    }

    private void Tick()
    {
        MeshConnection[] connections;
        lock (_sync)
        {
            connections = [.. _connections.Values.SelectMany(known => known)];
        }

        foreach (MeshConnection connection in connections)
        {
            connection.Tick();
        }
    }

    private void Raise(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception exception)
        {
            Failed(exception);
        }
    }
}
