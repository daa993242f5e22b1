using System.Net;
using System.Text.Json.Nodes;
using Blackwall.Tarpit.Recording;
using Xunit;

namespace Blackwall.Tarpit.Tests.Http;

/// <summary>The website as a whole, through the front door and the proxy: what a browser, a scanner and a guesser of passwords get.</summary>
public sealed class WebsiteTests : IAsyncDisposable
{
    private readonly RunningTarpit _tarpit = new(seemingPort: 80);
    private readonly HttpClient _client;

    public WebsiteTests() => _client = WebClient.Create(_tarpit);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Admin => _tarpit.Runtime.Website.Users[0].Login;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _tarpit.DisposeAsync();
    }

    [Fact]
    public async Task Every_page_that_a_page_links_to_is_there()
    {
        Queue<string> open = new(["/"]);
        HashSet<string> seen = new(StringComparer.Ordinal) { "/" };
        while (open.TryDequeue(out string? path))
        {
            using HttpResponseMessage answer = await _client.GetAsync(path, Cancellation);
            Assert.True((int)answer.StatusCode is 200 or 301 or 302, $"{path}: {answer.StatusCode}");
            string text = await answer.Content.ReadAsStringAsync(Cancellation);
            foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(text, """(href|src|action)=["'](?<link>http://shop\.test[^"']*)""", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            {
                string next = WebUtility.HtmlDecode(link.Groups["link"].Value)["http://shop.test".Length..];
                next = next.Length == 0 ? "/" : next;
                if (seen.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        Assert.True(seen.Count > 25, string.Join(' ', seen));
    }

    [Fact]
    public async Task A_user_that_the_api_tells_of_is_one_that_the_login_knows()
    {
        JsonArray users = JsonNode.Parse(await _client.GetStringAsync("/wp-json/wp/v2/users", Cancellation))!.AsArray();
        string known = (string)users[0]!["slug"]!;
        Assert.Contains("is incorrect", await LogInAsync(known, "wrong-because-empty-policy", AcceptNever), StringComparison.Ordinal);
        Assert.Contains("is not registered on this site", await LogInAsync("nobody", "x", AcceptNever), StringComparison.Ordinal);
        Assert.All(_tarpit.Records.Observations.Where(o => o.Kind is ObservationKinds.Login), login => Assert.Equal("form", login.Method));
    }

    [Fact]
    public async Task Who_is_let_in_sees_the_dashboard_and_what_he_uploads_is_kept()
    {
        using HttpResponseMessage login = await PostLoginAsync(_client, Admin, "guessed");
        Assert.Equal(HttpStatusCode.Found, login.StatusCode);
        Assert.Equal("http://shop.test/wp-admin/", login.Headers.Location!.ToString());
        Observation told = _tarpit.Records.Last(ObservationKinds.Login)!;
        Assert.Equal((Admin, "guessed", true), (told.User, told.Secret, told.Success));

        string cookies = string.Join("; ", login.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        using HttpRequestMessage users = new(HttpMethod.Get, "/wp-admin/users.php");
        users.Headers.Add("Cookie", cookies);
        using HttpResponseMessage list = await _client.SendAsync(users, Cancellation);
        Assert.Contains($"{Admin}@", await list.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        using MultipartFormDataContent form = new() { { new ByteArrayContent("PK\x03\x04shell"u8.ToArray()), "pluginzip", "shell.zip" } };
        using HttpRequestMessage upload = new(HttpMethod.Post, "/wp-admin/update.php?action=upload-plugin") { Content = form };
        upload.Headers.Add("Cookie", cookies);
        using HttpResponseMessage installed = await _client.SendAsync(upload, Cancellation);
        Assert.Contains("Plugin installed successfully", await installed.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Observation file = _tarpit.Records.Last(ObservationKinds.Upload)!;
        Assert.Equal("shell.zip", file.Name);
        Assert.Equal("PK\x03\x04shell"u8.ToArray(), _tarpit.Records.Files[file.Sha256!]);
    }

    [Fact]
    public async Task Strangers_are_sent_to_the_login_and_back()
    {
        using HttpResponseMessage answer = await _client.GetAsync("/wp-admin/", Cancellation);
        Assert.Equal("http://shop.test/wp-login.php?redirect_to=http%3A%2F%2Fshop.test%2Fwp-admin%2F&reauth=1", answer.Headers.Location!.OriginalString);
        using HttpResponseMessage forged = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/wp-admin/") { Headers = { { "Cookie", "wordpress_logged_in_0123=admin|99999999999|x|y" } } }, Cancellation);
        Assert.Equal(HttpStatusCode.Found, forged.StatusCode);
        using HttpResponseMessage elsewhere = await PostLoginAsync(_client, Admin, "guessed", "http://evil.test/");
        Assert.Equal("http://shop.test/wp-admin/", elsewhere.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Passwords_that_come_by_xmlrpc_are_recorded_one_by_one_and_pingbacks_are_not_fetched()
    {
        string call(string name, string password) => $"<value><struct><member><name>methodName</name><value><string>wp.getUsersBlogs</string></value></member><member><name>params</name><value><array><data><value><string>{name}</string></value><value><string>{password}</string></value></data></array></value></member></struct></value>";
        using StringContent many = new($"<?xml version=\"1.0\"?><methodCall><methodName>system.multicall</methodName><params><param><value><array><data>{call("nobody", "one")}{call("nobody", "two")}</data></array></value></param></params></methodCall>");
        using HttpResponseMessage answer = await _client.PostAsync("/xmlrpc.php", many, Cancellation);
        string text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(2, text.Split("<int>403</int>").Length - 1);
        Assert.Equal(["one", "two"], _tarpit.Records.Observations.Where(o => o.Kind is ObservationKinds.Login).Select(o => o.Secret));

        using StringContent ping = new("<methodCall><methodName>pingback.ping</methodName><params><param><value><string>http://192.0.2.80/x</string></value></param><param><value><string>http://shop.test/hello-world/</string></value></param></params></methodCall>");
        using HttpResponseMessage pinged = await _client.PostAsync("/xmlrpc.php", ping, Cancellation);
        Assert.Contains("faultCode", await pinged.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("http://192.0.2.80/x", _tarpit.Records.Last(ObservationKinds.Download)!.Text);
    }

    [Fact]
    public async Task Over_tls_it_is_the_same_site_with_the_machines_own_certificate()
    {
        await using RunningTarpit encrypted = new(seemingPort: 443);
        string subject = "";
        using HttpClient client = WebClient.Create(encrypted, "https", certificate => subject = certificate);
        Assert.Contains("<meta name=\"generator\" content=\"WordPress", await client.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
        Assert.Equal($"CN={encrypted.Runtime.Machine.HostName}", subject);
    }

    [Fact]
    public async Task At_the_slowest_pace_a_page_comes_whole_and_a_login_too()
    {
        await using RunningTarpit slow = new(RunningTarpit.Quick with { Pacing = "full" }, seemingPort: 80);
        using HttpClient client = WebClient.Create(slow);
        Assert.EndsWith("</opml>\n", await client.GetStringAsync("/wp-links-opml.php", Cancellation), StringComparison.Ordinal);
        using HttpResponseMessage login = await PostLoginAsync(client, slow.Runtime.Website.Users[0].Login, "guessed");
        Assert.Equal(HttpStatusCode.Found, login.StatusCode);
    }

    private const string AcceptNever = TarpitSettings.AcceptNever;

    private static async Task<string> LogInAsync(string user, string password, string accept)
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { Accept = accept }, seemingPort: 80);
        using HttpClient client = WebClient.Create(tarpit);
        using HttpResponseMessage answer = await PostLoginAsync(client, user, password);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task<HttpResponseMessage> PostLoginAsync(HttpClient client, string user, string password, string target = "")
    {
        using FormUrlEncodedContent form = new(new Dictionary<string, string>(StringComparer.Ordinal) { ["log"] = user, ["pwd"] = password, ["redirect_to"] = target });
        return await client.PostAsync("/wp-login.php", form, Cancellation);
    }
}
