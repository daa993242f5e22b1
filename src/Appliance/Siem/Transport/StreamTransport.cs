using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Blackwall.Siem.Formats;
using Blackwall.Siem.Sinks;

namespace Blackwall.Siem.Transport;

/// <summary>
/// Syslog over UDP (RFC 5426), TCP (RFC 6587, octet counting) and TLS (RFC 5425), and JSON lines over TCP and TLS. None of them is ever answered: over TCP
/// an event counts as delivered when the connection has stood for a while after it, and goes again when it broke before.
/// </summary>
internal sealed class StreamTransport(Sink sink, string host, TimeProvider time) : IConfirmingTransport
{
    private const int MaxBytes = 1 << 20;
    private const int MaxOnTheWay = 64;
    private static readonly TimeSpan Stands = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Uri _place = new(sink.Settings.Url);
    private readonly Queue<long> _onTheWay = new();
    private Socket? _socket;
    private Stream? _stream;
    private Task? _ended;

    public bool IsFull => _onTheWay.Count >= MaxOnTheWay;

    public TimeSpan ConfirmEvery => Stands / 4;

    public bool OutlivesFailures => false;

    /// <summary>Nothing is ever sent to us: what can be read is the end.</summary>
    private bool IsAlive => _socket is not { } socket || IsDatagrams || (_ended is { } ended ? !ended.IsCompleted : !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0));

    private bool IsDatagrams => _place.Scheme is "udp";

    public async Task<SendResult> SendAsync(IReadOnlyList<SiemEvent> events, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        if (!IsAlive)
        {
            ThrowIfOnTheWay();
            Close();
        }

        if (_socket is null)
        {
            await ConnectAsync(patience.Token);
        }

        if (IsDatagrams)
        {
            foreach (SiemEvent happened in events)
            {
                await _socket!.SendAsync(Message(happened), SocketFlags.None, patience.Token);
            }

            return SendResult.Delivered(events.Count);
        }

        using MemoryStream batch = new();
        int taken = 0;
        foreach (SiemEvent happened in events)
        {
            byte[] message = Message(happened);
            if (taken > 0 && batch.Length + message.Length > MaxBytes)
            {
                break;
            }

            if (sink.Kind is SinkKind.Syslog)
            {
                batch.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")));
                batch.Write(message);
            }
            else
            {
                batch.Write(message);
                batch.WriteByte((byte)'\n');
            }

            taken++;
        }

        await _stream!.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length), patience.Token);
        await _stream.FlushAsync(patience.Token);
        _onTheWay.Enqueue(time.GetTimestamp());
        return SendResult.OnItsWay(taken);
    }

    public Task<int> ConfirmAsync(CancellationToken cancellation)
    {
        if (!IsAlive)
        {
            ThrowIfOnTheWay();
        }

        int confirmed = 0;
        while (_onTheWay.TryPeek(out long sent) && time.GetElapsedTime(sent) >= Stands)
        {
            _onTheWay.Dequeue();
            confirmed++;
        }

        return Task.FromResult(confirmed);
    }

    public void Dispose() => Close();

    // An end of the connection may mean that the last batches were not read.
    private void ThrowIfOnTheWay()
    {
        if (_onTheWay.Count > 0)
        {
            throw new SinkException("The sink has closed the connection.", null);
        }
    }

    private void Close()
    {
        _stream?.Dispose();
        _socket?.Dispose();
        (_stream, _socket, _ended) = (null, null, null);
    }

    private byte[] Message(SiemEvent happened)
    {
        if (sink.Kind is SinkKind.Lines)
        {
            return sink.Settings.Format is "eve" ? JsonFormats.Eve(happened, host) : JsonFormats.Ecs(happened, host);
        }

        string text = sink.Settings.Format switch
        {
            "leef" => LeefWriter.Write(happened),
            "ecs" => Encoding.UTF8.GetString(JsonFormats.Ecs(happened, host)),
            "eve" => Encoding.UTF8.GetString(JsonFormats.Eve(happened, host)),
            _ => CefWriter.Write(happened),
        };
        return SyslogWriter.Write(happened, host, text);
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        Socket socket = new(IsDatagrams ? SocketType.Dgram : SocketType.Stream, IsDatagrams ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(_place.DnsSafeHost, _place.Port, cancellation);
            if (!IsDatagrams)
            {
                socket.NoDelay = true;
                Stream stream = new NetworkStream(socket, ownsSocket: false);
                if (_place.Scheme is "tls")
                {
                    SslStream tls = new(stream);
                    stream = tls;
                    await tls.AuthenticateAsClientAsync(SinkClient.Tls(_place.DnsSafeHost, sink.Settings.CaCertificate), cancellation);
                    _ended = WatchEndAsync(tls);
                }

                _stream = stream;
            }

            _socket = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Over TLS there may be records that are no data (session tickets), so only a read that ends tells the end. What a server says is nothing to us.
    private static async Task WatchEndAsync(SslStream stream)
    {
        byte[] ignored = new byte[1024];
        try
        {
            while (await stream.ReadAsync(ignored) > 0)
            {
                // Until the end.
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // That is what it waits for.
            return;
        }
    }
}
