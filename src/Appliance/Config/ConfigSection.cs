using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Blackwall.Config;

/// <summary>
/// A section of blackwall.toml: its keys, what each may be, and the options object that they fill. A feature declares its own.
/// </summary>
/// <param name="name">As between the brackets: "network", "kernel.limits.syn".</param>
/// <param name="about">What the section is for, one sentence.</param>
/// <param name="options">Filled in place; holds the defaults. Several sections may fill one object.</param>
public sealed class ConfigSection<TOptions>(string name, string about, TOptions options) : IConfigSection
    where TOptions : class
{
    private readonly Dictionary<string, (Func<object?> Read, Func<ConfigValue, string?> Apply)> _settings = new(StringComparer.Ordinal);
    private readonly List<SettingDeclaration> _declarations = [];

    private Func<TOptions, string?>? _check;

    public string Name => name;

    public string About => about;

    public IReadOnlyList<SettingDeclaration> Declarations => _declarations;

    /// <summary>What the settings fill.</summary>
    public TOptions Options => options;

    public IReadOnlyCollection<string> Keys => _settings.Keys;

    public string? Apply(string key, ConfigValue value) => _settings[key].Apply(value);

    public object? Read(string key) => _settings[key].Read();

    public string? Check() => _check?.Invoke(options);

    public void Register(IServiceCollection services) => services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));

    public ConfigSection<TOptions> Integer(string key, string help, long min, long max, Func<TOptions, long?> get, Action<TOptions, long> set) => Add(key, help, string.Create(CultureInfo.InvariantCulture, $"whole number within {min}..{max}"), () => get(options), value =>
    {
        if (!value.TryInteger(out long number) || number < min || number > max)
        {
            return string.Create(CultureInfo.InvariantCulture, $"must be a whole number within {min}..{max}");
        }

        set(options, number);
        return null;
    });

    public ConfigSection<TOptions> Number(string key, string help, double min, double max, Func<TOptions, double> get, Action<TOptions, double> set) => Add(key, help, string.Create(CultureInfo.InvariantCulture, $"number within {min}..{max}"), () => get(options), value =>
    {
        if (!value.TryNumber(out double number) || number < min || number > max)
        {
            return string.Create(CultureInfo.InvariantCulture, $"must be a number within {min}..{max}");
        }

        set(options, number);
        return null;
    });

    public ConfigSection<TOptions> Flag(string key, string help, Func<TOptions, bool> get, Action<TOptions, bool> set) => Add(key, help, "true or false", () => get(options), value =>
    {
        if (!value.TryFlag(out bool flag))
        {
            return "must be true or false";
        }

        set(options, flag);
        return null;
    });

    /// <summary>One word of several, lower case.</summary>
    public ConfigSection<TOptions> Choice<TEnum>(string key, string help, Func<TOptions, TEnum> get, Action<TOptions, TEnum> set)
        where TEnum : struct, Enum => Add(key, help, $"one of {string.Join(", ", Enum.GetNames<TEnum>().Select(Word))}", () => Word($"{get(options)}"), value =>
    {
        string[] words = Enum.GetNames<TEnum>();
        if (!value.TryText(out string text) || Array.Find(words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase)) is not { } word)
        {
            return $"must be one of {string.Join(", ", words.Select(Word))}";
        }

        set(options, Enum.Parse<TEnum>(word));
        return null;
    });

    /// <summary>Text; <paramref name="set"/> returns what it has to be ("is an interface name of 1..15 characters") when it is not.</summary>
    public ConfigSection<TOptions> Text(string key, string help, Func<TOptions, string?> get, Func<TOptions, string, string?> set) =>
        Add(key, help, "text", () => get(options), value => value.TryText(out string text) ? set(options, text) : "must be text in quotes");

    /// <summary>A list of texts; <paramref name="set"/> returns what it has to be when it is not.</summary>
    public ConfigSection<TOptions> List(string key, string help, Func<TOptions, IReadOnlyList<string>> get, Func<TOptions, IReadOnlyList<string>, string?> set) =>
        Add(key, help, "list of texts", () => get(options), value => value.TryList(out IReadOnlyList<string> list) ? set(options, list) : "must be a list of texts: [\"...\", \"...\"]");

    /// <summary>
    /// Makes a setting of every property that has a <see cref="DescriptionAttribute"/>: ScanPorts is scan_ports. Numbers have a <see cref="RangeAttribute"/>.
    /// </summary>
    public ConfigSection<TOptions> Annotated()
    {
        foreach (PropertyInfo property in typeof(TOptions).GetProperties())
        {
            if (property.GetCustomAttribute<DescriptionAttribute>()?.Description is not { } help)
            {
                continue;
            }

            string key = Snake(property.Name);
            RangeAttribute? range = property.GetCustomAttribute<RangeAttribute>();
            if (property.PropertyType.IsEnum)
            {
                Add(key, help, $"one of {Choices(property)}", () => Snake($"{property.GetValue(options)}").Replace('_', '-'), value => SetChoice(property, value));
            }
            else if (property.PropertyType == typeof(bool))
            {
                Flag(key, help, o => (bool)property.GetValue(o)!, (o, v) => property.SetValue(o, v));
            }
            else if (property.PropertyType == typeof(double))
            {
                Number(key, help, Convert.ToDouble(range!.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture), o => (double)property.GetValue(o)!, (o, v) => property.SetValue(o, v));
            }
            else
            {
                Integer(
                    key,
                    help,
                    Convert.ToInt64(range!.Minimum, CultureInfo.InvariantCulture),
                    Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture),
                    o => Convert.ToInt64(property.GetValue(o), CultureInfo.InvariantCulture),
                    (o, v) => property.SetValue(o, Convert.ChangeType(v, property.PropertyType, CultureInfo.InvariantCulture)));
            }
        }

        return this;
    }

    private string? SetChoice(PropertyInfo property, ConfigValue value)
    {
        string[] names = Enum.GetNames(property.PropertyType);
        if (!value.TryText(out string text) || Array.Find(names, n => Snake(n).Replace('_', '-').Equals(text, StringComparison.Ordinal)) is not { } name)
        {
            return $"must be one of {Choices(property)}";
        }

        property.SetValue(options, Enum.Parse(property.PropertyType, name));
        return null;
    }

    private ConfigSection<TOptions> Mark(Predicate<SettingDeclaration> isLive)
    {
        for (int i = 0; i < _declarations.Count; i++)
        {
            _declarations[i] = _declarations[i] with { IsLive = _declarations[i].IsLive || isLive(_declarations[i]) };
        }

        return this;
    }

    private static string Choices(PropertyInfo property) => string.Join(", ", Enum.GetNames(property.PropertyType).Select(name => Snake(name).Replace('_', '-')));

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>Marks settings that a reload takes up: whoever uses them reads the options each time, or is told.</summary>
    public ConfigSection<TOptions> Live(params string[] keys) => Mark(setting => keys.Contains(setting.Key, StringComparer.Ordinal));

    /// <summary>Marks every setting so far but these.</summary>
    public ConfigSection<TOptions> LiveExcept(params string[] keys) => Mark(setting => !keys.Contains(setting.Key, StringComparer.Ordinal));

    /// <summary>What settings have to be to each other; the function returns a whole sentence when they are not.</summary>
    public ConfigSection<TOptions> Together(Func<TOptions, string?> check)
    {
        _check = check;
        return this;
    }

#pragma warning disable CA1308 // The file's words are lower case.
    private static string Word(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    private ConfigSection<TOptions> Add(string key, string help, string allowed, Func<object?> read, Func<ConfigValue, string?> apply)
    {
        _settings.Add(key, (read, apply));
        _declarations.Add(new SettingDeclaration(name, key, help, allowed, read(), IsLive: false));
        return this;
    }
}
