using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Blackwall.Ctl;

/// <summary>Speaks to the control plane; whatever goes wrong is a <see cref="CtlException"/> with one sentence.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int LongestKey = 256;
    private readonly HttpClient _http;
    private readonly Uri _api;

    public ApiClient(Uri api, string keyFile)
    {
        // A proxy of the environment would get to see the key, and so would whoever a redirect names.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ReadKey(keyFile));
        _api = new Uri(api, "/api/v1/");
    }

    private ApiClient(string socket)
    {
        UnixDomainSocketEndPoint place = new(socket);
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (_, cancellation) =>
            {
                Socket connected = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connected.ConnectAsync(place, cancellation);
                    return new NetworkStream(connected, ownsSocket: true);
                }
                catch
                {
                    connected.Dispose();
                    throw;
                }
            },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _api = new Uri("http://localhost/api/v1/");
    }

    /// <summary>By the local socket unless an address or a key is named: whoever listens at a port could be anybody, and would be told the key.</summary>
    /// <exception cref="CtlException">Nobody answers at the socket, or another user listens at the address.</exception>
    public static ApiClient Open(CtlLine line)
    {
        if (line.Socket is { } socket)
        {
            return Answers(socket)
                ? new ApiClient(socket)
                : throw new CtlException(CtlExit.Unreachable, $"No appliance answers at {socket}. Is it running, and are you root? With a state folder of its own add --socket FOLDER/api.sock; elsewhere --api URL and --key-file FILE.");
        }

        if (line.Api.Scheme is "http" && ListenerOwner.IsAnother(line.Api.Port))
        {
            throw new CtlException(CtlExit.Unreachable, $"At {line.Api.Authority} listens another user than root or you; it is not sent the key.");
        }

        return new ApiClient(line.Api, line.KeyFile);
    }

    public void Dispose() => _http.Dispose();

    private static bool Answers(string path)
    {
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The answer's JSON; null: it has no body.</summary>
    public async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using HttpRequestMessage request = new(method, new Uri(_api, path));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, patience.Token);
            string text = await response.Content.ReadAsStringAsync(patience.Token);
            return Understand(response, text);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CtlException(CtlExit.Unreachable, $"The appliance at {_api.Authority} did not answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw Unreachable(failure);
        }
    }

    /// <summary>Calls back with id, kind and data of each event; returns when it says false.</summary>
    public async Task FollowAsync(Func<string?, string, JsonNode, bool> happened, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri(_api, "events"), HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                Understand(response, await response.Content.ReadAsStringAsync(cancellation));
            }

            using StreamReader stream = new(await response.Content.ReadAsStreamAsync(cancellation));
            (string? id, string kind, string data) = (null, "", "");
            while (await stream.ReadLineAsync(cancellation) is { } line)
            {
                if (line.Length == 0)
                {
                    if (data.Length > 0 && JsonNode.Parse(data) is { } node && !happened(id, kind, node))
                    {
                        return;
                    }

                    (id, kind, data) = (null, "", "");
                }
                else if (line.Split(": ", 2) is [{ Length: > 0 } field, var value])
                {
                    (id, kind, data) = field switch
                    {
                        "id" => (value, kind, data),
                        "event" => (id, value, data),
                        "data" => (id, kind, value),
                        _ => (id, kind, data),
                    };
                }
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
        {
            throw Unreachable(failure);
        }

        throw new CtlException(CtlExit.Unreachable, "The appliance ended the stream of events.");
    }

    /// <summary>Copies an answer that is no JSON.</summary>
    public async Task CopyAsync(string path, Stream to, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri(_api, path), HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                Understand(response, await response.Content.ReadAsStringAsync(cancellation));
            }

            await response.Content.CopyToAsync(to, cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw Unreachable(failure);
        }
    }

    private static JsonNode? Understand(HttpResponseMessage response, string text)
    {
        JsonNode? json = null;
        if (text.Length > 0)
        {
            try
            {
                json = JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                throw new CtlException(CtlExit.Refused, $"The answer ({(int)response.StatusCode}) is not an appliance's.");
            }
        }

        // The health of an appliance that is not ready is an answer, not a problem.
        bool problem = string.Equals(response.Content.Headers.ContentType?.MediaType, "application/problem+json", StringComparison.Ordinal);
        if (response.IsSuccessStatusCode || (json is not null && !problem))
        {
            return json;
        }

        int exit = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests ? CtlExit.NoKey : CtlExit.Refused;
        throw new CtlException(exit, Sentence(json) ?? $"The appliance answered {(int)response.StatusCode}.");
    }

    /// <summary>Detail and errors of a problem (RFC 9457) in one sentence.</summary>
    private static string? Sentence(JsonNode? problem)
    {
        if (problem is not JsonObject { } body || (string?)body["detail"] is not { } detail)
        {
            return null;
        }

        IEnumerable<string> errors = body["errors"] is JsonObject fields
            ? fields.SelectMany(field => (field.Value as JsonArray ?? []).Select(error => $"{field.Key}: {((string?)error ?? "").TrimEnd('.')}"))
            : [];
        string listed = string.Join("; ", errors);
        return listed.Length == 0 ? detail : $"{detail.TrimEnd('.')}: {listed}.";
    }

    private static string ReadKey(string file)
    {
        string key;
        try
        {
            key = File.ReadAllText(file).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CtlException(CtlExit.NoKey, $"The key cannot be read ({failure.Message.TrimEnd('.')}); be root, or name another file with --key-file.");
        }

        return key.Length is > 0 and <= LongestKey && key.All(c => c is > ' ' and < '\x7f')
            ? key
            : throw new CtlException(CtlExit.NoKey, $"{file} holds no key.");
    }

    private CtlException Unreachable(Exception failure) =>
        new(CtlExit.Unreachable, $"The appliance at {_api.Authority} cannot be reached ({failure.Message.TrimEnd('.')}); is it running, and is --api right?");
}
