using System.Collections;
using System.Text.RegularExpressions;
using Blackwall.Config;
using Xunit;

namespace Blackwall.Tests.Contracts;

/// <summary>The sample file and the table of settings are what the declarations say.</summary>
public sealed partial class SettingsTests
{
    private static readonly IReadOnlyList<IConfigSection> s_sections = FeatureList.Sections(FeatureList.All);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_file_is_what_the_declarations_say() => Assert.True(
        string.Equals(SettingsFile.Write(s_sections, new Dictionary<string, object?>(StringComparer.Ordinal)), await File.ReadAllTextAsync(RepositoryRoot.File("deploy", "blackwall.toml"), Cancellation), StringComparison.Ordinal),
        "deploy/blackwall.toml is not what the declarations say; run: ./blackwall settings toml >deploy/blackwall.toml");

    [Fact]
    public async Task The_table_of_settings_is_what_the_declarations_say() => Assert.True(
        string.Equals(SettingsDocument.Write(s_sections), await File.ReadAllTextAsync(RepositoryRoot.File("docs", "SETTINGS.md"), Cancellation), StringComparison.Ordinal),
        "docs/SETTINGS.md is not what the declarations say; run: ./blackwall settings markdown >docs/SETTINGS.md");

    [Fact]
    public void Every_setting_says_what_it_is_for_in_whole_sentences() => Assert.All(
        s_sections.SelectMany(section => section.Declarations.Select(setting => setting.Help).Append(section.About)),
        help => Assert.True(help.Length > 10 && help.EndsWith('.') && !char.IsAsciiLetterLower(help[0]) | help.StartsWith("off:", StringComparison.Ordinal) | help.StartsWith("text ", StringComparison.Ordinal), help));

    /// <summary>With every # removed it is the defaults once more.</summary>
    [Fact]
    public void Every_default_in_the_sample_is_one_that_the_setting_takes()
    {
        string all = Setting().Replace(SettingsFile.Write(s_sections, new Dictionary<string, object?>(StringComparer.Ordinal)), "${setting}");
        string[] optional = [.. s_sections.SelectMany(section => section.Declarations).Where(setting => setting.Default is null).Select(setting => setting.Key)];
        string set = string.Join('\n', all.Split('\n').Where(line => !optional.Any(key => line.StartsWith(key + " = ", StringComparison.Ordinal))));
        ApplianceConfig config = Load(set);
        Assert.All(config.Settings(), setting => Assert.True(setting.Source is not ConfigSetting.Default || setting.Value is null, setting.Name));
        ApplianceConfig defaults = Load("");
        Assert.Equal(defaults.Settings().Select(Text), config.Settings().Select(Text));
    }

    [Fact]
    public void A_value_with_quotes_and_controls_is_written_so_that_it_reads_back()
    {
        const string hostile = "a\"b\\c\nd\u0001e é";
        string toml = $"[pcap]\nfolder = {SettingsFile.Write("/" + hostile)}\n";
        Assert.Equal("/" + hostile, Load(toml).Settings().Single(setting => setting.Name is "pcap.folder").Value);
    }

    private static (string, string) Text(ConfigSetting setting) => (setting.Name, SettingsFile.Write(setting.Value));

    private static ApplianceConfig Load(string toml)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("blackwall-settings-").FullName, "blackwall.toml");
        File.WriteAllText(file, toml);
        ApplianceConfig? config = ApplianceConfig.TryLoad(CommandLine.TryParse(["--config", file], out _)!, new Hashtable(), FeatureList.Sections(FeatureList.All), out IReadOnlyList<string> errors);
        Assert.Empty(errors);
        return config!;
    }

    [GeneratedRegex("^#(?<setting>[a-z0-9_]+ = .*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();
}
