using Blackwall.Cli;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>"keys", and what the environment says of the key and the place.</summary>
public sealed class KeysTests : CliFixture
{
    [Fact]
    public async Task A_key_is_made_used_rotated_and_revoked_and_its_secret_is_printed_once()
    {
        (int code, string secret, string told) = await Run("keys", "add", "ci", "--role", "viewer", "--ttl", "7d");
        Assert.Equal(0, code);
        Assert.Matches(@"^Key 'ci', id \d+, until .*Z\. Its secret is told this once:\n$", told);
        Assert.Equal(0, await StatsWith(secret.Trim()));

        (_, string list, _) = await Run("keys");
        Assert.Contains("ci", list, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Trim(), list, StringComparison.Ordinal);

        (code, string rotated, _) = await Run("keys", "rotate", "ci");
        Assert.Equal((0, 77, 0), (code, await StatsWith(secret.Trim()), await StatsWith(rotated.Trim())));
        (code, string revoked, _) = await Run("keys", "revoke", "ci");
        Assert.Equal((0, 77), (code, await StatsWith(rotated.Trim())));
        Assert.StartsWith("Revoked the key 'ci'", revoked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_keys_cannot_do_is_said()
    {
        Assert.StartsWith("'keys add' needs --role or --scope", (await Run("keys", "add", "ci")).Error, StringComparison.Ordinal);
        Assert.StartsWith("--role must be one of viewer, operator, siem, admin; got 'vewer'; did you mean 'viewer'?", (await Run("keys", "add", "ci", "--role", "vewer")).Error, StringComparison.Ordinal);
        Assert.Equal((1, "", "There is no key 'amin'; did you mean 'admin'?\n"), await Run("keys", "revoke", "amin"));
        Assert.Equal(1, (await Run("keys", "revoke", "admin")).Code);
        Assert.Equal(0, (await Run("stats")).Code);
    }

    [Fact]
    public async Task The_environment_names_place_and_key_and_options_win()
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["BLACKWALL_API"] = Api, ["BLACKWALL_KEY"] = Appliance.Key };
        Assert.Equal(0, await Bare(environment, "stats"));
        Assert.Equal(0, await Bare(environment, "ctl", "stats"));
        environment["BLACKWALL_KEY"] = "bw_wrong";
        Assert.Equal(77, await Bare(environment, "stats"));
        Assert.Equal(0, await Bare(environment, "stats", "--key-file", KeyFile));
        Assert.Equal(0, await Bare(environment, "stats", "--socket", Path.Combine(Appliance.Folder, "api.sock")));
        environment["BLACKWALL_API"] = "http://192.0.2.1:9470";
        Assert.Equal(64, await Bare(environment, "stats"));
    }

    [Fact]
    public async Task Options_that_name_the_appliance_may_stand_before_the_verb()
    {
        StringWriter output = new();
        Assert.Equal(0, await CommandTree.RunAsync(["--json", "--api", Api, "ctl", "--key-file=" + KeyFile, "stats"], TestShell.Of(output, TextWriter.Null), Cancellation));
        Assert.StartsWith("{", output.ToString(), StringComparison.Ordinal);
    }

    private Task<int> StatsWith(string key) => Bare(new Dictionary<string, string>(StringComparer.Ordinal) { ["BLACKWALL_KEY"] = key }, "stats", "--api", Api);

    private static Task<int> Bare(IReadOnlyDictionary<string, string> environment, params string[] typed) =>
        CommandTree.RunAsync(typed, TestShell.Of(TextWriter.Null, TextWriter.Null, environment: environment), Cancellation);
}
