using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>The REST API below /wp-json/.</summary>
internal sealed class RestApi(Website site, WordPressLogins logins)
{
    private const int MostPerPage = 100;

    /// <param name="route">"/wp/v2/users".</param>
    public HttpAnswer Answer(HttpExchange exchange, WordPressLinks links, string route)
    {
        HttpRequest request = exchange.Request;
        string[] parts = route.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool isLoggedIn = logins.TryBasic(exchange, out bool refused) || logins.UserOf(request, links) is not null;
        if (refused)
        {
            return Fault(links, 401, "incorrect_password", "The provided password is an invalid application password.");
        }

        if (request.Method is not ("GET" or "HEAD" or "OPTIONS") && parts is ["wp", "v2", ..] && !isLoggedIn)
        {
            return Fault(links, 401, "rest_cannot_create", "Sorry, you are not allowed to create posts as this user.");
        }

        return parts switch
        {
            [] => Json(links, Index(links)),
            ["wp", "v2"] => Json(links, new JsonObject { ["namespace"] = "wp/v2", ["routes"] = Routes(links, "wp/v2") }),
            ["oembed", "1.0"] => Json(links, new JsonObject { ["namespace"] = "oembed/1.0", ["routes"] = Routes(links, "oembed/1.0") }),
            ["wp", "v2", "users"] => List(request, links, site.Users.Where(user => site.Posts.Any(post => post.Author == user.Id && !post.IsPage)).OrderBy(user => user.Name, StringComparer.Ordinal), user => User(links, user)),
            ["wp", "v2", "users", "me"] => isLoggedIn ? Json(links, User(links, site.Users[0])) : Fault(links, 401, "rest_not_logged_in", "You are not currently logged in."),
            ["wp", "v2", "users", var id] => One(links, id, site.Users, user => user.Id, user => User(links, user), "rest_user_invalid_id", "Invalid user ID."),
            ["wp", "v2", "posts"] => List(request, links, site.Posts.Where(post => !post.IsPage).OrderByDescending(post => post.Published), post => Post(links, post)),
            ["wp", "v2", "pages"] => List(request, links, site.Posts.Where(post => post.IsPage).OrderByDescending(post => post.Published), post => Post(links, post)),
            ["wp", "v2", "posts", var id] => One(links, id, [.. site.Posts.Where(post => !post.IsPage)], post => post.Id, post => Post(links, post), "rest_post_invalid_id", "Invalid post ID."),
            ["wp", "v2", "pages", var id] => One(links, id, [.. site.Posts.Where(post => post.IsPage)], post => post.Id, post => Post(links, post), "rest_post_invalid_id", "Invalid post ID."),
            ["wp", "v2", "categories"] => List(request, links, site.Categories, category => Category(links, category)),
            ["wp", "v2", "comments" or "media" or "tags"] => List<string>(request, links, [], _ => new JsonObject()),
            ["wp", "v2", "types"] => Json(links, Types(links)),
            ["wp", "v2", "statuses"] => Json(links, new JsonObject { ["publish"] = new JsonObject { ["name"] = "Published", ["public"] = true, ["queryable"] = true, ["slug"] = "publish", ["date_floating"] = false } }),
            ["wp", "v2", "settings" or "plugins" or "themes"] => isLoggedIn ? Json(links, new JsonArray()) : Fault(links, 401, parts[2] is "plugins" ? "rest_cannot_view_plugins" : "rest_forbidden", parts[2] is "plugins" ? "Sorry, you are not allowed to manage plugins for this site." : "Sorry, you are not allowed to do that."),
            _ => Fault(links, 404, "rest_no_route", "No route was found matching the URL and request method."),
        };
    }

    private JsonObject Index(WordPressLinks links) => new()
    {
        ["name"] = site.Title,
        ["description"] = site.Tagline,
        ["url"] = links.Home,
        ["home"] = links.Home,
        ["gmt_offset"] = "0",
        ["timezone_string"] = "",
        ["namespaces"] = new JsonArray("oembed/1.0", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"),
        ["authentication"] = new JsonObject { ["application-passwords"] = new JsonObject { ["endpoints"] = new JsonObject { ["authorization"] = $"{links.Home}/wp-admin/authorize-application.php" } } },
        ["routes"] = Routes(links, "wp/v2"),
        ["site_logo"] = 0,
        ["site_icon"] = 0,
        ["site_icon_url"] = "",
        ["_links"] = new JsonObject { ["help"] = new JsonArray(new JsonObject { ["href"] = "https://developer.wordpress.org/rest-api/" }) },
    };

    private static JsonObject Routes(WordPressLinks links, string space)
    {
        JsonObject routes = [];
        string[] names = space is "wp/v2" ? ["", "/posts", "/pages", "/media", "/types", "/statuses", "/taxonomies", "/categories", "/tags", "/users", "/users/me", "/comments", "/search", "/settings", "/themes", "/plugins"] : ["", "/embed", "/proxy"];
        foreach (string name in names)
        {
            routes[$"/{space}{name}"] = new JsonObject
            {
                ["namespace"] = space,
                ["methods"] = new JsonArray("GET"),
                ["endpoints"] = new JsonArray(new JsonObject { ["methods"] = new JsonArray("GET"), ["args"] = new JsonObject() }),
                ["_links"] = new JsonObject { ["self"] = new JsonArray(new JsonObject { ["href"] = $"{links.Home}/wp-json/{space}{name}" }) },
            };
        }

        return routes;
    }

    private static JsonObject User(WordPressLinks links, WebsiteUser user)
    {
        string avatar = $"https://secure.gravatar.com/avatar/{Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(user.Email)))}";
        return new JsonObject
        {
            ["id"] = user.Id,
            ["name"] = user.Name,
            ["url"] = user.Id == 1 ? links.Home : "",
            ["description"] = "",
            ["link"] = links.Author(user),
            ["slug"] = user.Slug,
            ["avatar_urls"] = new JsonObject { ["24"] = $"{avatar}?s=24&d=mm&r=g", ["48"] = $"{avatar}?s=48&d=mm&r=g", ["96"] = $"{avatar}?s=96&d=mm&r=g" },
            ["meta"] = new JsonArray(),
            ["_links"] = Links(string.Create(CultureInfo.InvariantCulture, $"{links.Home}/wp-json/wp/v2/users/{user.Id}"), $"{links.Home}/wp-json/wp/v2/users"),
        };
    }

    private JsonObject Post(WordPressLinks links, WebsitePost post)
    {
        string excerpt = post.Content.Split("\n\n\n\n")[0] + "\n";
        JsonObject json = new()
        {
            ["id"] = post.Id,
            ["date"] = Time(post.Published),
            ["date_gmt"] = Time(post.Published),
            ["guid"] = new JsonObject { ["rendered"] = links.Short(post) },
            ["modified"] = Time(post.Modified),
            ["modified_gmt"] = Time(post.Modified),
            ["slug"] = post.Slug,
            ["status"] = "publish",
            ["type"] = post.IsPage ? "page" : "post",
            ["link"] = links.Post(post),
            ["title"] = new JsonObject { ["rendered"] = WebUtility.HtmlEncode(post.Title) },
            ["content"] = new JsonObject { ["rendered"] = "\n" + post.Content + "\n", ["protected"] = false },
            ["excerpt"] = new JsonObject { ["rendered"] = excerpt, ["protected"] = false },
            ["author"] = post.Author,
            ["featured_media"] = 0,
            ["comment_status"] = post.IsPage ? "closed" : "open",
            ["ping_status"] = post.IsPage ? "closed" : "open",
        };
        if (!post.IsPage)
        {
            json["sticky"] = false;
            json["template"] = "";
            json["format"] = "standard";
            json["meta"] = new JsonObject { ["footnotes"] = "" };
            json["categories"] = new JsonArray(site.Categories.First(category => string.Equals(category.Slug, post.Category, StringComparison.Ordinal)).Id);
            json["tags"] = new JsonArray();
        }

        json["_links"] = Links(links.Rest(post), $"{links.Home}/wp-json/wp/v2/{(post.IsPage ? "pages" : "posts")}");
        return json;
    }

    private JsonObject Category(WordPressLinks links, (int Id, string Slug, string Name) category) => new()
    {
        ["id"] = category.Id,
        ["count"] = site.Posts.Count(post => string.Equals(post.Category, category.Slug, StringComparison.Ordinal)),
        ["description"] = "",
        ["link"] = links.Category(category.Slug),
        ["name"] = category.Name,
        ["slug"] = category.Slug,
        ["taxonomy"] = "category",
        ["parent"] = 0,
        ["meta"] = new JsonArray(),
        ["_links"] = Links(string.Create(CultureInfo.InvariantCulture, $"{links.Home}/wp-json/wp/v2/categories/{category.Id}"), $"{links.Home}/wp-json/wp/v2/categories"),
    };

    private static JsonObject Types(WordPressLinks links)
    {
        JsonObject types = [];
        foreach ((string slug, string name, string rest, bool isTree) in new[] { ("post", "Posts", "posts", false), ("page", "Pages", "pages", true), ("attachment", "Media", "media", false) })
        {
            types[slug] = new JsonObject
            {
                ["description"] = "", ["hierarchical"] = isTree, ["has_archive"] = false, ["name"] = name, ["slug"] = slug, ["icon"] = $"dashicons-admin-{(slug is "attachment" ? "media" : slug)}",
                ["taxonomies"] = slug is "post" ? new JsonArray("category", "post_tag") : new JsonArray(), ["rest_base"] = rest, ["rest_namespace"] = "wp/v2",
                ["_links"] = Links($"{links.Home}/wp-json/wp/v2/types/{slug}", $"{links.Home}/wp-json/wp/v2/types"),
            };
        }

        return types;
    }

    private static JsonObject Links(string self, string collection) => new()
    {
        ["self"] = new JsonArray(new JsonObject { ["href"] = self }),
        ["collection"] = new JsonArray(new JsonObject { ["href"] = collection }),
    };

    private static HttpAnswer One<T>(WordPressLinks links, string id, IReadOnlyList<T> all, Func<T, int> idOf, Func<T, JsonObject> write, string code, string message)
        where T : class =>
        !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Fault(links, 404, "rest_no_route", "No route was found matching the URL and request method.")
        : all.FirstOrDefault(one => idOf(one) == number) is { } found ? Json(links, write(found)) : Fault(links, 404, code, message);

    private static HttpAnswer List<T>(HttpRequest request, WordPressLinks links, IEnumerable<T> all, Func<T, JsonObject> write)
    {
        T[] items = [.. all];
        int size = Number(request, "per_page", 10), page = Number(request, "page", 1);
        if (size is < 1 or > MostPerPage)
        {
            return Fault(links, 400, "rest_invalid_param", "Invalid parameter(s): per_page");
        }

        int pages = (items.Length + size - 1) / size;
        if (page > Math.Max(1, pages))
        {
            return Fault(links, 400, "rest_post_invalid_page_number", "The page number requested is larger than the number of pages available.");
        }

        JsonArray json = [.. items.Skip((page - 1) * size).Take(size).Select(JsonNode? (item) => write(item))];
        return Json(links, json, total: (items.Length, pages));
    }

    private static int Number(HttpRequest request, string name, int otherwise) =>
        request.Query.TryGetValue(name, out string? text) ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0 : otherwise;

    private static HttpAnswer Fault(WordPressLinks links, int status, string code, string message) =>
        Json(links, new JsonObject { ["code"] = code, ["message"] = message, ["data"] = new JsonObject { ["status"] = status } }, status);

    private static HttpAnswer Json(WordPressLinks links, JsonNode json, int status = 200, (int Items, int Pages)? total = null)
    {
        HttpAnswer answer = HttpAnswer.Script(PhpJson.Write(json), "application/json; charset=UTF-8", status)
            .With("X-Robots-Tag", "noindex")
            .With("Link", $"<{links.Home}/wp-json/>; rel=\"https://api.w.org/\"")
            .With("X-Content-Type-Options", "nosniff")
            .With("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link")
            .With("Access-Control-Allow-Headers", "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type");
        if (total is { } counted)
        {
            answer.With("X-WP-Total", counted.Items.ToString(CultureInfo.InvariantCulture)).With("X-WP-TotalPages", counted.Pages.ToString(CultureInfo.InvariantCulture));
        }

        return answer.With("Allow", "GET");
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
}
