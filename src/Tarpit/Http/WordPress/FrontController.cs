using System.Globalization;
using System.Net;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>index.php of WordPress: finds what a path means.</summary>
internal sealed class FrontController(Website site, FrontPages pages, Feeds feeds, RestApi rest) : IHttpPersona
{
    private const int PerPage = 10;

    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        WordPressLinks links = new(site, request.Origin);
        string path = request.Path is "/index.php" ? "/" : request.Path;
        return new(path.StartsWith("/wp-json", StringComparison.Ordinal) && (path.Length == 8 || path[8] == '/') ? rest.Answer(exchange, links, path[8..])
            : request.Query.TryGetValue("rest_route", out string? route) ? rest.Answer(exchange, links, route)
            : Answer(request, links, path));
    }

    private HttpAnswer Answer(HttpRequest request, WordPressLinks links, string path)
    {
        if (Asked(request, links, path) is { } asked)
        {
            return asked;
        }

        if (path is "/")
        {
            return List(links, 1, site.Posts, $"{site.Title} – {site.Tagline}", "home blog", "");
        }

        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        HttpAnswer? found = parts switch
        {
            ["feed"] or ["feed", "rss2" or "rss"] => feeds.Posts(links, request),
            ["feed", "atom"] => feeds.Atom(links, request),
            ["comments", "feed"] => feeds.Comments(links),
            ["page", var page] when int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 1000 =>
                number == 1 ? Moved($"{links.Home}/") : List(links, number, site.Posts, $"{site.Title} – Page {number} – {site.Tagline}", "home blog paged", ""),
            ["author", var name] when site.Users.FirstOrDefault(user => string.Equals(user.Slug, name, StringComparison.OrdinalIgnoreCase)) is { } user =>
                List(links, 1, site.Posts.Where(post => post.Author == user.Id), $"{user.Name} – {site.Title}", $"archive author author-{user.Slug} author-{user.Id}", $"<h1 class=\"wp-block-query-title\">Author: <span>{WebUtility.HtmlEncode(user.Name)}</span></h1>"),
            ["category", var slug] when site.Categories.Any(category => string.Equals(category.Slug, slug, StringComparison.OrdinalIgnoreCase)) =>
                List(links, 1, site.Posts.Where(post => string.Equals(post.Category, slug, StringComparison.OrdinalIgnoreCase)), $"{pages.CategoryName(slug.ToLowerInvariant())} – {site.Title}", $"archive category category-{slug}", $"<h1 class=\"wp-block-query-title\">Category: <span>{pages.CategoryName(slug.ToLowerInvariant())}</span></h1>"),
            [var slug] when site.Posts.FirstOrDefault(post => string.Equals(post.Slug, slug, StringComparison.OrdinalIgnoreCase)) is { } post => pages.Single(links, post),
            ["wp-sitemap.xml"] => feeds.Sitemap(links),
            ["robots.txt"] => HttpAnswer.Script($"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: {links.Home}/wp-sitemap.xml\n", "text/plain; charset=utf-8"),
            ["favicon.ico"] => HttpAnswer.Redirect($"{links.Home}/wp-includes/images/w-logo-blue-white-bg.png").With("X-Redirect-By", "WordPress"),
            ["admin" or "dashboard"] => HttpAnswer.Redirect($"{links.Home}/wp-admin/").With("X-Redirect-By", "WordPress"),
            ["login"] => HttpAnswer.Redirect($"{links.Home}/wp-login.php").With("X-Redirect-By", "WordPress"),
            _ => null,
        };
        bool hasFile = parts is ["wp-sitemap.xml" or "robots.txt" or "favicon.ico"];
        return found is null ? pages.NotFound(links) : found.Status == 200 && !path.EndsWith('/') && !hasFile ? Moved($"{links.Home}{path}/{Query(request)}") : found;
    }

    // What the query asks for by number: it is sent to its own address.
    private HttpAnswer? Asked(HttpRequest request, WordPressLinks links, string path)
    {
        if (path is not "/")
        {
            return null;
        }

        if (request.Query.TryGetValue("author", out string? author) && int.TryParse(author, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            return site.Users.FirstOrDefault(user => user.Id == id) is { } user ? Moved(links.Author(user)) : pages.NotFound(links);
        }

        if ((request.Query.TryGetValue("p", out string? number) || request.Query.TryGetValue("page_id", out number)) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out id))
        {
            return site.Posts.FirstOrDefault(post => post.Id == id) is { } post ? Moved(links.Post(post)) : pages.NotFound(links);
        }

        if (request.Query.TryGetValue("feed", out string? feed))
        {
            return Moved($"{links.Home}/feed/{(feed is "atom" ? "atom/" : "")}");
        }

        return request.Query.TryGetValue("s", out string? sought)
            ? List(links, 1, site.Posts.Where(post => !post.IsPage && (post.Title + post.Content).Contains(sought, StringComparison.OrdinalIgnoreCase)), $"Search Results for “{sought}” – {site.Title}", "search search-results", $"<h1 class=\"wp-block-query-title\">Search results for: &#8220;{WebUtility.HtmlEncode(sought)}&#8221;</h1>")
            : null;
    }

    private HttpAnswer List(WordPressLinks links, int number, IEnumerable<WebsitePost> posts, string title, string bodyClass, string heading)
    {
        WebsitePost[] shown = [.. posts.Where(post => !post.IsPage).OrderByDescending(post => post.Published).Skip((number - 1) * PerPage).Take(PerPage)];
        return shown.Length == 0 && number > 1 ? pages.NotFound(links) : pages.List(links, title, bodyClass, heading, shown);
    }

    private static HttpAnswer Moved(string location) => HttpAnswer.Redirect(location, 301).With("X-Redirect-By", "WordPress");

    private static string Query(HttpRequest request) => request.QueryText.Length == 0 ? "" : "?" + request.QueryText;
}
