
namespace Blackwall.Api.Settings;

/// <summary>The configuration in force.</summary>
/// <param name="Settings">Every setting, in order of name.</param>
public sealed record ConfigBody(IReadOnlyList<SettingBody> Settings);
