using System.Collections;
using Blackwall.Api;
using Blackwall.Behavior.Settings;
using Blackwall.Config;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Rules;
using Blackwall.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Config;

public sealed class ConfigTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    private (IServiceProvider? Options, IReadOnlyList<string> Errors) Load(string toml, Hashtable? environment = null, params string[] arguments)
    {
        File.WriteAllText(_file, toml);
        CommandLine line = CommandLine.TryParse(["--config", _file, .. arguments], out _)!;
        if (ApplianceConfig.TryLoad(line, environment ?? [], FeatureList.Sections(FeatureList.All), out IReadOnlyList<string> errors) is not { } config)
        {
            return (null, errors);
        }

        ServiceCollection services = new();
        config.Register(services);
        return (services.BuildServiceProvider(), errors);
    }

    private T Loaded<T>(string toml, Hashtable? environment = null, params string[] arguments)
        where T : class
    {
        (IServiceProvider? options, IReadOnlyList<string> errors) = Load(toml, environment, arguments);
        Assert.Empty(errors);
        return options!.GetRequiredService<IOptions<T>>().Value;
    }

    [Fact]
    public void An_empty_file_gives_a_wall_that_only_watches_and_an_API_on_loopback()
    {
        Assert.Equal(EnforcementMode.Observe, Loaded<NetworkOptions>("").Mode);
        Assert.Equal("http://127.0.0.1:9470/", Loaded<ApiOptions>("").Listen.ToString());
        Assert.Equal(TimeSpan.FromMinutes(10), Loaded<BoardOptions>("").FirstTtl);
    }

    [Fact]
    public void Every_section_reaches_its_options()
    {
        const string toml = """
            [network]
            interface = "ens3"
            xdp_mode = "generic"
            mode = "enforce"
            pin_path = "/sys/fs/bpf/mine"
            [kernel]
            conntrack_entries = 4096
            [kernel.features]
            entropy = false
            [kernel.limits.syn]
            host_packets_per_second = 7
            [kernel.tarpit]
            address4 = "192.0.2.5"
            port4 = 2222
            [rules]
            allowlist = ["192.0.2.0/24", "2001:db8::1"]
            blocklist = ["203.0.113.7"]
            [storage]
            max_decisions = 5000
            [thresholds.ttl]
            first_seconds = 30
            """;
        NetworkOptions network = Loaded<NetworkOptions>(toml);
        Assert.Equal(("ens3", XdpMode.Generic, EnforcementMode.Enforce, "/sys/fs/bpf/mine"), (network.Interface, network.XdpMode, network.Mode, network.PinPath));
        KernelOptions kernel = Loaded<KernelOptions>(toml);
        Assert.Equal((4096, Features.All & ~Features.Entropy, 7L), (kernel.ConntrackEntries, kernel.Features, kernel.Limits[RateClass.Syn].HostPacketsPerSecond));
        Assert.Equal((Address.Parse("192.0.2.5"), (ushort)2222), (kernel.TarpitAddress4, kernel.TarpitPort4));
        Assert.Equal([Prefix.Parse("192.0.2.0/24"), Prefix.Parse("2001:db8::1")], Loaded<RuleOptions>(toml).Allowlist);
        Assert.Equal((5000, TimeSpan.FromSeconds(30)), (Loaded<BoardOptions>(toml).MaxDecisions, Loaded<BoardOptions>(toml).FirstTtl));
    }

    [Fact]
    public void Thresholds_are_the_annotated_properties_with_their_ranges()
    {
        Assert.Equal((30, 4.5), (Loaded<DetectionOptions>("[thresholds]\nscan_ports = 30\nhttp_probe_score = 4.5").ScanPorts, Loaded<DetectionOptions>("[thresholds]\nhttp_probe_score = 4.5").HttpProbeScore));
        Assert.Contains("'thresholds.scan_ports' must be a whole number within 5..500; got '4'.", Assert.Single(Load("[thresholds]\nscan_ports = 4").Errors), StringComparison.Ordinal);
        Assert.Contains("'thresholds.scan_verdict' must be one of auto", Assert.Single(Load("[thresholds]\nscan_verdict = \"kill\"").Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_names_its_interfaces_by_the_side_they_look_to()
    {
        const string toml = """
            [network]
            interface = "wan0"
            outside = ["wan1"]
            inside = ["lan0", "lan1"]
            observe_only = ["lan1"]
            """;
        WallSettings wall = WallSettingsFactory.Create(Loaded<NetworkOptions>(toml), Loaded<KernelOptions>(toml), "/tmp");

        Assert.Equal(
            [
                new GateSettings("wan0", Side.Outside, EnforcementMode.Enforce),
                new GateSettings("wan1", Side.Outside, EnforcementMode.Enforce),
                new GateSettings("lan0", Side.Inside, EnforcementMode.Enforce),
                new GateSettings("lan1", Side.Inside, EnforcementMode.Observe),
            ],
            wall.Gates);
        Assert.Equal([new GateSettings("eth0")], WallSettingsFactory.Create(Loaded<NetworkOptions>(""), Loaded<KernelOptions>(""), "/tmp").Gates);
    }

    [Theory]
    [InlineData("inside = [\"eth0\"]", "name eth0 more than once")]
    [InlineData("observe_only = [\"eth7\"]", "names eth7, which is not guarded")]
    [InlineData("outside = [\"no such name here\"]", "'network.outside' must be a list of at most 15 interface names of 1..15 characters")]
    public void Interfaces_that_cannot_be_are_refused(string line, string sentence) =>
        Assert.Contains(sentence, Assert.Single(Load($"[network]\n{line}").Errors), StringComparison.Ordinal);

    [Fact]
    public void The_environment_beats_the_file_and_the_command_line_beats_both()
    {
        Hashtable environment = new() { ["BLACKWALL_NETWORK__INTERFACE"] = "env0", ["BLACKWALL_KERNEL__LIMITS__SYN__HOST_BURST"] = "9", ["BLACKWALL_CLANG"] = "/usr/bin/clang" };
        const string toml = "[network]\ninterface = \"file0\"";
        Assert.Equal("env0", Loaded<NetworkOptions>(toml, environment).Interface);
        Assert.Equal(9, Loaded<KernelOptions>(toml, environment).Limits[RateClass.Syn].HostBurst);
        Assert.Equal("line0", Loaded<NetworkOptions>(toml, environment, "--interface", "line0").Interface);
        Assert.Equal(EnforcementMode.Off, Loaded<NetworkOptions>(toml, environment, "--set", "network.mode=off").Mode);
        Assert.Equal("/tmp/x", Loaded<StorageOptions>(toml, environment, "--state=/tmp/x").StateFolder);
    }

    [Theory]
    [InlineData("[network]\ninterfce = \"eth0\"", ":2: there is no setting 'network.interfce'; did you mean 'network.interface'?")]
    [InlineData("\n\n[netwrk]\nmode = \"off\"", ":4: there is no setting 'netwrk.mode'; did you mean 'network.mode'?")]
    [InlineData("quite_something_else = 1", ":1: there is no setting 'quite_something_else'.")]
    [InlineData("[network]\nmode = \"on\"", ":2: 'network.mode' must be one of off, observe, enforce; got 'on'.")]
    [InlineData("[network]\nmode = 1", ":2: 'network.mode' must be one of off, observe, enforce; got '1'.")]
    [InlineData("[network]\ninterface = \"an-interface-name-too-long\"", ":2: 'network.interface' must be an interface name of 1..15 characters; got 'an-interface-name-too-long'.")]
    [InlineData("[kernel]\nconntrack_entries = 12", ":2: 'kernel.conntrack_entries' must be a whole number within 1024..16777216; got '12'.")]
    [InlineData("[kernel]\nconntrack_entries = \"4096\"", ":2: 'kernel.conntrack_entries' must be a whole number")]
    [InlineData("[kernel.features]\ntls = \"yes\"", ":2: 'kernel.features.tls' must be true or false; got 'yes'.")]
    [InlineData("[rules]\nallowlist = [\"10.0.0.1/8\"]", ":2: 'rules.allowlist' must be a list of addresses and prefixes: '10.0.0.1/8' has host bits set")]
    [InlineData("[rules]\nallowlist = \"10.0.0.0/8\"", ":2: 'rules.allowlist' must be a list of texts")]
    [InlineData("[network]\nmode = \"off\"\nmode = \"off\"", "'network.mode'")]
    [InlineData("[network\nmode = 1", ":1: not valid TOML")]
    [InlineData("[kernel.tarpit]\nport4 = 22", "an address needs its port")]
    [InlineData("[thresholds.ttl]\nmax_seconds = 5", "first_seconds is larger than max_seconds")]
    [InlineData("[[rules]]\nallowlist = []", "list of tables")]
    public void What_is_wrong_is_said_with_its_place_and_what_is_allowed(string toml, string expected)
    {
        (IServiceProvider? options, IReadOnlyList<string> errors) = Load(toml);
        Assert.Null(options);
        Assert.Contains(errors, error => error.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_error_is_reported_at_once()
    {
        (_, IReadOnlyList<string> errors) = Load("[network]\na = 1\nb = 2\nmode = 3", new Hashtable { ["BLACKWALL_API__LISTEN"] = "ftp://x" }, "--set", "nosuch.key=1");
        Assert.Equal(5, errors.Count);
        Assert.Contains(errors, e => e.StartsWith("environment BLACKWALL_API__LISTEN:", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("--set nosuch.key:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("fe80::/10")]
    public void The_owner_cannot_be_locked_out_by_a_configured_block(string scope)
    {
        Assert.Contains("must not hold", Assert.Single(Load($"[rules]\nblocklist = [\"{scope}\"]").Errors), StringComparison.Ordinal);
        Assert.Contains("must not hold", Assert.Single(Load("", new Hashtable { ["BLACKWALL_RULES__BLOCKLIST"] = $"203.0.113.1, {scope}" }).Errors), StringComparison.Ordinal);
        Assert.Contains("must not hold", Assert.Single(Load("", null, "--set", $"rules.blocklist={scope}").Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0/0", "0.0.0.0/0 is every address")]
    [InlineData("::/0", "::/0 is every address")]
    [InlineData("0.0.0.0/1", "it covers 0.0.0.0/8, addresses of this machine or its network")]
    [InlineData("127.0.0.1", "it lies in 127.0.0.0/8, loopback")]
    public void A_configured_block_that_cannot_be_says_why(string scope, string why) =>
        Assert.Contains(why, Assert.Single(Load($"[rules]\nblocklist = [\"{scope}\"]").Errors), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://0.0.0.0:9470")]
    [InlineData("http://192.0.2.1:80")]
    [InlineData("http://[::]:9470")]
    [InlineData("http://example.org:9470")]
    [InlineData("http://127.0.0.1:9470/path")]
    public void Keys_never_travel_in_clear_over_a_network(string listen)
    {
        Assert.Single(Load($"[api]\nlisten = \"{listen}\"").Errors);
        Assert.Empty(Load("[api]\nlisten = \"https://0.0.0.0:9470\"").Errors);
        Assert.Single(Load($"[api]\nlisten = \"https://0.0.0.0:1\"\ntls_certificate = \"/nosuch.pem\"\ntls_key = \"/nosuch.key\"").Errors);
    }

    [Theory]
    [InlineData("--nosuch", "x")]
    [InlineData("fly")]
    [InlineData("--config")]
    [InlineData("--set", "novalue")]
    [InlineData("run", "check-config")]
    public void A_command_line_that_is_not_understood_is_refused(params string[] arguments)
    {
        Assert.Null(CommandLine.TryParse(arguments, out string? error));
        Assert.NotNull(error);
    }

    [Fact]
    public void A_named_file_has_to_exist_and_the_default_one_has_not()
    {
        CommandLine named = CommandLine.TryParse(["check-config", "--config", "/nosuch/blackwall.toml"], out _)!;
        Assert.Equal("check-config", named.Verb);
        Assert.Null(ApplianceConfig.TryLoad(named, new Hashtable(), FeatureList.Sections(FeatureList.All), out IReadOnlyList<string> errors));
        Assert.Contains("no such file", Assert.Single(errors), StringComparison.Ordinal);
        Assert.NotNull(ApplianceConfig.TryLoad(named with { ConfigNamed = false }, new Hashtable(), FeatureList.Sections(FeatureList.All), out _));
    }

    [Theory]
    [InlineData("peers = [\"/ip4/192.0.2.7/tcp/9471\"]", "'mesh.peers' is a list of multiaddrs that end in /p2p/ and a peer id", "'/ip4/192.0.2.7/tcp/9471' is none")]
    [InlineData("peers = [\"192.0.2.7:9471\"]", "'mesh.peers' is a list of multiaddrs", "'192.0.2.7:9471' is none")]
    [InlineData("listen = [\"0.0.0.0\"]", "'mesh.listen' is a list of multiaddrs", "'0.0.0.0' is none")]
    [InlineData("members = [\"12D3KooW\"]", "'mesh.members' is a list of peer ids", "'12D3KooW' is none")]
    [InlineData("members = [\"12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA\", \"12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA\"]", "'mesh.members' names", "twice")]
    [InlineData("swarm_key_file = \"swarm.key\"", "mesh.swarm_key_file", "full path")]
    [InlineData("name = \"Our Mesh\"", "mesh.name", "a-z")]
    public void A_wrong_setting_of_the_mesh_is_named_with_what_is_wrong_in_it(string line, string setting, string what)
    {
        string error = Assert.Single(Load($"[mesh]\nmode = \"full\"\n{line}\n").Errors);
        Assert.Contains(setting, error, StringComparison.Ordinal);
        Assert.Contains(what, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_text_is_refused_and_never_throws()
    {
        Random random = new(9);
        const string alphabet = "[]=\"'#\n\t .{}abz019_-\\,:\u00e9\0";
        for (int i = 0; i < 3000; i++)
        {
            string toml = new([.. Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            Load(toml);
        }
    }

    private sealed class Secretive
    {
        public string? Text { get; set; }
    }

    [Fact]
    public void A_secret_is_never_shown_and_an_empty_one_is_seen_to_be_empty()
    {
        ConfigSection<Secretive> Section(string key, Secretive options) => new ConfigSection<Secretive>("sink", "Where events go.", options).Text(key, "A secret.", o => o.Text, (o, v) =>
        {
            o.Text = v;
            return null;
        });
        File.WriteAllText(_file, "[sink]\ntoken = \"hunter2\"\n");
        CommandLine line = CommandLine.TryParse(["--config", _file], out _)!;
        ApplianceConfig set = ApplianceConfig.TryLoad(line, new Hashtable(), [Section("token", new Secretive())], out _)!;
        Assert.Equal([new ConfigSetting("sink.token", "***", $"{Path.GetFileName(_file)}:2")], set.Settings());
        File.WriteAllText(_file, "");
        ApplianceConfig empty = ApplianceConfig.TryLoad(line, new Hashtable(), [Section("hec_password", new Secretive())], out _)!;
        Assert.Equal([new ConfigSetting("sink.hec_password", null, "default")], empty.Settings());
    }

    [Theory]
    [InlineData("network.mode", "\"enforce\"")]
    [InlineData("network.xdp_mode", "\"native\"")]
    [InlineData("storage.history_rows", "12")]
    [InlineData("kernel.features.tls", "false")]
    [InlineData("thresholds.ttl.max_seconds", "86399")]
    public void A_setting_reads_back_as_it_was_written(string name, string toml)
    {
        int dot = name.LastIndexOf('.');
        File.WriteAllText(_file, $"[{name[..dot]}]\n{name[(dot + 1)..]} = {toml}\n");
        ApplianceConfig config = ApplianceConfig.TryLoad(CommandLine.TryParse(["--config", _file], out _)!, new Hashtable(), FeatureList.Sections(FeatureList.All), out _)!;
        object? value = config.Settings().Single(s => string.Equals(s.Name, name, StringComparison.Ordinal)).Value;
        Assert.Equal(toml.Trim('"'), Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!, ignoreCase: value is bool);
    }
}
