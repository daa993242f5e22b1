using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json;
using Blackwall.Client.Auditing;
using Blackwall.Client.Captures;
using Blackwall.Client.Changes;
using Blackwall.Client.Classification;
using Blackwall.Client.Decisions;
using Blackwall.Client.Events;
using Blackwall.Client.Mesh;
using Blackwall.Client.Notifications;
using Blackwall.Client.Sessions;
using Blackwall.Client.Settings;
using Blackwall.Client.Sinks;
using Blackwall.Client.Feeds;
using Blackwall.Client.Sources;
using Blackwall.Client.Status;

namespace Blackwall.Client;

/// <summary>Speaks to the control plane; whatever goes wrong is a <see cref="Failure"/> with one sentence, never an exception.</summary>
public sealed class ApplianceClient : IDisposable
{
    private const int LargestAnswer = 64 << 20;

    /// <summary>The appliance sends a comment every 15 seconds; after three of them the stream is dead.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private readonly ClientConnection _connection;
    private readonly HttpClient _http;
    private readonly HttpClient _stream;
    private readonly Uri _api;
    private readonly TimeProvider _time;
    private volatile string? _distrust;

    public ApplianceClient(ClientConnection connection, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _api = new Uri(connection.Api, "/api/v1/");
        _time = time;
        _http = new HttpClient(NewHandler()) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _stream = new HttpClient(NewHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        if (connection.Key is { } key)
        {
            _http.DefaultRequestHeaders.Authorization = _stream.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <summary>"127.0.0.1:9470", or the path of a socket.</summary>
    public string Place => _connection.Place.Length > 0 ? _connection.Place : _api.Authority;

    /// <summary>The wall, the appliance's health, and all counters.</summary>
    public StatusApi Status => new(this);

    public DecisionsApi Decisions => new(this);

    public SourcesApi Sources => new(this);

    public ChangesApi Changes => new(this);

    public CapturesApi Captures => new(this);

    public SessionsApi Sessions => new(this);

    public EventsApi Events => new(this);

    public NotificationsApi Notifications => new(this);

    public ModelApi Model => new(this);

    public MeshApi Mesh => new(this);

    public SettingsApi Settings => new(this);

    public SinksApi Sinks => new(this);

    public FeedsApi Feeds => new(this);

    public AuditApi Audit => new(this);

    public void Dispose()
    {
        _http.Dispose();
        _stream.Dispose();
    }

    public Task<Answer<T>> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class => SendAsync(HttpMethod.Get, path, null, null, type, cancellation);

    public Task<Answer<TOut>> SendAsync<TIn, TOut>(HttpMethod method, string path, TIn body, JsonTypeInfo<TIn> bodyType, string? tag, JsonTypeInfo<TOut> type, CancellationToken cancellation)
        where TOut : class => SendAsync(method, path, JsonContentOf(body, bodyType), tag, type, cancellation);

    /// <summary>With text, as an import takes it.</summary>
    public Task<Answer<T>> SendTextAsync<T>(HttpMethod method, string path, string text, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class => SendAsync(method, path, new StringContent(text, System.Text.Encoding.UTF8, "text/plain"), null, type, cancellation);

    /// <summary>Without a body.</summary>
    public Task<Answer<T>> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class => SendAsync(method, path, null, null, type, cancellation);

    /// <param name="path">What to delete.</param>
    /// <param name="tag">Only if it is still as this ETag says; null: in any case.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<Nothing>> DeleteAsync(string path, string? tag, CancellationToken cancellation) =>
        SendAsync<Nothing>(HttpMethod.Delete, path, null, tag, null, cancellation);

    /// <summary>Makes something so that has no body and no answer.</summary>
    public Task<Answer<Nothing>> PutAsync(string path, CancellationToken cancellation) => SendAsync<Nothing>(HttpMethod.Put, path, null, null, null, cancellation);

    /// <summary>Whether this operation knows dryRun: an API that does not would ignore the word and act in earnest. Null: it cannot be told.</summary>
    /// <param name="verb">post, put or delete.</param>
    /// <param name="path">As in the API's description: rules/{id}.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool?> KnowsDryRunAsync(string verb, string path, CancellationToken cancellation)
    {
        try
        {
            using CancellationTokenSource patience = new(_connection.Patience, _time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            byte[] text = await _http.GetByteArrayAsync(new Uri(_api, "/swagger/blackwall/swagger.json"), either.Token);
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.TryGetProperty("paths", out JsonElement paths)
                && paths.TryGetProperty($"/api/v1/{path}", out JsonElement resource)
                && resource.TryGetProperty(verb, out JsonElement operation)
                && operation.TryGetProperty("parameters", out JsonElement parameters)
                && parameters.EnumerateArray().Any(parameter => parameter.TryGetProperty("name", out JsonElement name) && name.ValueEquals("dryRun"));
        }
        catch (Exception failure) when (IsExpected(failure) || failure is InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Copies an answer that is no JSON; null: it is all there.</summary>
    public Task<Failure?> CopyAsync(string path, Stream to, CancellationToken cancellation) => CopyAsync(path, from: 0, to, cancellation);

    /// <summary>Copies an answer that is no JSON from a byte on; null: it is all there, or there is nothing beyond that byte.</summary>
    public async Task<Failure?> CopyAsync(string path, long from, Stream to, CancellationToken cancellation)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(_api, path));
            if (from > 0)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
            }

            using HttpResponseMessage response = await _stream.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (from > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return null;
            }

            if (!response.IsSuccessStatusCode)
            {
                await response.Content.LoadIntoBufferAsync(LargestAnswer, cancellation);
                return Understand(response, await response.Content.ReadAsByteArrayAsync(cancellation));
            }

            await response.Content.CopyToAsync(to, cancellation);
            return null;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return Unreachable(failure);
        }
    }

    /// <summary>Calls back with each event until the stream ends; says why it ended.</summary>
    public async Task<Failure> FollowAsync(string? lastId, Action connected, Func<StreamItem, CancellationToken, ValueTask> happened, CancellationToken cancellation)
    {
        using CancellationTokenSource silence = new(Silence, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(_api, "events"));
            if (lastId is not null)
            {
                request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
            }

            using HttpResponseMessage response = await _stream.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                await response.Content.LoadIntoBufferAsync(LargestAnswer, either.Token);
                return Understand(response, await response.Content.ReadAsByteArrayAsync(either.Token));
            }

            connected();
            using StreamReader text = new(await response.Content.ReadAsStreamAsync(either.Token));
            EventStreamReader reader = new(text);
            while (await reader.ReadAsync(() => silence.CancelAfter(Silence), either.Token) is { } item)
            {
                await happened(item, cancellation);
            }

            return new Failure(FailureKind.Unreachable, "The appliance ended the stream of events.");
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return silence.IsCancellationRequested ? new Failure(FailureKind.Unreachable, "The stream of events fell silent.") : Unreachable(failure);
        }
    }

    internal static string WithQuery(string path, string query) => query.Length == 0 ? path : $"{path}?{query}";

    // Off the thread of the screen, whose toolkit would take up every continuation there.
    private Task<Answer<T>> SendAsync<T>(HttpMethod method, string path, HttpContent? content, string? tag, JsonTypeInfo<T>? type, CancellationToken cancellation)
        where T : class => Task.Run(() => ExchangeAsync(method, path, content, tag, type, cancellation), CancellationToken.None);

    private async Task<Answer<T>> ExchangeAsync<T>(HttpMethod method, string path, HttpContent? content, string? tag, JsonTypeInfo<T>? type, CancellationToken cancellation)
        where T : class
    {
        using CancellationTokenSource patience = new(_connection.Patience, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using HttpRequestMessage request = new(method, new Uri(_api, path)) { Content = content };
            if (tag is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Match", tag);
            }

            using HttpResponseMessage response = await _http.SendAsync(request, either.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(either.Token);

            // The health of an appliance that is not ready is an answer, not a problem.
            bool health = response.StatusCode == HttpStatusCode.ServiceUnavailable && type?.Type == typeof(Health) && response.Content.Headers.ContentType?.MediaType is "application/json";
            if (!response.IsSuccessStatusCode && !health)
            {
                return new Answer<T>(null, Understand(response, body));
            }

            T? value = type is null ? Nothing.Value as T : JsonSerializer.Deserialize(body, type);
            return value is null ? new Answer<T>(null, NotAnAppliance) : new Answer<T>(value, null, response.Headers.ETag?.ToString(), body);
        }
        catch (JsonException)
        {
            return new Answer<T>(null, NotAnAppliance);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return new Answer<T>(null, patience.IsCancellationRequested
                ? new Failure(FailureKind.Unreachable, $"The appliance at {Place} did not answer within {_connection.Patience.TotalSeconds:0} seconds.")
                : Unreachable(failure));
        }
    }

    private Failure NotAnAppliance => new(FailureKind.Broken, $"The answer of {Place} is not one of an appliance that this program knows.");

    private static bool IsExpected(Exception failure) => failure is HttpRequestException or IOException or OperationCanceledException or JsonException or InvalidDataException;

    private static ByteArrayContent JsonContentOf<T>(T body, JsonTypeInfo<T> type)
    {
        ByteArrayContent content = new(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static Failure Understand(HttpResponseMessage response, byte[] body)
    {
        Problem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(body, ClientJson.Default.Problem);
        }
        catch (JsonException)
        {
            // Whatever stands between us and the appliance speaks no problem+json; the status says enough.
        }

        int status = (int)response.StatusCode;
        TimeSpan? wait = response.Headers.RetryAfter?.Delta;
        string sentence = problem?.Sentence ?? string.Create(CultureInfo.InvariantCulture, $"The appliance answered {status}.");
        Failure failure = status switch
        {
            401 => new Failure(FailureKind.NoKey, $"{sentence} The appliance does not accept this key; start again with --key-file naming a good one."),
            403 when problem?.Type is "license-limit" => new Failure(FailureKind.Refused, sentence),
            403 => new Failure(FailureKind.Forbidden, $"{sentence} This key may not do that; use one that may."),
            429 => new Failure(FailureKind.TooMany, $"{sentence} Asked again in {wait?.TotalSeconds ?? 60:0} s.", wait ?? TimeSpan.FromSeconds(60)),
            404 => new Failure(FailureKind.NotFound, sentence),
            412 => new Failure(FailureKind.Changed, sentence),
            >= 500 => new Failure(FailureKind.Broken, sentence, wait),
            _ => new Failure(FailureKind.Refused, sentence),
        };
        return failure with { Status = status, Problem = problem };
    }

    private Failure Unreachable(Exception failure) => failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } && _distrust is { } distrust
        ? new Failure(FailureKind.Certificate, $"The certificate of {Place} is not trusted: {distrust}. Nothing was sent.")
        : new Failure(FailureKind.Unreachable, PlainText.Clean($"The appliance at {Place} cannot be reached ({failure.Message.TrimEnd('.')})."));

    private SocketsHttpHandler NewHandler()
    {
        SocketsHttpHandler handler = new()
        {
            // A proxy of the environment would get to see the key, and so would whoever a redirect names.
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Trust(certificate?.Subject, chain?.ChainStatus.FirstOrDefault().StatusInformation, errors) },
        };
        if (_connection.Authorities is { } authorities)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (_connection.Connect is { } connect)
        {
            handler.ConnectCallback = async (_, cancellation) => new NetworkStream(await connect(cancellation), ownsSocket: true);
        }

        return handler;
    }

    private bool Trust(string? subject, string? chain, SslPolicyErrors errors)
    {
        _distrust = errors switch
        {
            SslPolicyErrors.None => null,
            SslPolicyErrors.RemoteCertificateNotAvailable => "it has none",
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => PlainText.Clean($"it is for {subject ?? "nobody"}; name the appliance with --api as its certificate does"),
            _ => PlainText.Clean($"{chain?.TrimEnd('.') ?? "nobody vouches for it"}; add its issuer to the certificates that this machine trusts, or name it in SSL_CERT_FILE"),
        };
        return errors == SslPolicyErrors.None;
    }
}
