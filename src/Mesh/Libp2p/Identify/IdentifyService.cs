using System.Collections.Concurrent;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p.Identify;

/// <summary>Who we are and what we answer, told when asked and pushed when it changes; and the same learnt of others.</summary>
internal sealed class IdentifyService
{
    public const string Protocol = "/ipfs/id/1.0.0";
    public const string PushProtocol = "/ipfs/id/push/1.0.0";

    // A peer that does not take its push must not hold up the others'.
    private const int PushesAtOnce = 16;
    // A peer asks once, or when it has lost what it knew; and a change pushes.
    private const int TellingsPerSecond = 2;

    // For how long our addresses are not looked up anew: a listener of all addresses has those of all interfaces.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private const string ProtocolVersion = "ipfs/0.1.0";
    private readonly MeshHost _host;
    private readonly PrivateKey _key;
    private readonly MeshHostOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<PeerId, PeerInfo> _known = new();
    private readonly RequestRate _asked;
    private readonly RequestRate _pushed;
    private readonly Lock _gate = new();
    private (PeerInfo Info, byte[] Record, int Changes, long At)? _own;
    private int _pushing;
    private int _changes;

    public IdentifyService(MeshHost host, PrivateKey key, MeshHostOptions options, TimeProvider time)
    {
        (_host, _key, _options, _time) = (host, key, options, time);
        _asked = new RequestRate(TellingsPerSecond, time);
        _pushed = new RequestRate(TellingsPerSecond, time);
        host.Handle(Protocol, AnswerAsync, new StreamLimits(PerPeer: 4));
        host.Handle(PushProtocol, TakePushAsync, new StreamLimits(PerPeer: 2));
    }

    public PeerInfo? Info(PeerId peer) => _known.GetValueOrDefault(peer);

    public void Forget(PeerId peer) => _known.TryRemove(peer, out _);

    /// <summary>Asks a new connection's peer. A peer that answers with something that is not valid is disconnected.</summary>
    public async Task AskAsync(MeshConnection connection)
    {
        try
        {
            using var late = new CancellationTokenSource(_options.IdentifyTimeout, _time);
            await using IMeshStream stream = await connection.OpenAsync([Protocol], late.Token);
            await stream.CloseWriteAsync(late.Token);
            await TakeAsync(connection, stream, push: false, late.Token);
        }
        catch (InvalidDataException exception)
        {
            _host.Counters.Count(MeshLoss.IdentifyRefused);
            await connection.CloseAsync($"identify: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Too late, or it does not speak the protocol: connected, and nothing known of it.
        }
        catch (Exception exception)
        {
            _host.Failed(exception);
        }
    }

    /// <summary>Tells all peers what changed of us; changes that come together are told together.</summary>
    public void Push()
    {
        Interlocked.Increment(ref _changes);
        if (Interlocked.Exchange(ref _pushing, 1) == 0)
        {
            _ = PushAsync();
        }
    }

    private async Task PushAsync()
    {
        int told;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time);
            told = Volatile.Read(ref _changes);
            await Parallel.ForEachAsync(
                _known.Values.Where(info => info.Protocols.Contains(PushProtocol, StringComparer.Ordinal)),
                new ParallelOptions { MaxDegreeOfParallelism = PushesAtOnce },
                async (info, _) => await PushToAsync(info.Id));

            Interlocked.Exchange(ref _pushing, 0);
        }
        while (told != Volatile.Read(ref _changes) && Interlocked.Exchange(ref _pushing, 1) == 0);
    }

    private async Task PushToAsync(PeerId peer)
    {
        try
        {
            using var late = new CancellationTokenSource(_options.IdentifyTimeout, _time);
            await using IMeshStream stream = await _host.OpenAsync(peer, [PushProtocol], late.Token);
            await stream.WriteMessageAsync(Own(stream), late.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It is told by the next change, or when it asks.
        }
    }

    private async Task AnswerAsync(IMeshStream stream, CancellationToken cancellation)
    {
        if (!MayGoOn(_asked, stream))
        {
            return;
        }

        await stream.WriteMessageAsync(Own(stream), cancellation);
    }

    private bool MayGoOn(RequestRate rate, IMeshStream stream)
    {
        if (rate.TryAdd(stream.Remote))
        {
            return true;
        }

        _host.Counters.Count(MeshLoss.IdentifyTooOften);
        stream.Reset();
        return false;
    }

    private async Task TakePushAsync(IMeshStream stream, CancellationToken cancellation)
    {
        if (!MayGoOn(_pushed, stream))
        {
            return;
        }

        MeshConnection connection = ((MeshStream)stream).Connection;
        try
        {
            using var late = new CancellationTokenSource(_options.IdentifyTimeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
            await TakeAsync(connection, stream, push: true, both.Token);
        }
        catch (InvalidDataException exception)
        {
            _host.Counters.Count(MeshLoss.IdentifyRefused);
            await connection.CloseAsync($"identify push: {exception.Message}");
        }
    }

    private async Task TakeAsync(MeshConnection connection, IMeshStream stream, bool push, CancellationToken cancellation)
    {
        List<byte[]> messages = [];
        while (await stream.ReadMessageAsync(IdentifyCodec.MaxLength, cancellation) is { } message)
        {
            messages.Add(message);
            if (messages.Count > IdentifyCodec.MaxMessages)
            {
                throw new InvalidDataException($"More than {IdentifyCodec.MaxMessages} messages.");
            }
        }

        if (messages.Count == 0)
        {
            return;
        }

        PeerInfo info = IdentifyCodec.TryRead(messages, connection.RemoteKey, push ? Info(connection.Remote) : null, out string? error) ?? throw new InvalidDataException(error);
        if (_host.IsConnected(connection.Remote))
        {
            _known[connection.Remote] = info;
            if (!_host.IsConnected(connection.Remote))
            {
                Forget(connection.Remote);
            }

            _host.RaiseIdentified(info);
        }
    }

    private byte[] Own(IMeshStream stream)
    {
        PeerInfo info;
        byte[] record;
        lock (_gate)
        {
            (info, record, _, _) = Current();
        }

        return IdentifyCodec.Write(_key.Public, info with { ObservedAddress = stream.RemoteAddress }, record);
    }

    // Signed anew only when the addresses are others: an RSA signature costs a thousand times what asking for it does.
    private (PeerInfo Info, byte[] Record, int Changes, long At) Current()
    {
        int changes = Volatile.Read(ref _changes);
        if (_own is { } own && own.Changes == changes && _time.GetElapsedTime(own.At) < Fresh)
        {
            return own;
        }

        var info = new PeerInfo(_host.Id, _host.Protocols, _host.Addresses, _options.AgentVersion, ProtocolVersion, ObservedAddress: null);
        byte[] record = _own is { } before && before.Info.ListenAddresses.SequenceEqual(info.ListenAddresses)
            ? before.Record
            : new PeerRecord(info.Id, (ulong)_time.GetUtcNow().ToUnixTimeMilliseconds(), info.ListenAddresses).Seal(_key);
        var current = (info, record, changes, _time.GetTimestamp());
        _own = current;
        return current;
    }
}
