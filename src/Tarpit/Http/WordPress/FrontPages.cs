using System.Globalization;
using System.Net;
using System.Text;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>The pages of the website: lists of posts, single posts and pages, and that nothing was found.</summary>
internal sealed class FrontPages(Website site)
{
    private readonly PageFrame _frame = new(site);

    /// <summary>Posts, newest first.</summary>
    /// <param name="heading">HTML above them; empty: none.</param>
    public HttpAnswer List(WordPressLinks links, string title, string bodyClass, string heading, IEnumerable<WebsitePost> posts, string extra = "")
    {
        StringBuilder main = new(heading);
        main.Append("<div class=\"wp-block-query alignfull is-layout-flow\"><ul class=\"wp-block-post-template is-layout-grid\">");
        foreach (WebsitePost post in posts)
        {
            string text = WebUtility.HtmlDecode(post.Content).Replace("<p>", "", StringComparison.Ordinal).Replace("</p>", "", StringComparison.Ordinal).Replace("\n\n\n\n", " ", StringComparison.Ordinal);
            main.Append(CultureInfo.InvariantCulture, $"<li class=\"wp-block-post post-{post.Id} post type-post status-publish format-standard hentry category-{post.Category}\">\n<h2 class=\"wp-block-post-title\"><a href=\"{links.Post(post)}\" target=\"_self\" >{WebUtility.HtmlEncode(post.Title)}</a></h2>\n");
            main.Append(CultureInfo.InvariantCulture, $"<div class=\"wp-block-post-date\"><time datetime=\"{Stamp(post.Published)}\"><a href=\"{links.Post(post)}\">{Date(post.Published)}</a></time></div>\n<div class=\"wp-block-post-excerpt\"><p class=\"wp-block-post-excerpt__excerpt\">{WebUtility.HtmlEncode(text)} </p></div></li>");
        }

        main.Append("</ul></div>");
        return WithApi(HttpAnswer.Page(_frame.Make(links, title, bodyClass, extra, main.ToString())), links);
    }

    public HttpAnswer Single(WordPressLinks links, WebsitePost post)
    {
        WebsiteUser author = site.Users.First(user => user.Id == post.Author);
        string kind = post.IsPage ? "page" : "post";
        string about = post.IsPage ? "" : $"<div class=\"wp-block-template-part\"><div class=\"wp-block-post-date\"><time datetime=\"{Stamp(post.Published)}\"><a href=\"{links.Post(post)}\">{Date(post.Published)}</a></time></div>\n<p>by</p>\n<div class=\"wp-block-post-author-name\"><a href=\"{links.Author(author)}\" target=\"_self\" class=\"wp-block-post-author-name__link\">{WebUtility.HtmlEncode(author.Name)}</a></div>\n<div class=\"taxonomy-category wp-block-post-terms\"><span class=\"wp-block-post-terms__prefix\">in </span><a href=\"{links.Category(post.Category!)}\" rel=\"tag\">{CategoryName(post.Category!)}</a></div></div>\n";
        string main = $"<h1 class=\"wp-block-post-title\">{WebUtility.HtmlEncode(post.Title)}</h1>\n{about}<div class=\"entry-content wp-block-post-content is-layout-flow\">\n{post.Content}\n</div>";
        string extra = $"<link rel=\"alternate\" title=\"JSON\" type=\"application/json\" href=\"{links.Rest(post)}\" />";
        string body = string.Create(CultureInfo.InvariantCulture, $"{(post.IsPage ? "page-template-default page page-id-" : "post-template-default single single-post postid-")}{post.Id}{(post.IsPage ? "" : " single-format-standard")} wp-custom-logo");
        extra += $"\n<link rel=\"canonical\" href=\"{links.Post(post)}\" />\n<link rel='shortlink' href='{links.Short(post)}' />\n";
        return WithApi(HttpAnswer.Page(_frame.Make(links, $"{post.Title} – {site.Title}", $"{kind}-template {body}", extra, main)), links)
            .With("Link", $"<{links.Rest(post)}>; rel=\"alternate\"; title=\"JSON\"; type=\"application/json\"")
            .With("Link", $"<{links.Short(post)}>; rel=shortlink");
    }

    public HttpAnswer NotFound(WordPressLinks links)
    {
        const string main = "<h1 class=\"wp-block-heading\" id=\"page-not-found\">Page Not Found</h1>\n<p>The page you are looking for does not exist, or it has been moved. Please try searching using the form below.</p>\n<form role=\"search\" method=\"get\" action=\"/\" class=\"wp-block-search__button-inside wp-block-search\"><label class=\"wp-block-search__label screen-reader-text\" for=\"s\">Search</label><input class=\"wp-block-search__input\" id=\"s\" placeholder=\"\" value=\"\" type=\"search\" name=\"s\" required /><button aria-label=\"Search\" class=\"wp-block-search__button wp-element-button\" type=\"submit\" >Search</button></form>";
        HttpAnswer answer = HttpAnswer.Page(_frame.Make(links, $"Page not found – {site.Title}", "error404", "", main), 404);
        return WithApi(NoCache(answer), links);
    }

    /// <summary>What WordPress says of answers that nobody may keep.</summary>
    public static HttpAnswer NoCache(HttpAnswer answer, bool isLoggedIn = false) =>
        answer.With("Expires", "Wed, 11 Jan 1984 05:00:00 GMT").With("Cache-Control", isLoggedIn ? "no-cache, must-revalidate, max-age=0, no-store, private" : "no-cache, must-revalidate, max-age=0");

    public string CategoryName(string slug) => site.Categories.First(category => string.Equals(category.Slug, slug, StringComparison.Ordinal)).Name;

    private static HttpAnswer WithApi(HttpAnswer answer, WordPressLinks links) => answer.With("Link", $"<{links.Home}/wp-json/>; rel=\"https://api.w.org/\"");

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss+00:00", CultureInfo.InvariantCulture);

    private static string Date(DateTimeOffset time) => time.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture);
}
