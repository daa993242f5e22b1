using System.Text.Json;

namespace Blackwall.Api.Settings;

/// <summary>One setting in force.</summary>
/// <param name="Name">"section.key", as in blackwall.toml.</param>
/// <param name="Value">null (not set), a number, a flag, text or a list of texts; "***" for a secret.</param>
/// <param name="Source">Where it was set: "blackwall.toml:12", "environment BLACKWALL_X__Y", "--set x.y" or "default".</param>
public sealed record SettingBody(string Name, JsonElement? Value, string Source);
