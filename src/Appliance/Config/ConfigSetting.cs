namespace Blackwall.Config;

/// <summary>One setting in force.</summary>
/// <param name="Name">"section.key".</param>
/// <param name="Value">Null (not set), a whole number, a number, a flag, text or a list of texts.</param>
/// <param name="Source">Where it was set: "blackwall.toml:12", "environment BLACKWALL_X__Y", "--set x.y" or "default".</param>
public sealed record ConfigSetting(string Name, object? Value, string Source)
{
    public const string Default = "default";

    /// <summary>Stands for a secret.</summary>
    public const string Masked = "***";
}
