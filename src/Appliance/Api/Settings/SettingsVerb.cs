using Blackwall.Config;

namespace Blackwall.Api.Settings;

/// <summary>'settings': writes the sample configuration file, or the table of settings.</summary>
internal static class SettingsVerb
{
    public const string Name = "settings";

    public static Task<int> RunAsync(string[] arguments)
    {
        IReadOnlyList<IConfigSection> sections = FeatureList.Sections(FeatureList.All);
        switch (arguments)
        {
            case ["toml"]:
                Console.Out.Write(SettingsFile.Write(sections, new Dictionary<string, object?>(StringComparer.Ordinal)));
                return Task.FromResult(0);
            case ["markdown"]:
                Console.Out.Write(SettingsDocument.Write(sections));
                return Task.FromResult(0);
            default:
                return Task.FromResult(Startup.Refuse(Startup.BadUsage, ["usage: blackwall settings toml | markdown"]));
        }
    }
}
