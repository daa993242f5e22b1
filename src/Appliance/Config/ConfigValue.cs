using System.Globalization;

namespace Blackwall.Config;

/// <summary>One value as written, and where. Values of the environment and of the command line are text that the setting reads as its own type.</summary>
/// <param name="Text">Null when it is a list.</param>
/// <param name="List">Null when it is no list.</param>
/// <param name="Kind">How it was written.</param>
/// <param name="Source">"blackwall.toml:12", "environment BLACKWALL_X__Y" or "--set x.y".</param>
public sealed record ConfigValue(string? Text, IReadOnlyList<string>? List, ConfigValueKind Kind, string Source)
{
    /// <summary>A value that a setting was read as, to be applied to another one.</summary>
    /// <param name="value">Null, a whole number, a number, a flag, text or a list of texts.</param>
    public static ConfigValue From(object? value) => value switch
    {
        IReadOnlyList<string> list => new ConfigValue(null, list, ConfigValueKind.List, ConfigSetting.Default),
        _ => new ConfigValue(value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", null, ConfigValueKind.Untyped, ConfigSetting.Default),
    };

    public bool TryInteger(out long value)
    {
        value = 0;
        return Kind is ConfigValueKind.Integer or ConfigValueKind.Untyped
            && long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    public bool TryNumber(out double value)
    {
        value = 0;
        return Kind is ConfigValueKind.Integer or ConfigValueKind.Number or ConfigValueKind.Untyped
            && double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    public bool TryFlag(out bool value)
    {
        value = false;
        return Kind is ConfigValueKind.Flag or ConfigValueKind.Untyped && bool.TryParse(Text, out value);
    }

    public bool TryText(out string value)
    {
        value = Text ?? "";
        return Kind is ConfigValueKind.Text or ConfigValueKind.Untyped;
    }

    public bool TryList(out IReadOnlyList<string> value)
    {
        value = List ?? (Text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Kind is ConfigValueKind.List or ConfigValueKind.Untyped;
    }
}
