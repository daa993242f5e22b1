using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.Panel;

/// <summary>phpMyAdmin 5.2.1 as Ubuntu packages it: its login, and for who has the database's credentials what is in the database.</summary>
internal sealed class PhpMyAdmin(Website site) : IHttpPersona
{
    private const string Version = "5.2.1deb3";

    private static readonly string[] ShopTables = ["admin_users", "api_keys", "customers", "order_items", "orders", "payments", "products"];
    private static readonly string[] WebsiteTables = ["wp_commentmeta", "wp_comments", "wp_links", "wp_options", "wp_postmeta", "wp_posts", "wp_term_relationships", "wp_term_taxonomy", "wp_termmeta", "wp_terms", "wp_usermeta", "wp_users"];

    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        string path = request.Path["/phpmyadmin".Length..];
        return new(path switch
        {
            "" => new HttpAnswer(301) { ContentType = "text/html; charset=iso-8859-1", IsScript = true }.With("Location", $"{request.Origin}/phpmyadmin/"),
            "/" or "/index.php" => Index(exchange),
            "/README" or "/doc/html/index.html" => HttpAnswer.Script($"phpMyAdmin - Readme\n===================\n\nVersion {Version[..5]}\n\nA web interface for MySQL and MariaDB.\n\nhttps://www.phpmyadmin.net/\n", "text/plain"),
            _ => new HttpAnswer(404) { ContentType = "text/html; charset=UTF-8", IsScript = true, Body = "File not found."u8.ToArray() },
        });
    }

    private HttpAnswer Index(HttpExchange exchange)
    {
        HttpRequest request = exchange.Request;
        if (request.Method is "POST" && request.Form.TryGetValue("pma_username", out string? user))
        {
            string password = request.Form.GetValueOrDefault("pma_password") ?? "";
            bool accepted = site.Credentials.IsDatabaseLogin(user, password);
            LoginDesk.Record(exchange, user, password, "form", accepted);
            return accepted
                ? Start(new HttpAnswer(302) { ContentType = "text/html; charset=utf-8", IsScript = true }).With("Set-Cookie", $"pmaAuth-1={Sign(user)}; path=/phpmyadmin/; HttpOnly; SameSite=Strict").With("Set-Cookie", $"pmaUser-1={Uri.EscapeDataString(user)}; path=/phpmyadmin/; HttpOnly; SameSite=Strict").With("Location", $"{request.Origin}/phpmyadmin/index.php?route=/")
                : Login(request, $"<div class=\"alert alert-danger\" role=\"alert\"><img src=\"themes/dot.gif\" title=\"\" alt=\"\" class=\"icon ic_s_error\"> mysqli::real_connect(): (HY000/1045): Access denied for user &#039;{WebUtility.HtmlEncode(user)}&#039;@&#039;localhost&#039; (using password: {(password.Length == 0 ? "NO" : "YES")})</div>\n");
        }

        return request.Cookies.TryGetValue("pmaUser-1", out string? known) && request.Cookies.TryGetValue("pmaAuth-1", out string? signature) && string.Equals(signature, Sign(known), StringComparison.Ordinal)
            ? Inside(request, known) : Login(request, "");
    }

    private HttpAnswer Login(HttpRequest request, string message) => Start(HttpAnswer.Page($"""
        <!doctype html>
        <html lang="en" dir="ltr">
        <head>
          <meta charset="utf-8">
          <meta name="referrer" content="no-referrer">
          <meta name="robots" content="noindex,nofollow,notranslate">
          <meta name="google" content="notranslate">
          <title>phpMyAdmin</title>
        </head>
        <body id=loginform>
        <div class="container">
        <h1>Welcome to <bdo dir="ltr" lang="en">phpMyAdmin</bdo></h1>
        {message}<form method="post" id="login_form" action="index.php?route=/" name="login_form" class="disableAjax hide js-show">
        <input type="hidden" name="route" value="/"><input type="hidden" name="set_session" value="{Session(request)}">
        <label for="input_username">Username:</label><input type="text" name="pma_username" id="input_username" class="form-control" autocomplete="username" spellcheck="false">
        <label for="input_password">Password:</label><input type="password" name="pma_password" id="input_password" class="form-control" value="" autocomplete="current-password" spellcheck="false">
        <input type="hidden" name="server" value="1"><input class="btn btn-primary" value="Log in" type="submit" id="input_go">
        <input type="hidden" name="token" value="{Token(request)}"></form>
        </div>
        </body>
        </html>

        """)).With("Set-Cookie", $"phpMyAdmin={Session(request)}; path=/phpmyadmin/; HttpOnly; SameSite=Strict");

    private HttpAnswer Inside(HttpRequest request, string user)
    {
        bool isShop = string.Equals(user, site.Credentials.Shop.User, StringComparison.Ordinal);
        string database = isShop ? "shop" : site.Database, table = request.Query.GetValueOrDefault("table") ?? "";
        string rows = table is "wp_users" && !isShop
            ? "<table class=\"table table-striped\"><tr><th>ID</th><th>user_login</th><th>user_pass</th><th>user_email</th></tr>" + string.Concat(site.Users.Select(one => $"<tr><td>{one.Id}</td><td>{one.Login}</td><td>{one.PasswordHash}</td><td>{one.Email}</td></tr>\n")) + "</table>"
            : string.Concat((isShop ? ShopTables : WebsiteTables)
                .Select(name => $"<li><a href=\"index.php?route=/sql&amp;db={database}&amp;table={name}&amp;pos=0\">{name}</a></li>\n"));
        return Start(HttpAnswer.Page(string.Create(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head><meta charset=\"utf-8\"><title>localhost / localhost | phpMyAdmin {Version}</title></head>\n<body>\n<div id=\"pma_navigation\"><ul><li>information_schema</li><li>{database}</li></ul></div>\n<div id=\"page_content\"><h2>Database: {database}</h2>\n<ul>{rows}</ul>\n<p>Server: Localhost via UNIX socket, Server version: {MySql.MySqlServer.Version} - (Ubuntu), User: {WebUtility.HtmlEncode(user)}@localhost</p></div>\n</body>\n</html>\n")));
    }

    private static HttpAnswer Start(HttpAnswer answer) => answer
        .With("X-Frame-Options", "DENY").With("Referrer-Policy", "no-referrer").With("X-XSS-Protection", "1; mode=block").With("X-Content-Type-Options", "nosniff").With("X-Permitted-Cross-Domain-Policies", "none")
        .With("X-Robots-Tag", "noindex, nofollow").With("Expires", "Wed, 11 Jan 1984 05:00:00 GMT").With("Cache-Control", "no-store, no-cache, must-revalidate, pre-check=0, post-check=0, max-age=0").With("Pragma", "no-cache");

    private static string Session(HttpRequest request) => request.Cookies.TryGetValue("phpMyAdmin", out string? session) && session.Length == 26 && session.All(char.IsAsciiLetterOrDigit) ? session : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(13));

    private string Token(HttpRequest request) => Sign("token" + (request.Cookies.GetValueOrDefault("phpMyAdmin") ?? ""))[..32];

    private string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(site.Machine.Bytes("phpmyadmin", 32), Encoding.UTF8.GetBytes(text)));
}
