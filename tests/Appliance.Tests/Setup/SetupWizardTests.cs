using System.Collections;
using Blackwall.Api;
using Blackwall.Bridges.Setup;
using Blackwall.Config;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Setup;

/// <summary>The first run: what it shows, asks and writes.</summary>
public sealed class SetupWizardTests : IDisposable
{
    private static readonly FoundInterface[] Interfaces =
    [
        new("wan0", ["192.0.2.10"], "virtio_net", true, true, null),
        new("lan0", ["10.0.0.1"], null, false, false, null),
        new("wan0.7", [], null, false, false, "wan0.7 is a VLAN of wan0; set network.interface to wan0: Blackwall looks through its tags."),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-setup-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Output => Path.Combine(_folder, "new", "blackwall.toml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_person_it_guards_what_leads_outside_and_only_observes()
    {
        Assert.Equal(0, Run(null, "--yes"));
        ApplianceConfig config = Read();
        Assert.Equal(("wan0", EnforcementMode.Observe, "http://127.0.0.1:9470/"), (config.Get<NetworkOptions>().Interface, config.Get<NetworkOptions>().Mode, config.Get<ApiOptions>().Listen.ToString()));
        string told = _output.ToString();
        Assert.Contains("  1  wan0: 192.0.2.10, driver virtio_net, native XDP, leads outside\n", told, StringComparison.Ordinal);
        Assert.Contains("  2  lan0: 10.0.0.1, no driver known, generic XDP", told, StringComparison.Ordinal);
        Assert.Contains("cannot be guarded: wan0.7 is a VLAN of wan0", told, StringComparison.Ordinal);
        Assert.Contains("  198.51.100.7  an administrator's SSH session\n", told, StringComparison.Ordinal);
        Assert.Contains($"Wrote {Output}.\nNext: blackwall run --config {Output}\n", told, StringComparison.Ordinal);
        Assert.Contains("\n#xdp_mode = ", File.ReadAllText(Output), StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_is_asked_and_an_empty_answer_is_the_default()
    {
        Assert.Equal(0, Run("2\nenforce\n\n"));
        ApplianceConfig config = Read();
        Assert.Equal(("lan0", EnforcementMode.Enforce), (config.Get<NetworkOptions>().Interface, config.Get<NetworkOptions>().Mode));
        Assert.Contains("Interface to guard, by name or number [wan0]: ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_answer_before_they_are_asked()
    {
        Assert.Equal(0, Run("", "--interface", "lan0", "--mode=off", "--listen", "https://192.0.2.10:9470"));
        ApplianceConfig config = Read();
        Assert.Equal(("lan0", EnforcementMode.Off, "https://192.0.2.10:9470/"), (config.Get<NetworkOptions>().Interface, config.Get<NetworkOptions>().Mode, config.Get<ApiOptions>().Listen.ToString()));
        Assert.DoesNotContain("[wan0]: ", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1, false)]
    [InlineData("n\n", 1, false)]
    [InlineData("y\n", 0, true)]
    public void A_file_with_settings_is_replaced_only_by_who_says_so(string? answer, int code, bool replaced)
    {
        Write("[network]\ninterface = \"mine\"\n");
        Assert.Equal(code, Run(answer, "--interface", "wan0", "--mode", "observe", "--listen", "http://127.0.0.1:9470"));
        Assert.Equal(replaced, !File.ReadAllText(Output).Contains("mine", StringComparison.Ordinal));
        Write("[network]\ninterface = \"mine\"\n");
        Assert.Equal(1, Run("y\n", "--yes", "--interface", "wan0"));
        Assert.Equal(0, Run(null, "--yes", "--overwrite"));
        Assert.DoesNotContain("mine", File.ReadAllText(Output), StringComparison.Ordinal);
        Assert.Equal([Output], Directory.GetFiles(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public void The_file_that_a_package_brings_has_no_settings_and_may_go()
    {
        Write(SettingsFile.Write(FeatureList.Sections(FeatureList.All), new Dictionary<string, object?>(StringComparer.Ordinal)));
        Assert.Equal(0, Run(null, "--yes"));
        Assert.Equal("wan0", Read().Get<NetworkOptions>().Interface);
    }

    [Theory]
    [InlineData(64, "--interface", "eth9")]
    [InlineData(64, "--interface", "wan0.7")]
    [InlineData(78, "--listen", "http://192.0.2.10:9470")]
    [InlineData(78, "--listen", "nowhere")]
    public void What_cannot_be_is_refused_and_nothing_is_written(int code, params string[] typed)
    {
        Assert.Equal(code, Run(null, ["--yes", .. typed]));
        Assert.False(File.Exists(Output));
        Assert.False(File.Exists(Output + ".new"));
    }

    [Theory]
    [InlineData("--mode enfroce", "--mode must be one of off, observe, enforce; got 'enfroce'.")]
    [InlineData("--interface", "--interface needs a value.")]
    [InlineData("--force", "--force is not an option of 'setup-wizard'.")]
    public void What_is_not_understood_is_said(string typed, string sentence)
    {
        Assert.Null(WizardLine.TryParse(typed.Split(' '), out string? error));
        Assert.Equal(sentence, error);
    }

    [Fact]
    public void The_interface_with_a_default_route_is_found_in_the_kernels_tables()
    {
        // Shortened from a router; fields as proc(5) has them.
        const string v4 = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\n"
            + "wan0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\nlan0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\n";
        const string v6 = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 wan6\n"
            + "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 lo\n"
            + "20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001 lan0\n";
        Assert.Equal(["wan0", "wan6"], HostSurvey.DefaultRoutes(v4, v6).Order(StringComparer.Ordinal));
        Assert.Empty(HostSurvey.DefaultRoutes("", ""));
    }

    [Fact]
    public void This_machine_is_looked_at_and_nothing_of_loopback_is_offered()
    {
        Assert.DoesNotContain("lo", HostSurvey.Interfaces().Select(found => found.Name), StringComparer.Ordinal);
        Assert.DoesNotContain(HostSurvey.Guarded(), entry => entry.Address == Address.Parse("127.0.0.1"));
    }

    private int Run(string? answers, params string[] typed)
    {
        WizardLine line = WizardLine.TryParse([.. typed, "--output", Output], out string? error) ?? throw new InvalidOperationException(error);
        SetupWizard wizard = new(
            FeatureList.Sections(FeatureList.All),
            Interfaces,
            [(Address.Parse("192.0.2.10"), "an address of this machine"), (Address.Parse("198.51.100.7"), "an administrator's SSH session")],
            _output,
            _error,
            answers is null ? null : new StringReader(answers));
        return wizard.Run(line);
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Output)!);
        File.WriteAllText(Output, text);
    }

    private ApplianceConfig Read()
    {
        CommandLine line = CommandLine.TryParse(["check-config", "--config", Output], out _)!;
        ApplianceConfig? config = ApplianceConfig.TryLoad(line, new Hashtable(), FeatureList.Sections(FeatureList.All), out IReadOnlyList<string> errors);
        Assert.True(config is not null, string.Join('\n', errors));
        return config;
    }
}
