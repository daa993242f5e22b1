using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Servers;

/// <summary>Splunk's HTTP Event Collector with acknowledgements, and a syslog server (RFC 5425), both over TLS on one host. They keep what they get, and can die and come back.</summary>
public sealed class Collector : IDisposable
{
    public const int HecPort = 8088;
    public const int SyslogPort = 6514;

    private const int LargestRequest = 8 << 20;

    private readonly LabHost _host;
    private readonly X509Certificate2 _certificate;
    private readonly List<Socket> _sockets = [];
    private long _batches;
    private bool _isDead;

    private Collector(LabHost host, X509Certificate2 certificate) => (_host, _certificate) = (host, certificate);

    /// <summary>PEM of the certificate that both show.</summary>
    public string Authority => _certificate.ExportCertificatePem();

    /// <summary>Events that the collector took, and when.</summary>
    public ConcurrentQueue<(JsonNode Event, DateTimeOffset At)> Events { get; } = new();

    /// <summary>Syslog messages that came, and when.</summary>
    public ConcurrentQueue<(string Text, DateTimeOffset At)> Messages { get; } = new();

    public static Collector Start(LabHost host)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=collector", pair, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(host.Addresses4[0]);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        Collector collector = new(host, request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1)));
        collector.Return();
        return collector;
    }

    /// <summary>Listens again.</summary>
    public void Return()
    {
        lock (_sockets)
        {
            _isDead = false;
        }

        Listen(HecPort, AnswerAsync);
        Listen(SyslogPort, TakeAsync);
    }

    /// <summary>Nothing listens any more, and every connection breaks.</summary>
    public void Die()
    {
        lock (_sockets)
        {
            _isDead = true;
            _sockets.ForEach(socket => socket.Dispose());
            _sockets.Clear();
        }
    }

    public void Dispose()
    {
        Die();
        _certificate.Dispose();
    }

    private void Listen(int port, Func<SslStream, Task> serve)
    {
        var listener = _host.Network.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(_host.Addresses4[0], port));
        listener.Listen();
        Keep(listener);
        _ = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptAsync();
                    if (Keep(client))
                    {
                        _ = Task.Run(() => ServeAsync(client, serve));
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It died.
            }
        });
    }

    private bool Keep(Socket socket)
    {
        lock (_sockets)
        {
            if (_isDead)
            {
                socket.Dispose();
                return false;
            }

            _sockets.Add(socket);
            return true;
        }
    }

    private async Task ServeAsync(Socket client, Func<SslStream, Task> serve)
    {
        try
        {
            await using NetworkStream stream = new(client, ownsSocket: true);
            await using SslStream tls = new(stream);
            await tls.AuthenticateAsServerAsync(_certificate);
            await serve(tls);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or AuthenticationException or EndOfStreamException or JsonException)
        {
            // The client left, or this server died.
        }
    }

    private async Task AnswerAsync(SslStream tls)
    {
        while (true)
        {
            var head = await ReadLineAsync(tls);
            var length = 0;
            var isCompressed = false;
            for (var line = await ReadLineAsync(tls); line.Length > 0; line = await ReadLineAsync(tls))
            {
                length = line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(line[15..].Trim(), CultureInfo.InvariantCulture) : length;
                isCompressed |= line.StartsWith("Content-Encoding: gzip", StringComparison.OrdinalIgnoreCase);
            }

            var body = new byte[Math.Min(length, LargestRequest)];
            await tls.ReadExactlyAsync(body);
            var answer = Answer(head, isCompressed ? Unpack(body) : body);
            await tls.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(answer)}\r\n\r\n{answer}")));
        }
    }

    private string Answer(string head, byte[] body)
    {
        if (head.Contains("/services/collector/ack", StringComparison.Ordinal))
        {
            JsonObject acks = [];
            foreach (var number in JsonNode.Parse(body)!["acks"]!.AsArray())
            {
                acks[$"{number}"] = true;
            }

            return new JsonObject { ["acks"] = acks }.ToJsonString();
        }

        Utf8JsonReader reader = new(body, new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            Events.Enqueue((JsonNode.Parse(ref reader)!["event"]!, TimeProvider.System.GetUtcNow()));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{{\"text\":\"Success\",\"code\":0,\"ackId\":{Interlocked.Increment(ref _batches)}}}");
    }

    private async Task TakeAsync(SslStream tls)
    {
        while (true)
        {
            StringBuilder length = new();
            for (var one = await ReadByteAsync(tls); one != ' '; one = await ReadByteAsync(tls))
            {
                length.Append((char)one);
            }

            var message = new byte[Math.Min(int.Parse(length.ToString(), CultureInfo.InvariantCulture), LargestRequest)];
            await tls.ReadExactlyAsync(message);
            Messages.Enqueue((Encoding.UTF8.GetString(message), TimeProvider.System.GetUtcNow()));
        }
    }

    private static byte[] Unpack(byte[] body)
    {
        using GZipStream gzip = new(new MemoryStream(body), CompressionMode.Decompress);
        using MemoryStream plain = new();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        StringBuilder line = new();
        for (var one = await ReadByteAsync(stream); one != '\n'; one = await ReadByteAsync(stream))
        {
            line.Append((char)one);
        }

        return line.ToString().TrimEnd('\r');
    }

    private static async Task<byte> ReadByteAsync(Stream stream)
    {
        var one = new byte[1];
        await stream.ReadExactlyAsync(one);
        return one[0];
    }
}
