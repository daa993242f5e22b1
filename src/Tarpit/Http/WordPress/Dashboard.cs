using System.Globalization;
using System.Net;
using Blackwall.Tarpit.Http.Wire;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>/wp-admin/: the door to the login for strangers; for whoever was let in lists of what there is, and a plugin upload that keeps what it is given and runs nothing.</summary>
internal sealed class Dashboard(Website site, WordPressLogins logins, InstalledPlugins plugins) : IHttpPersona
{
    private readonly AdminFrame _frame = new(site, logins);

    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        WordPressLinks links = new(site, request.Origin);
        string page = request.Path["/wp-admin/".Length..];
        page = page.Length == 0 ? "index.php" : page;
        if (page is "admin-ajax.php")
        {
            return new(FrontPages.NoCache(HttpAnswer.Script("0", "text/html; charset=UTF-8", 400)).With("X-Robots-Tag", "noindex").With("X-Content-Type-Options", "nosniff").With("Referrer-Policy", "strict-origin-when-cross-origin").With("X-Frame-Options", "SAMEORIGIN"));
        }

        if (page is "admin-post.php")
        {
            return new(FrontPages.NoCache(HttpAnswer.Page("")));
        }

        if (page is "install.php")
        {
            return new(FrontPages.NoCache(HttpAnswer.Page($"<!DOCTYPE html>\n<html lang=\"en-US\">\n<head>\n\t<meta name=\"viewport\" content=\"width=device-width\" />\n\t<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\" />\n\t<meta name=\"robots\" content=\"noindex,nofollow\" />\n\t<title>WordPress &rsaquo; Installation</title>\n</head>\n<body class=\"wp-core-ui\">\n<p id=\"logo\">WordPress</p>\n\n<h1>Already Installed</h1><p>You appear to have already installed WordPress. To reinstall please clear your old database tables first.</p><p class=\"step\"><a href=\"{links.Home}/wp-login.php\" class=\"button button-large\">Log In</a></p></body></html>\n")));
        }

        return new(logins.UserOf(request, links) is { } user
            ? Answer(exchange, links, user, page)
            : FrontPages.NoCache(HttpAnswer.Redirect($"{links.Home}/wp-login.php?redirect_to={Uri.EscapeDataString($"{links.Home}{request.Path}{(request.QueryText.Length == 0 ? "" : "?" + request.QueryText)}")}&reauth=1")).With("X-Redirect-By", "WordPress"));
    }

    private HttpAnswer Answer(HttpExchange exchange, WordPressLinks links, WebsiteUser user, string page) => page switch
    {
        "index.php" => _frame.Make(links, user, "Dashboard", "index", $"<h1>Dashboard</h1>\n<div id=\"dashboard_right_now\" class=\"postbox\"><h2>At a Glance</h2><ul>\n<li class=\"post-count\"><a href=\"edit.php?post_type=post\">{site.Posts.Count(post => !post.IsPage)} Posts</a></li>\n<li class=\"page-count\"><a href=\"edit.php?post_type=page\">{site.Posts.Count(post => post.IsPage)} Pages</a></li></ul>\n<p id='wp-version-message'>WordPress {site.Version} running <a href=\"themes.php\">{site.Theme.Name}</a> theme.</p></div>"),
        "users.php" => _frame.Make(links, user, "Users", "users", Users()),
        "edit.php" => _frame.Make(links, user, "Posts", "edit", Posts(links, exchange.Request.Query.GetValueOrDefault("post_type") is "page")),
        "plugins.php" => _frame.Make(links, user, "Plugins", "plugins", Plugins(exchange)),
        "plugin-install.php" => _frame.Make(links, user, "Add Plugins", "plugin-install", UploadForm(links, user)),
        "update.php" => Update(exchange, links, user),
        "profile.php" => _frame.Make(links, user, "Profile", "profile", $"<h1>Profile</h1>\n<form id=\"your-profile\" action=\"{links.Home}/wp-admin/profile.php\" method=\"post\"><input type=\"hidden\" name=\"_wpnonce\" value=\"{logins.Nonce("update-user", user.Login)}\" />\n<table class=\"form-table\"><tr><th>Username</th><td><input type=\"text\" value=\"{user.Login}\" disabled=\"disabled\" /></td></tr><tr><th>Email</th><td><input type=\"email\" name=\"email\" value=\"{user.Email}\" /></td></tr></table></form>"),
        "theme-editor.php" or "plugin-editor.php" => Edit(exchange, links, user),
        "upload.php" or "edit-comments.php" or "themes.php" or "tools.php" or "options-general.php" => _frame.Make(links, user, page[..^4], page[..^4], $"<h1>{char.ToUpperInvariant(page[0])}{page[1..^4].Replace('-', ' ')}</h1>\n<p>No items found.</p>"),
        _ => _frame.Make(links, user, "Error", "error", "<p>Sorry, you are not allowed to access this page.</p>", 403),
    };

    private string Users() => "<h1 class=\"wp-heading-inline\">Users</h1>\n<table class=\"wp-list-table widefat fixed striped table-view-list users\"><thead><tr><th>Username</th><th>Name</th><th>Email</th><th>Role</th><th>Posts</th></tr></thead><tbody>\n"
        + string.Concat(site.Users.Select(user => $"<tr id='user-{user.Id}'><td class='username column-username'><strong><a href=\"user-edit.php?user_id={user.Id}\">{user.Login}</a></strong></td><td>{WebUtility.HtmlEncode(user.Name)}</td><td><a href='mailto:{user.Email}'>{user.Email}</a></td><td>{char.ToUpperInvariant(user.Role[0])}{user.Role[1..]}</td><td>{site.Posts.Count(post => post.Author == user.Id && !post.IsPage)}</td></tr>\n")) + "</tbody></table>";

    private string Posts(WordPressLinks links, bool pages) => $"<h1 class=\"wp-heading-inline\">{(pages ? "Pages" : "Posts")}</h1>\n<table class=\"wp-list-table widefat fixed striped table-view-list posts\"><tbody id=\"the-list\">\n"
        + string.Concat(site.Posts.Where(post => post.IsPage == pages).OrderByDescending(post => post.Published).Select(post => string.Create(CultureInfo.InvariantCulture, $"<tr id=\"post-{post.Id}\"><td class=\"title\"><strong><a class=\"row-title\" href=\"{links.Home}/wp-admin/post.php?post={post.Id}&amp;action=edit\">{WebUtility.HtmlEncode(post.Title)}</a></strong></td><td>Published<br />{post.Published:yyyy/MM/dd} at {post.Published:h:mm tt}</td></tr>\n"))) + "</tbody></table>";

    private string Plugins(HttpExchange exchange) => "<h1 class=\"wp-heading-inline\">Plugins</h1>\n<a href=\"plugin-install.php\" class=\"page-title-action\">Add New Plugin</a>\n<table class=\"wp-list-table widefat plugins\"><tbody id=\"the-list\">\n"
        + string.Concat(plugins.Find(exchange.Request.Remote.Address).Select(slug => $"<tr class='inactive' data-slug=\"{WebUtility.HtmlEncode(slug)}\"><td class='plugin-title column-primary'><strong>{WebUtility.HtmlEncode(slug)}</strong></td></tr>\n"))
        + "<tr class='inactive' data-slug=\"akismet\"><td class='plugin-title column-primary'><strong>Akismet Anti-spam: Spam Protection</strong></td></tr>\n<tr class='inactive' data-slug=\"hello-dolly\"><td class='plugin-title column-primary'><strong>Hello Dolly</strong></td></tr>\n</tbody></table>";

    private string UploadForm(WordPressLinks links, WebsiteUser user) => $"<h1>Add Plugins</h1>\n<div class=\"upload-plugin\"><p class=\"install-help\">If you have a plugin in a .zip format, you may install or update it by uploading it here.</p>\n<form method=\"post\" enctype=\"multipart/form-data\" class=\"wp-upload-form\" action=\"{links.Home}/wp-admin/update.php?action=upload-plugin\">\n<input type=\"hidden\" id=\"_wpnonce\" name=\"_wpnonce\" value=\"{logins.Nonce("plugin-upload", user.Login)}\" /><input type=\"hidden\" name=\"_wp_http_referer\" value=\"/wp-admin/plugin-install.php\" />\n<label class=\"screen-reader-text\" for=\"pluginzip\">Plugin zip file</label>\n<input type=\"file\" id=\"pluginzip\" name=\"pluginzip\" accept=\".zip\" />\n<input type=\"submit\" name=\"install-plugin-submit\" id=\"install-plugin-submit\" class=\"button\" value=\"Install Now\" disabled=\"\" /></form></div>";

    private HttpAnswer Update(HttpExchange exchange, WordPressLinks links, WebsiteUser user)
    {
        HttpRequest request = exchange.Request;
        MultipartPart? file = MultipartPart.ReadAll(request.Head["Content-Type"], request.Body).FirstOrDefault(part => part is { Name: "pluginzip" or "themezip", FileName.Length: > 0 });
        if (file is null)
        {
            return _frame.Make(links, user, "WordPress Failure", "update", "<p>Please select a file</p>");
        }

        Keep(exchange, user, file.FileName!, file.Content.Span);
        string name = WebUtility.HtmlEncode(file.FileName!), slug = InstalledPlugins.SlugOf(file.FileName!);
        if (!file.Content.Span.StartsWith("PK\x03\x04"u8))
        {
            return _frame.Make(links, user, "Upload Plugin", "update", $"<h1>Installing plugin from uploaded file: {name}</h1><p>Unpacking the package&#8230;</p>\n<p>The package could not be installed. PCLZIP_ERR_BAD_FORMAT (-10) : Unable to find End of Central Dir Record signature</p>\n<p>Plugin installation failed.</p>");
        }

        plugins.Add(request.Remote.Address, slug);
        return _frame.Make(links, user, "Upload Plugin", "update", $"<h1>Installing plugin from uploaded file: {name}</h1><p>Unpacking the package&#8230;</p>\n<p>Installing the plugin&#8230;</p>\n<p>Plugin installed successfully.</p>\n<p><a class=\"button button-primary\" href=\"plugins.php?action=activate&amp;plugin={Uri.EscapeDataString(slug)}%2F{Uri.EscapeDataString(slug)}.php&amp;_wpnonce={logins.Nonce("activate-plugin", user.Login)}\" target=\"_parent\">Activate Plugin</a></p>");
    }

    // The editor of a theme's files: what is put in is kept as a file, and the editor says what it says where the web server may not write.
    private HttpAnswer Edit(HttpExchange exchange, WordPressLinks links, WebsiteUser user)
    {
        if (exchange.Request.Form.TryGetValue("newcontent", out string? content))
        {
            Keep(exchange, user, exchange.Request.Form.GetValueOrDefault("file") ?? "functions.php", System.Text.Encoding.UTF8.GetBytes(content));
        }

        return _frame.Make(links, user, "Edit Themes", "theme-editor", $"<h1>Edit Themes</h1>\n<form id=\"template\" method=\"post\"><input type=\"hidden\" name=\"nonce\" value=\"{logins.Nonce("edit-theme", user.Login)}\" /><textarea cols=\"70\" rows=\"25\" name=\"newcontent\" id=\"newcontent\">/*\nTheme Name: {site.Theme.Name}\nVersion: {site.Theme.Version}\n*/</textarea></form>\n<p><em>You need to make this file writable before you can save your changes.</em></p>");
    }

    private static void Keep(HttpExchange exchange, WebsiteUser user, string name, ReadOnlySpan<byte> content)
    {
        string hash = exchange.Log.SaveFile(name, content);
        exchange.Log.Record(new Observation(ObservationKinds.Upload) { Name = name, Sha256 = hash, Size = content.Length, User = exchange.Request.IsCrossSite ? null : user.Login });
    }
}
