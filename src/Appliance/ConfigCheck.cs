using System.Globalization;
using Blackwall.Composition;
using Blackwall.Config;

namespace Blackwall;

/// <summary>'check-config': what was read, what is set, and what is wrong in the files that the configuration names.</summary>
internal static class ConfigCheck
{
    /// <summary>Tells it and returns the exit code: 0, or that of a wrong configuration.</summary>
    public static int Report(ApplianceConfig config, IReadOnlyList<IFeature> features, TextWriter output, TextWriter error)
    {
        string path = config.Line.ConfigPath;
        ConfigSetting[] set = [.. config.Settings().Where(setting => setting.Source is not ConfigSetting.Default)];
        output.WriteLine(File.Exists(path)
            ? string.Create(CultureInfo.InvariantCulture, $"Read {path}. {set.Length} settings are set, all others have their defaults.")
            : string.Create(CultureInfo.InvariantCulture, $"There is no {path}. {set.Length} settings are set, all others have their defaults."));
        foreach (ConfigSetting setting in set)
        {
            output.WriteLine($"  {setting.Name} = {SettingsFile.Write(setting.Value)}  ({setting.Source})");
        }

        ConfigFinding[] findings = [.. features.SelectMany(feature => feature.CheckFiles(config))];
        foreach (ConfigFinding finding in findings)
        {
            (finding.IsError ? error : output).WriteLine(finding.Sentence);
        }

        if (Array.Exists(findings, finding => finding.IsError))
        {
            return Startup.BadConfig;
        }

        output.WriteLine("The configuration is in order; nothing was started.");
        return 0;
    }
}
