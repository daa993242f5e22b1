namespace Blackwall.Config;

/// <summary>What a setting is, for documents: the sample file, docs/SETTINGS.md and 'check-config' are made from these.</summary>
/// <param name="Section">As between the brackets of blackwall.toml.</param>
/// <param name="Key">The setting's name in its section.</param>
/// <param name="Help">One or two sentences, with the unit.</param>
/// <param name="Allowed">"whole number within 5..500", "one of off, observe, enforce", "true or false", "text", "list of texts".</param>
/// <param name="Default">Null (not set), a whole number, a number, a flag, text or a list of texts.</param>
/// <param name="IsLive">Whether a reload takes it up; else it needs a restart or a hand-over.</param>
public sealed record SettingDeclaration(string Section, string Key, string Help, string Allowed, object? Default, bool IsLive)
{
    /// <summary>"section.key".</summary>
    public string Name => $"{Section}.{Key}";
}
