using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Blackwall.Cli;
using Blackwall.Kernel;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Api;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>The tool against an appliance that listens on a real socket.</summary>
public sealed class ClientVerbTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new("[api]\nlisten = \"http://127.0.0.1:0\"\n");
    private readonly string _api;

    public ClientVerbTests()
    {
        _appliance.UseKestrel();
        _appliance.StartServer();
        _api = _appliance.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(_appliance.Folder, "admin.key");

    public void Dispose() => _appliance.Dispose();

    private Task<(int Code, string Output, string Error)> Ctl(params string[] arguments) => Bare([.. arguments, "--api", _api, "--key-file", KeyFile]);

    private static async Task<(int Code, string Output, string Error)> Bare(params string[] arguments)
    {
        StringWriter output = new();
        StringWriter error = new();
        int code = await CommandTree.RunAsync(arguments, TestShell.Of(output, error), Cancellation);
        return (code, output.ToString(), error.ToString());
    }

    private Verdict? VerdictOf(string address) => _appliance.Board.Effective(Prefix.Parse(address))?.Verdict;

    [Theory]
    [InlineData(9470, "0")]
    [InlineData(9471, "65534")]
    [InlineData(9472, "")]
    public void The_owner_of_a_listening_port_is_read(int port, string users)
    {
        // 127.0.0.1:9470 and [::]:9471 listen, 9472 is only connected to.
        string[] table =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:24FE 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1",
            "   1: 00000000000000000000000000000000:24FF 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 65534        0 2 1",
            "   2: 0100007F:2500 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 3 1",
            "nonsense",
        ];
        Assert.Equal(users, string.Join(',', Blackwall.Client.ListenerOwner.Read(table, port)));
    }

    [Fact]
    public async Task The_local_socket_needs_no_key_and_a_rule_over_everybody_has_to_be_forced()
    {
        string socket = Path.Combine(_appliance.Folder, "api.sock");
        (int code, string output, string error) = await Bare("block", "203.0.113.1", "--socket", socket);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("drop 203.0.113.1", output, StringComparison.Ordinal);
        Assert.Equal("local-root", _appliance.Board.Effective(Prefix.Parse("203.0.113.1"))!.Actor);

        (code, _, error) = await Bare("allow", "0.0.0.0/0", "--socket", socket);
        Assert.Equal(1, code);
        Assert.Contains("force", error, StringComparison.Ordinal);
        (code, _, error) = await Bare("allow", "0.0.0.0/0", "--force", "--ttl", "1h", "--socket", socket);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(Verdict.Pass, VerdictOf("8.8.8.8"));

        (code, _, error) = await Bare("status", "--socket", socket + ".none");
        Assert.Equal(69, code);
        Assert.Contains("No appliance answers at", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_with_an_end_is_made_explained_listed_and_lifted()
    {
        (int code, string output, string error) = await Ctl("block", "203.0.113.0/24", "--ttl", "1h", "--reason", "by-hand", "--comment", "a bad network");
        Assert.Equal((0, ""), (code, error));
        Decision rule = _appliance.Board.Effective(Prefix.Parse("203.0.113.9"))!;
        Assert.Equal((Verdict.Drop, "by-hand", "a bad network", TimeSpan.FromHours(1)), (rule.Verdict, rule.Reason, rule.Comment, rule.Expiry - rule.Start));
        Assert.Equal($"drop 203.0.113.0/24 until {rule.Expiry:yyyy-MM-dd HH:mm:ss}Z, decision {rule.Id}. The wall acts on it.\n", output);

        _appliance.Wall.Entries[rule.Scope] = new KernelEntry(Verdict.Drop, rule.Id, rule.Expiry, 7, rule.Start);
        (_, string why, _) = await Ctl("why", "203.0.113.9");
        Assert.StartsWith($"203.0.113.9 is dropped by decision {rule.Id} (rule of admin) over 203.0.113.0/24 until ", why, StringComparison.Ordinal);
        Assert.Contains("In the kernel:\nSCOPE           VERDICT  DECISION", why, StringComparison.Ordinal);

        foreach (string list in new[] { "rules", "decisions" })
        {
            (_, string table, _) = await Ctl(list);
            string[] lines = table.TrimEnd('\n').Split('\n');
            Assert.Equal(2, lines.Length);
            Assert.StartsWith("ID", lines[0], StringComparison.Ordinal);
            Assert.Equal([$"{rule.Id}", "203.0.113.0/24", "drop", "operator", "operator", "by-hand", "admin"], lines[1].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[..7]);
        }

        Assert.Equal((0, $"Lifted decision {rule.Id}.\n", ""), await Ctl("lift", $"{rule.Id}"));
        Assert.Null(VerdictOf("203.0.113.9"));
        Assert.Equal((0, "Nothing.\n", ""), await Ctl("rules"));
    }

    [Fact]
    public async Task An_allow_stands_until_it_is_lifted()
    {
        (int code, string output, _) = await Ctl("allow", "2001:db8::/48");
        Assert.Equal(0, code);
        Assert.StartsWith("pass 2001:db8::/48 until it is lifted, decision ", output, StringComparison.Ordinal);
        Assert.Equal(Verdict.Pass, VerdictOf("2001:db8::1"));
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1 is refused: it overlaps 127.0.0.0/8, loopback.\n")]
    [InlineData("192.0.2.300", "Some fields are not valid: scope: '192.0.2.300' is not an IP address or prefix.\n")]
    public async Task What_the_appliance_refuses_is_told_in_one_sentence(string scope, string sentence)
    {
        Assert.Equal((1, "", sentence), await Ctl("block", scope));
        Assert.Equal((1, "", sentence), await Ctl("block", scope, "--json"));
    }

    [Fact]
    public async Task Asking_for_what_is_not_there_says_so()
    {
        Assert.Equal((1, "", "No decision of this id is in force.\n"), await Ctl("lift", "123456789"));
        Assert.Equal((1, "", "Some fields are not valid: address: It is not an IPv4 or IPv6 address.\n"), await Ctl("why", "some/where"));
        Assert.Equal(
            (64, "", "--origin must be one of guard, operator, local, model, mesh, feed; got 'me'; did you mean 'mesh'?\n'blackwall --help' lists the verbs, 'blackwall VERB --help' the options of one.\n"),
            await Ctl("decisions", "--origin", "me"));
    }

    [Fact]
    public async Task Status_tells_the_wall_its_health_and_what_is_counted()
    {
        _appliance.Wall.Status = _appliance.Wall.Status with { Fault = "The interface is gone." };
        await Ctl("block", "203.0.113.9");
        (int code, string output, _) = await Ctl("status");
        Assert.Equal(0, code);
        Assert.StartsWith("wall       eth0: enforce, attached native, tcx, policy 1\n", output, StringComparison.Ordinal);
        Assert.Contains("wall: The interface is gone.\n", output, StringComparison.Ordinal);
        Assert.Contains("operator 1, local 0", output, StringComparison.Ordinal);
        Assert.Contains("drop 3\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wall_that_does_not_stand_is_a_status_and_no_error()
    {
        _appliance.Wall.Status = _appliance.Wall.Status with { AttachMode = null };
        (int code, string output, string error) = await Ctl("status");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("starting", output, StringComparison.Ordinal);
        Assert.Contains("not attached", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_what_the_API_answers()
    {
        JsonNode rule = JsonNode.Parse((await Ctl("block", "203.0.113.9", "--json")).Output)!;
        Assert.Equal(("203.0.113.9", true), ((string?)rule["scope"], (bool)rule["enforced"]!));
        Assert.Equal((long)rule["id"]!, (long)JsonNode.Parse((await Ctl("rules", "--json")).Output)!["items"]![0]!["id"]!);
        Assert.Equal("drop", (string?)JsonNode.Parse((await Ctl("why", "203.0.113.9", "--json")).Output)!["verdict"]);
        Assert.Equal(3, (int)JsonNode.Parse((await Ctl("stats", "--json")).Output)!["counters"]![0]!["packets"]!);
        JsonNode status = JsonNode.Parse((await Ctl("status", "--json")).Output)!;
        Assert.Equal(("ready", "eth0"), ((string?)status["health"]!["status"], (string?)status["wall"]!["interface"]));
        Assert.Equal((0, "", ""), await Ctl("lift", $"{rule["id"]}", "--json"));
    }

    [Fact]
    public async Task A_long_list_says_how_to_go_on()
    {
        for (int i = 1; i <= 3; i++)
        {
            await Ctl("block", $"203.0.113.{i}");
        }

        (_, string first, string hint) = await Ctl("rules", "--limit", "2");
        Assert.Equal(3, first.TrimEnd('\n').Split('\n').Length);
        Assert.StartsWith("There may be more: --cursor ", hint, StringComparison.Ordinal);
        (_, string second, string end) = await Ctl("rules", "--limit", "2", "--cursor", hint.Trim().Split(' ')[^1]);
        Assert.Contains("203.0.113.1 ", second, StringComparison.Ordinal);
        Assert.Equal(("", 2), (end, second.TrimEnd('\n').Split('\n').Length));
    }

    [Fact]
    public async Task Statistics_show_every_counter_of_every_part()
    {
        (_, string output, _) = await Ctl("stats");
        Assert.Contains("drop-limit-syn  3        180    0              0\n", output, StringComparison.Ordinal);
        Assert.Matches("(?m)^board +capacity +2000000$", output);
        Assert.Matches("(?m)^lost +tls-events +2$", output);
    }

    [Fact]
    public async Task Events_are_told_as_they_happen_and_cannot_move_the_cursor()
    {
        StringWriter output = new();
        Task<int> following = CommandTree.RunAsync(["events", "--count", "2", "--api", _api, "--key-file", KeyFile], TestShell.Of(output, TextWriter.Null), Cancellation);
        while (_appliance.Services.GetRequiredService<Blackwall.Events.EventStreamSlots>().Counts.Streams == 0)
        {
            Assert.False(following.IsCompleted);
            await Task.Yield();
        }

        Address source = Address.Parse("203.0.113.9");
        Evidence evidence = new(0, source, "http-probe", EvidenceClass.Application, 0.8, DateTimeOffset.UnixEpoch, "asked for \u001b[2J");
        _appliance.Board.Publish(new DecisionRequest(Prefix.Host(source), Verdict.Drop, Origin.Local, "http-probe", 0.8, null, [evidence], null, "appliance"));
        Assert.Equal(0, await following);
        string[] lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal("1970-01-01 00:00:00Z  evidence: 203.0.113.9 http-probe, asked for ?[2J [application]", lines[0]);
        Assert.Contains("created by appliance: drop 203.0.113.9 (local, http-probe, decision ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_or_missing_key_has_its_own_exit_code()
    {
        string wrong = Path.Combine(_appliance.Folder, "wrong.key");
        await File.WriteAllTextAsync(wrong, "bw_wrong", Cancellation);
        Assert.Equal((77, "", "The key is not known. The appliance does not accept this key; start again with --key-file naming a good one.\n"), await Bare("stats", "--api", _api, "--key-file", wrong));
        await File.WriteAllTextAsync(wrong, "", Cancellation);
        Assert.Equal((77, "", $"{wrong} holds no key.\n"), await Bare("stats", "--api", _api, "--key-file", wrong));
        (int code, _, string error) = await Bare("stats", "--api", _api, "--key-file", "/nowhere/admin.key");
        Assert.Equal(77, code);
        Assert.Contains("--key-file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_appliance_that_is_not_there_has_its_own_exit_code()
    {
        // Bound and not listening: nobody else gets the port, and connecting is refused.
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (string verb in new[] { "stats", "events" })
        {
            (int code, string output, string error) = await Bare(verb, "--api", $"http://{taken.LocalEndPoint}", "--key-file", KeyFile);
            Assert.Equal((69, ""), (code, output));
            Assert.StartsWith($"The appliance at {taken.LocalEndPoint} cannot be reached (", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bloc 203.0.113.9")]
    [InlineData("block")]
    [InlineData("confirm 1 2")]
    [InlineData("stats now")]
    [InlineData("lift first")]
    [InlineData("block 203.0.113.9 --ttl 1w")]
    [InlineData("block 203.0.113.9 --ttl 0s")]
    [InlineData("block 203.0.113.9 --ttl")]
    [InlineData("stats --limit 3")]
    [InlineData("events --count 0")]
    [InlineData("stats --api ftp://127.0.0.1")]
    [InlineData("stats --api http://192.0.2.1:9470")]
    [InlineData("stats --api http://127.0.0.1:9470/api")]
    public async Task What_is_not_understood_is_said_before_anything_is_sent(string line)
    {
        (int code, string output, string error) = await Bare([.. line.Split(' '), "--key-file", "/nowhere/admin.key"]);
        Assert.Equal((64, ""), (code, output));
        Assert.Equal(2, error.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Help_explains_verbs_and_exit_codes()
    {
        (int code, string output, _) = await Bare("--help");
        Assert.Equal(0, code);
        Assert.All(new[] { "status", "why", "block", "allow", "lift", "rules", "decisions", "events", "stats", "exit codes" }, word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.Equal(0, (await Bare()).Code);
    }

    [Theory]
    [InlineData("block", "--help")]
    [InlineData("help", "block")]
    public async Task Help_of_one_verb_tells_its_options_and_sends_nothing(params string[] line)
    {
        (int code, string output, string error) = await Bare(line);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("usage: blackwall block SCOPE... [--ttl TIME]", output, StringComparison.Ordinal);
        Assert.Contains("Drop addresses or prefixes.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("capture-file", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelled_verb_is_answered_with_the_nearest()
    {
        (int code, _, string error) = await Bare("blok", "203.0.113.9");
        Assert.Equal(64, code);
        Assert.StartsWith("Unknown verb 'blok'; did you mean 'block'?", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_of_a_change_on_trial_until_it_is_kept()
    {
        await Ctl("block", "203.0.113.9", "--trial", "60s");
        Assert.Matches("trial +Change 1 \\(drop 203.0.113.9\\): on trial; reverts at \\S*Z unless confirmed\n", (await Ctl("status")).Output);
        (int code, string output, _) = await Ctl("confirm", "1");
        Assert.Equal((0, "Change 1 (drop 203.0.113.9): is confirmed and stays\n"), (code, output));
        Assert.DoesNotContain("trial", (await Ctl("status")).Output, StringComparison.Ordinal);
    }
}
