using System.Text;
using Blackwall.Tarpit.Http.Face;
using Blackwall.Tarpit.Http.Files;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>The website: WordPress below the web root, with the files that it has and those that somebody left there.</summary>
internal static class WordPressSite
{
    // A picture of one point.
    private const string Dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    // Scripts of the core that answer nothing when they are asked alone.
    private static readonly string[] Silent = ["/wp-config.php", "/wp-load.php", "/wp-settings.php", "/wp-cron.php", "/wp-content/index.php", "/wp-content/plugins/index.php", "/wp-content/themes/index.php", "/wp-blog-header.php"];

    // The library's files are no entry points: they fail where they look for what nobody loaded.
    private static readonly string[] Failing = ["/wp-includes/version.php", "/wp-includes/functions.php", "/wp-content/themes/twentytwentyfour/functions.php"];

    public static WebRoot Create(ServerFace face, Website site, LoginDesk desk, IReadOnlyDictionary<string, StaticFile> baits, IReadOnlyDictionary<string, IHttpPersona> others, IWebFolder? folder = null)
    {
        WordPressLogins logins = new(site, desk);
        FrontPages pages = new(site);
        InstalledPlugins plugins = new();
        FrontController controller = new(site, pages, new Feeds(site), new RestApi(site, logins));
        IHttpPersona login = new LoginPage(site, logins), dashboard = new Dashboard(site, logins, plugins);
        Dictionary<string, IHttpPersona> scripts = new(others, StringComparer.Ordinal)
        {
            ["/index.php"] = controller,
            ["/wp-login.php"] = login,
            ["/xmlrpc.php"] = new XmlRpc(site, logins),
            ["/wp-links-opml.php"] = new Script(_ => HttpAnswer.Script($"<?xml version=\"1.0\"?>\n<opml version=\"1.0\">\n\t<head>\n\t\t<title>\n\t\tLinks for {System.Net.WebUtility.HtmlEncode(site.Title)}\t\t</title>\n\t\t<dateCreated>{site.Machine.Now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)} GMT</dateCreated>\n\t\t<!-- generator=\"WordPress/{site.Version}\" -->\n\t</head>\n\t<body>\n</body>\n</opml>\n", "text/xml; charset=UTF-8")),
            ["/wp-signup.php"] = new Script(exchange => HttpAnswer.Redirect($"{exchange.Request.Origin}/wp-login.php?action=register").With("X-Redirect-By", "WordPress")),
            ["/wp-trackback.php"] = new Script(_ => HttpAnswer.Script("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>\n<error>1</error>\n<message>I really need an ID for this to work.</message>\n</response>", "text/xml; charset=UTF-8")),
            ["/wp-comments-post.php"] = new Script(exchange => exchange.Request.Method is "POST" ? HttpAnswer.Page("") : HttpAnswer.Script("", "text/plain;charset=UTF-8", 405).With("Allow", "POST")),
            ["/wp-mail.php"] = new Script(_ => HttpAnswer.Page("<!DOCTYPE html>\n<html lang=\"en-US\">\n<head>\n\t<title>WordPress &rsaquo; Error</title>\n</head>\n<body id=\"error-page\">\n\t<div class=\"wp-die-message\">This action has been disabled by the administrator.</div></body>\n</html>\n", 403)),
        };
        foreach (string path in Silent)
        {
            scripts[path] = new Script(_ => HttpAnswer.Page(""));
        }

        foreach (string path in Failing)
        {
            scripts[path] = new Script(exchange => path.EndsWith("version.php", StringComparison.Ordinal) ? HttpAnswer.Page("") : HttpAnswer.Page("", 500));
        }

        foreach (string page in new[] { "index", "users", "edit", "plugins", "plugin-install", "update", "profile", "theme-editor", "plugin-editor", "upload", "edit-comments", "themes", "tools", "options-general", "post", "post-new", "user-new", "admin-ajax", "admin-post", "install", "admin", "update-core", "options" })
        {
            scripts[$"/wp-admin/{page}.php"] = dashboard;
        }

        Dictionary<string, StaticFile> files = new(baits, StringComparer.Ordinal);
        DateTimeOffset unpacked = site.Started.AddTicks(-(site.Started.Ticks % TimeSpan.TicksPerSecond));
        foreach ((string path, string text, string type) in WordPressFiles.All(site))
        {
            files[path] = new StaticFile(Encoding.UTF8.GetBytes(text), unpacked, type);
        }

        foreach (string path in new[] { "/wp-includes/images/w-logo-blue-white-bg.png", "/wp-admin/images/wordpress-logo.png" })
        {
            files[path] = new StaticFile(Convert.FromBase64String(Dot), unpacked, "image/png");
        }

        return new WebRoot(face, files, scripts, controller, folder);
    }
}
