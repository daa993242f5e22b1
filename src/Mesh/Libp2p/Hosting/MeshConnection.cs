using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Multistream;

namespace Blackwall.Mesh.Libp2p.Hosting;

/// <summary>A connection of the host: its streams get their protocols here.</summary>
internal sealed class MeshConnection : IMeshConnection
{
    private readonly MeshHost _host;
    private readonly ITransportConnection _transport;
    private CancellationToken _ending;
    private int _negotiating;
    private string? _reason;

    public MeshConnection(MeshHost host, ITransportConnection transport, long number, DateTimeOffset since)
    {
        (_host, _transport, Number, Since) = (host, transport, number, since);
        Remote = PeerId.From(transport.RemoteKey);
    }

    public long Number { get; }

    public PeerId Remote { get; }

    public PublicKey RemoteKey => _transport.RemoteKey;

    public Multiaddr RemoteAddress => _transport.RemoteAddress;

    public bool Outbound => _transport.Outbound;

    public DateTimeOffset Since { get; }

    /// <summary>Completes when the end of the connection was told of.</summary>
    public Task Serving { get; set; } = Task.CompletedTask;

    public bool IsOpen => !_transport.Ended.IsCompleted;

    public void Tick() => (_transport as ITicking)?.Tick();

    public ValueTask CloseAsync() => CloseAsync("closed by us");

    public ValueTask CloseAsync(string reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        return _transport.CloseAsync();
    }

    /// <summary>Serves the streams that the other side opens, until the connection ends; returns why it did.</summary>
    public async Task<string> RunAsync()
    {
        using var ending = new CancellationTokenSource();
        _ending = ending.Token;
        while (await _transport.AcceptAsync(CancellationToken.None) is { } stream)
        {
            if (Volatile.Read(ref _negotiating) >= _host.Options.MaxNegotiatingStreams || !_host.TryEnterStream())
            {
                _host.Counters.Count(MeshLoss.StreamRefused);
                stream.Reset();
                continue;
            }

            Interlocked.Increment(ref _negotiating);
            _ = ServeAsync(stream);
        }

        string reason = await _transport.Ended;
        await ending.CancelAsync();
        return _reason ?? reason;
    }

    public async Task<IMeshStream> OpenAsync(IReadOnlyList<string> protocols, CancellationToken cancellation)
    {
        IByteStream stream = await _transport.OpenAsync(cancellation);
        try
        {
            using var late = new CancellationTokenSource(_host.Options.NegotiationTimeout, _host.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
            string protocol = await MultistreamSelect.ProposeAsync(stream, protocols, both.Token);
            return new MeshStream(stream, this, protocol, outbound: true);
        }
        catch (Exception exception)
        {
            stream.Reset();
            if (exception is InvalidDataException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                throw new MeshException($"No stream for {protocols[0]}: {(exception is InvalidDataException ? exception.Message : "the other side did not answer in time.")}", exception);
            }

            throw;
        }
    }

    private async Task ServeAsync(IByteStream stream)
    {
        ProtocolHandler? handler = null;
        bool negotiating = true;
        try
        {
            string? protocol;
            using (var late = new CancellationTokenSource(_host.Options.NegotiationTimeout, _host.Time))
            {
                protocol = await MultistreamSelect.AnswerAsync(stream, _host.Knows, late.Token);
            }

            Interlocked.Decrement(ref _negotiating);
            negotiating = false;
            if (protocol is null || _host.Handler(protocol) is not { } found || !found.TryEnter(Remote))
            {
                _host.Counters.Count(MeshLoss.StreamRefused);
                stream.Reset();
                return;
            }

            handler = found;
            await found.Run(new MeshStream(stream, this, protocol, outbound: false), _ending);
            await stream.DisposeAsync();
        }
        catch (Exception exception)
        {
            // A handler's fault ends its stream and nothing else; what went wrong on the wire is the other side's.
            _host.Counters.Count(MeshLoss.StreamFailed);
            _host.Failed(exception);
            stream.Reset();
        }
        finally
        {
            if (negotiating)
            {
                Interlocked.Decrement(ref _negotiating);
            }

            handler?.Leave(Remote);
            _host.LeaveStream();
        }
    }
}
