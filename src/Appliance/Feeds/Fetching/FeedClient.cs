using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Blackwall.Feeds.Fetching;

/// <summary>
/// Asks one server: under the appliance's own name, without proxy or cookies, certificates always checked, few redirects, none of which is weaker than
/// what was asked for or leads inside.
/// </summary>
internal sealed class FeedClient : IDisposable
{
    private const int MostRedirects = 3;
    private static readonly string Version = typeof(FeedClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private readonly HttpClient _client;
    private readonly Feed _feed;
    private readonly TimeProvider _time;

    public FeedClient(Feed feed, TimeProvider time)
    {
        (_feed, _time) = (feed, time);
#pragma warning disable CA2000 // The client disposes of it.
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10), MaxResponseHeadersLength = 64 };
#pragma warning restore CA2000
        if (feed.Settings.CaCertificate is { } authority)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(authority);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        // The whole fetch has one time limit, which its caller keeps.
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Blackwall", Version));
        _client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
    }

    /// <summary>Asks for a document.</summary>
    /// <returns>The answer with 200 or 304; its body is not read yet.</returns>
    /// <exception cref="FetchException">Anything else came.</exception>
    /// <exception cref="HttpRequestException">Nothing came.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri url, string? accept, FeedState? known, CancellationToken cancellation)
    {
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            Prepare(request, accept, known);
            HttpResponseMessage answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotModified)
            {
                return answer;
            }

            using (answer)
            {
                if (answer.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                {
                    throw new FetchException(string.Create(CultureInfo.InvariantCulture, $"The server answered {(int)answer.StatusCode}."), RetryAfter(answer));
                }

                if (redirects == MostRedirects || answer.Headers.Location is not { } place)
                {
                    throw new FetchException("The server sends from place to place.");
                }

                Uri next = new(url, place);
                if (!Follows(new Uri(_feed.Settings.Url), next))
                {
                    throw new FetchException(new Uri(_feed.Settings.Url).IsLoopback
                        ? "The server of this machine sends elsewhere than to this machine."
                        : $"The server sends to {next.Scheme}://{next.Host}, which is less safe than what was asked for, or inside.");
                }

                url = next;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool Follows(Uri first, Uri next) =>
        (next.Scheme is "https" || (next.Scheme is "http" && first.Scheme is "http"))
        && (first.IsLoopback ? next.IsLoopback : !(next.IsLoopback || (Pipeline.Model.Address.TryParse(next.Host.Trim('[', ']'), out Pipeline.Model.Address address) && Pipeline.Model.Unroutable.Overlapping(Pipeline.Model.Prefix.Host(address)) is not null)));

    private void Prepare(HttpRequestMessage request, string? accept, FeedState? known)
    {
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        // A token is for the server that the operator named, and for nobody that it sends to.
        if (_feed.Token is { } token && request.RequestUri!.Authority.Equals(new Uri(_feed.Settings.Url).Authority, StringComparison.OrdinalIgnoreCase))
        {
            request.Headers.TryAddWithoutValidation(_feed.Settings.Header, Credential(token));
        }

        if (known?.ETag is { } tag)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        if (known?.LastModified is { } since)
        {
            request.Headers.TryAddWithoutValidation("If-Modified-Since", since);
        }
    }

    private string Credential(string token) => (_feed.Settings.Header, token.Contains(':', StringComparison.Ordinal)) switch
    {
        ("Authorization", true) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(token))}",
        ("Authorization", false) => $"Bearer {token}",
        _ => token,
    };

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        TimeSpan? wait = answer.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - _time.GetUtcNow();
        return wait is { } some ? some < TimeSpan.Zero ? TimeSpan.Zero : some < FeedSchedule.MostRetryAfter ? some : FeedSchedule.MostRetryAfter : null;
    }
}
