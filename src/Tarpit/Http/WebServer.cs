using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Http.Bait;
using Blackwall.Tarpit.Http.Face;
using Blackwall.Tarpit.Http.Files;
using Blackwall.Tarpit.Http.Front;
using Blackwall.Tarpit.Http.Panel;
using Blackwall.Tarpit.Http.Tls;
using Blackwall.Tarpit.Http.WordPress;
using Blackwall.Tarpit.Pacing;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http;

/// <summary>The web server of the machine: HTTP and TLS at their ports, the proxy, and the applications behind it.</summary>
internal sealed class WebServer : IDisposable
{
    private const string WordPress = "wordpress";
    private const string DatabaseAdmin = "phpmyadmin";
    private const string Panel = "panel";
    private const long SmallestBody = 64 << 10;

    // Web clients and the tools of attackers give up after some seconds without a byte, or without the whole page.
    private static readonly TimeSpan ClientSilence = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ClientPatience = TimeSpan.FromSeconds(10);
    private static readonly ushort[] PanelPorts = [8000, 8080, 8443, 8888];
    private static readonly ushort[] PlainPorts = [80, 8000, 8080, 8888];
    private static readonly ushort[] EncryptedPorts = [443, 8443];

    private readonly YarpFront _front;

    public WebServer(Website site, TarpitSettings settings, TarpitIdentity identity, IAcceptPolicy policy, TimeProvider time, Func<CancellationToken, ValueTask<Stream>>? decoy = null, SessionPacing? pacing = null, IWebFolder? folder = null)
    {
        ServerFace face = ServerFace.Ubuntu2404;
        LoginDesk desk = new(policy, site.Credentials);
        Dictionary<string, IHttpPersona> personas = new(StringComparer.Ordinal)
        {
            [WordPress] = WordPressSite.Create(face, site, desk, BaitFiles.Create(site), new Dictionary<string, IHttpPersona>(StringComparer.Ordinal) { ["/phpinfo.php"] = new PhpInfoPage(face, site) }, folder),
            [DatabaseAdmin] = new PhpMyAdmin(site),
            [Panel] = new AdminPanel(site, desk),
        };
        _front = new YarpFront(personas, decoy is null ? Choose : _ => DecoyConnector.Cluster, decoy is null ? null : new DecoyConnector(decoy));
        Http = new HttpService(new HttpServer(face, decoy is null ? _front : new DecoyRecorder(_front), new BodyReader(settings.MaxFileBytes + SmallestBody), time, pacing is null ? null : () => pacing.ForClient(ClientSilence, ClientPatience)));
        TlsService tls = new(WebCertificate.Create(site.Machine, identity.Tls!), Http, time);
        Services = [new PortService(Http, PlainPorts, Guess.Http), new PortService(tls, EncryptedPorts, Guess.Tls)];
    }

    public HttpService Http { get; }

    /// <summary>What answers at which ports.</summary>
    public IReadOnlyList<PortService> Services { get; }

    // By the port that was asked for and by the path, never by the name of a host.
    private static string Choose(HttpRequest request) =>
        request.Path is "/phpmyadmin" || request.Path.StartsWith("/phpmyadmin/", StringComparison.Ordinal) ? DatabaseAdmin
        : Array.IndexOf(PanelPorts, (ushort)request.Destination.Port) >= 0 || request.Path.StartsWith("/api/", StringComparison.Ordinal) ? Panel
        : WordPress;

    public void Dispose() => _front.Dispose();
}
