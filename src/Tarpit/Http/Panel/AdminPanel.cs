using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.Panel;

/// <summary>The panel of the shop at the other ports of the web, and its JSON API: a login that gives a token, and lists for who has one.</summary>
internal sealed class AdminPanel(Website site, LoginDesk desk) : IHttpPersona
{
    private const int LongestJson = 16 * 1024;

    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        return new(request.Path.StartsWith("/api/", StringComparison.Ordinal) ? Api(exchange, request.Path["/api/".Length..].TrimEnd('/')) : Page(exchange, request.Path));
    }

    private HttpAnswer Page(HttpExchange exchange, string path)
    {
        HttpRequest request = exchange.Request;
        bool isLoggedIn = request.Cookies.TryGetValue("panel_session", out string? session) && string.Equals(session, Token(site.Credentials.Administrator.User), StringComparison.Ordinal);
        switch (path)
        {
            case "/" or "/index.php":
                return isLoggedIn ? Inside() : Redirect("/login");
            case "/login" when request.Method is "POST":
                string user = request.Form.GetValueOrDefault("username") ?? "", password = request.Form.GetValueOrDefault("password") ?? "";
                return user.Length > 0 && desk.Judge(exchange, user, password, "form")
                    ? Redirect("/").With("Set-Cookie", $"panel_session={Token(site.Credentials.Administrator.User)}; path=/; HttpOnly; SameSite=Lax")
                    : Form(request, "<p class=\"error\">These credentials do not match our records.</p>\n", 422);
            case "/login":
                return Form(request, "", 200);
            case "/logout":
                return Redirect("/login").With("Set-Cookie", "panel_session=; path=/; Max-Age=0");
            default:
                return HttpAnswer.Page("<!DOCTYPE html>\n<html lang=\"en\"><head><title>Not Found</title></head><body><h1>404</h1><p>Not Found</p></body></html>\n", 404);
        }
    }

    private HttpAnswer Api(HttpExchange exchange, string route)
    {
        HttpRequest request = exchange.Request;
        if (route is "login" or "v1/login" or "auth/login" or "v1/auth/login")
        {
            return request.Method is "POST" ? LogIn(exchange) : Json(405, new JsonObject { ["message"] = $"The {request.Method} method is not supported for route {request.Path[1..]}. Supported methods: POST." }).With("Allow", "POST");
        }

        string? field = request.Head["Authorization"];
        bool isKnown = field is not null && field.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && field["Bearer ".Length..].Trim() is var token
            && (string.Equals(token, site.Credentials.ApiToken, StringComparison.Ordinal) || string.Equals(token, Token(site.Credentials.Administrator.User), StringComparison.Ordinal));
        if (field is not null)
        {
            LoginDesk.Record(exchange, "", field[..Math.Min(field.Length, 1024)], "token", isKnown);
        }

        return route switch
        {
            "health" or "v1/health" => Json(200, new JsonObject { ["status"] = "ok" }),
            "v1/users" or "users" when isKnown => Json(200, new JsonObject { ["data"] = new JsonArray([.. site.Users.Select(JsonNode? (user) => new JsonObject { ["id"] = user.Id, ["name"] = user.Name, ["email"] = user.Email, ["role"] = user.Role })]) }),
            "v1/status" or "status" when isKnown => Json(200, new JsonObject { ["host"] = site.Machine.HostName, ["uptime"] = (long)site.Machine.Uptime.TotalSeconds }),
            "v1/users" or "users" or "v1/status" or "status" or "v1/orders" or "orders" => Json(401, new JsonObject { ["message"] = "Unauthenticated." }),
            _ => Json(404, new JsonObject { ["message"] = "Not Found" }),
        };
    }

    private HttpAnswer LogIn(HttpExchange exchange)
    {
        (string user, string password) = Credentials(exchange.Request);
        if (user.Length == 0)
        {
            return Json(422, new JsonObject { ["message"] = "The username field is required.", ["errors"] = new JsonObject { ["username"] = new JsonArray("The username field is required.") } });
        }

        return desk.Judge(exchange, user, password, "json")
            ? Json(200, new JsonObject { ["token"] = Token(site.Credentials.Administrator.User), ["token_type"] = "Bearer", ["expires_in"] = 3600 })
            : Json(401, new JsonObject { ["message"] = "These credentials do not match our records." });
    }

    private static (string User, string Password) Credentials(HttpRequest request)
    {
        if (request.Form.Count > 0)
        {
            return (First(name => request.Form.GetValueOrDefault(name), "username", "email", "user"), First(name => request.Form.GetValueOrDefault(name), "password", "pass"));
        }

        try
        {
            return request.Body.Length <= LongestJson && JsonNode.Parse(request.Body.Span, documentOptions: new JsonDocumentOptions { MaxDepth = 8 }) is JsonObject json
                ? (First(name => Text(json, name), "username", "email", "user"), First(name => Text(json, name), "password", "pass")) : ("", "");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return ("", "");
        }
    }

    private static string? Text(JsonObject json, string name) => json.TryGetPropertyValue(name, out JsonNode? value) && value is JsonValue text && text.TryGetValue(out string? found) ? found : null;

    private static string First(Func<string, string?> find, params string[] names) => names.Select(find).FirstOrDefault(found => found is not null) ?? "";

    private HttpAnswer Form(HttpRequest request, string message, int status) => HttpAnswer.Page($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(site.Brand)} Admin</title>
        </head>
        <body>
        <h1>{WebUtility.HtmlEncode(site.Brand)} Admin</h1>
        {message}<form method="post" action="/login">
        <input type="hidden" name="_token" value="{Token(request.Remote.Address.ToString())}">
        <label>Username <input type="text" name="username" autocomplete="username" required></label>
        <label>Password <input type="password" name="password" autocomplete="current-password" required></label>
        <button type="submit">Sign in</button>
        </form>
        </body>
        </html>

        """, status).With("Cache-Control", "no-cache, private");

    private HttpAnswer Inside() => HttpAnswer.Page($"<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(site.Brand)} Admin</title></head>\n<body>\n<h1>Dashboard</h1>\n<p>Host: {site.Machine.HostName}</p>\n<ul>{string.Concat(site.Users.Select(user => $"<li>{WebUtility.HtmlEncode(user.Name)} &lt;{user.Email}&gt; ({user.Role})</li>"))}</ul>\n<p><a href=\"/logout\">Sign out</a></p>\n</body>\n</html>\n").With("Cache-Control", "no-cache, private");

    private static HttpAnswer Redirect(string to) => new HttpAnswer(302) { ContentType = "text/html; charset=utf-8", IsScript = true }.With("Cache-Control", "no-cache, private").With("Location", to);

    private static HttpAnswer Json(int status, JsonNode body) => HttpAnswer.Script(body.ToJsonString(), "application/json", status).With("Cache-Control", "no-cache, private");

    private string Token(string of) => Convert.ToHexStringLower(HMACSHA256.HashData(site.Machine.Bytes("panel", 32), Encoding.UTF8.GetBytes(of)))[..40];
}
