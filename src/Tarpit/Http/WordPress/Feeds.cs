using System.Globalization;
using System.Net;
using System.Text;
using Blackwall.Tarpit.Http.Wire;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>RSS, Atom and the sitemap.</summary>
internal sealed class Feeds(Website site)
{
    private const int Most = 10;

    private IEnumerable<WebsitePost> Newest => site.Posts.Where(post => !post.IsPage).OrderByDescending(post => post.Published).Take(Most);

    private DateTimeOffset Changed => site.Posts.Max(post => post.Modified);

    public HttpAnswer Posts(WordPressLinks links, HttpRequest request)
    {
        StringBuilder xml = Begin(links, "/feed/", site.Title);
        foreach (WebsitePost post in Newest)
        {
            WebsiteUser author = site.Users.First(user => user.Id == post.Author);
            xml.Append(CultureInfo.InvariantCulture, $"\t\t<item>\n\t\t<title>{Escape(post.Title)}</title>\n\t\t<link>{links.Post(post)}</link>\n\t\t\n\t\t<dc:creator><![CDATA[{author.Name}]]></dc:creator>\n\t\t<pubDate>{Date(post.Published)}</pubDate>\n\t\t\t\t<category><![CDATA[{site.Categories.First(c => string.Equals(c.Slug, post.Category, StringComparison.Ordinal)).Name}]]></category>\n\t\t<guid isPermaLink=\"false\">{links.Home}/?p={post.Id}</guid>\n\n\t\t\t\t\t<description><![CDATA[{Text(post)}]]></description>\n\t\t\t\t\t\t\t\t\t\t<content:encoded><![CDATA[{post.Content}]]></content:encoded>\n\t\t\t\t\t\n\t\t\n\t\t\n\t\t\t</item>\n");
        }

        return Conditional(HttpAnswer.Script(xml.Append("\t</channel>\n</rss>\n").ToString(), "application/rss+xml; charset=UTF-8"), request, links);
    }

    public HttpAnswer Comments(WordPressLinks links) =>
        HttpAnswer.Script(Begin(links, "/comments/feed/", "Comments for " + site.Title).Append("\t</channel>\n</rss>\n").ToString(), "application/rss+xml; charset=UTF-8").With("Link", $"<{links.Home}/wp-json/>; rel=\"https://api.w.org/\"");

    public HttpAnswer Atom(WordPressLinks links, HttpRequest request)
    {
        StringBuilder xml = new();
        xml.Append(CultureInfo.InvariantCulture, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><feed\n\txmlns=\"http://www.w3.org/2005/Atom\"\n\txmlns:thr=\"http://purl.org/syndication/thread/1.0\"\n\txml:lang=\"en-US\"\n\t>\n\t<title type=\"text\">{Escape(site.Title)}</title>\n\t<subtitle type=\"text\">{Escape(site.Tagline)}</subtitle>\n\n\t<updated>{Changed:yyyy-MM-ddTHH:mm:ssZ}</updated>\n\n\t<link rel=\"alternate\" type=\"text/html\" href=\"{links.Home}\" />\n\t<id>{links.Home}/feed/atom/</id>\n\t<link rel=\"self\" type=\"application/atom+xml\" href=\"{links.Home}/feed/atom/\" />\n\n\t<generator uri=\"https://wordpress.org/\" version=\"{site.Version}\">WordPress</generator>\n");
        foreach (WebsitePost post in Newest)
        {
            xml.Append(CultureInfo.InvariantCulture, $"\t<entry>\n\t\t<author>\n\t\t\t<name>{Escape(site.Users.First(user => user.Id == post.Author).Name)}</name>\n\t\t</author>\n\t\t<title type=\"html\"><![CDATA[{post.Title}]]></title>\n\t\t<link rel=\"alternate\" type=\"text/html\" href=\"{links.Post(post)}\" />\n\n\t\t<id>{links.Home}/?p={post.Id}</id>\n\t\t<updated>{post.Modified:yyyy-MM-ddTHH:mm:ssZ}</updated>\n\t\t<published>{post.Published:yyyy-MM-ddTHH:mm:ssZ}</published>\n\t\t<summary type=\"html\"><![CDATA[{Text(post)}]]></summary>\n\t</entry>\n");
        }

        return Conditional(HttpAnswer.Script(xml.Append("</feed>\n").ToString(), "application/atom+xml; charset=UTF-8"), request, links);
    }

    public HttpAnswer Sitemap(WordPressLinks links)
    {
        string entries = string.Concat(site.Posts.Select(post => string.Create(CultureInfo.InvariantCulture, $"<url><loc>{links.Post(post)}</loc><lastmod>{post.Modified:yyyy-MM-ddTHH:mm:ss+00:00}</lastmod></url>")));
        return HttpAnswer.Script($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{entries}</urlset>\n", "application/xml; charset=UTF-8").With("X-Robots-Tag", "noindex, follow");
    }

    private StringBuilder Begin(WordPressLinks links, string self, string title)
    {
        StringBuilder xml = new();
        return xml.Append(CultureInfo.InvariantCulture, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"\n\txmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n\txmlns:wfw=\"http://wellformedweb.org/CommentAPI/\"\n\txmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n\txmlns:atom=\"http://www.w3.org/2005/Atom\"\n\txmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"\n\txmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\"\n\t>\n\n<channel>\n\t<title>{Escape(title)}</title>\n\t<atom:link href=\"{links.Home}{self}\" rel=\"self\" type=\"application/rss+xml\" />\n\t<link>{links.Home}</link>\n\t<description>{Escape(site.Tagline)}</description>\n\t<lastBuildDate>{Date(Changed)}</lastBuildDate>\n\t<language>en-US</language>\n\t<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>\n\t<sy:updateFrequency>\n\t1\t</sy:updateFrequency>\n\t<generator>https://wordpress.org/?v={site.Version}</generator>\n");
    }

    private HttpAnswer Conditional(HttpAnswer answer, HttpRequest request, WordPressLinks links)
    {
        string changed = HttpDate.Write(Changed), tag = $"\"{Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Encoding.ASCII.GetBytes(changed)))}\"";
        bool isKnown = request.Head["If-None-Match"] is { } none ? none.Contains(tag, StringComparison.Ordinal) : HttpDate.Read(request.Head["If-Modified-Since"]) is { } since && since >= Changed.AddTicks(-(Changed.Ticks % TimeSpan.TicksPerSecond));
        return (isKnown ? new HttpAnswer(304) { IsScript = true } : answer).With("Last-Modified", changed).With("ETag", tag).With("Link", $"<{links.Home}/wp-json/>; rel=\"https://api.w.org/\"");
    }

    private static string Text(WebsitePost post) => post.Content.Replace("<p>", "", StringComparison.Ordinal).Replace("</p>", "", StringComparison.Ordinal).Replace("\n\n\n\n", " ", StringComparison.Ordinal);

    private static string Date(DateTimeOffset time) => time.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
