using System.Collections;

namespace Blackwall.Config;

/// <summary>
/// The configuration in force: defaults, then the file, then the environment (BLACKWALL_SECTION__KEY), then the command line.
/// Every key is known and every value in its range, or nothing starts.
/// </summary>
public sealed class ApplianceConfig
{
    private const long MaxFileBytes = 64 * 1024 * 1024;
    private const string EnvironmentPrefix = "BLACKWALL_";
    private static readonly string[] SecretEnds = ["secret", "password", "token", "api_key"];
    private readonly IReadOnlyList<IConfigSection> _sections;
    private readonly IReadOnlyDictionary<string, string> _sources;

    private ApplianceConfig(IReadOnlyList<IConfigSection> sections, IReadOnlyDictionary<string, string> sources)
    {
        _sections = sections;
        _sources = sources;
    }

    /// <summary>Null when something is wrong: then each error is one line that says where, what, and what is allowed.</summary>
    public static ApplianceConfig? TryLoad(CommandLine line, IDictionary environment, IReadOnlyList<IConfigSection> sections, out IReadOnlyList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(environment);
        List<string> found = [];
        errors = found;
        Dictionary<string, ConfigValue> values = ReadFile(line, found);
        foreach (DictionaryEntry variable in environment)
        {
            string name = (string)variable.Key;

            // One underscore belongs to somebody else's variables (BLACKWALL_CLANG of the build).
            if (name.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) && name.Contains("__", StringComparison.Ordinal))
            {
#pragma warning disable CA1308 // Keys are lower case.
                string key = name[EnvironmentPrefix.Length..].Replace("__", ".", StringComparison.Ordinal).ToLowerInvariant();
#pragma warning restore CA1308
                values[key] = new ConfigValue((string?)variable.Value, null, ConfigValueKind.Untyped, $"environment {name}");
            }
        }

        foreach ((string key, string value) in line.Set)
        {
            values[key] = new ConfigValue(value, null, ConfigValueKind.Untyped, $"--set {key}");
        }

        Dictionary<string, IConfigSection> owners = new(StringComparer.Ordinal);
        foreach (IConfigSection section in sections)
        {
            foreach (string key in section.Keys)
            {
                owners.Add($"{section.Name}.{key}", section);
            }
        }

        foreach ((string name, ConfigValue value) in values)
        {
            if (!owners.TryGetValue(name, out IConfigSection? section))
            {
                found.Add($"{value.Source}: there is no setting '{name}'{Suggest(name, owners.Keys)}");
            }
            else if (section.Apply(name[(section.Name.Length + 1)..], value) is { } allowed)
            {
                found.Add($"{value.Source}: '{name}' {allowed}.");
            }
        }

        if (found.Count == 0)
        {
            found.AddRange(sections.Select(section => section.Check()).OfType<string>());
        }

        return found.Count == 0 ? new ApplianceConfig(sections, values.ToDictionary(pair => pair.Key, pair => pair.Value.Source, StringComparer.Ordinal)) : null;
    }

    /// <summary>The options that some section fills, for what must be known before services are.</summary>
    public TOptions Get<TOptions>()
        where TOptions : class => _sections.OfType<ConfigSection<TOptions>>().First().Options;

    /// <summary>Whether file, environment or command line give this setting ("network.mode"), whatever its value.</summary>
    public bool Names(string setting) => _sources.ContainsKey(setting);

    /// <summary>Every setting as it is in force, in order of name. A secret shows only whether there is one.</summary>
    public IReadOnlyList<ConfigSetting> Settings() =>
    [
        .. _sections
            .SelectMany(section => section.Keys.Select(key => (Name: $"{section.Name}.{key}", Value: section.Read(key))))
            .OrderBy(setting => setting.Name, StringComparer.Ordinal)
            .Select(setting => new ConfigSetting(
                setting.Name,
                setting.Value is not null && Array.Exists(SecretEnds, end => setting.Name.EndsWith(end, StringComparison.Ordinal)) ? ConfigSetting.Masked : setting.Value,
                _sources.GetValueOrDefault(setting.Name, ConfigSetting.Default))),
    ];

    /// <summary>Makes every section's options available.</summary>
    public void Register(IServiceCollection services)
    {
        services.AddSingleton(this);
        foreach (IConfigSection section in _sections)
        {
            section.Register(services);
        }
    }

    private static Dictionary<string, ConfigValue> ReadFile(CommandLine line, List<string> errors)
    {
        string name = Path.GetFileName(line.ConfigPath);
        try
        {
            FileInfo file = new(line.ConfigPath);
            if (!file.Exists)
            {
                if (line.ConfigNamed)
                {
                    errors.Add($"{line.ConfigPath}: there is no such file.");
                }

                return [];
            }

            if (file.Length > MaxFileBytes)
            {
                errors.Add($"{line.ConfigPath}: larger than 64 MiB; put long lists into files and name them in rules.blocklist_files.");
                return [];
            }

            return TomlFile.Read(File.ReadAllText(line.ConfigPath), name, errors);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{line.ConfigPath}: cannot be read: {failure.Message}");
            return [];
        }
    }

    private static string Suggest(string name, IEnumerable<string> known)
    {
        (string Key, int Distance) nearest = known.Select(key => (key, Distance(name, key))).DefaultIfEmpty(("", int.MaxValue)).MinBy(pair => pair.Item2);
        return nearest.Distance <= Math.Max(3, name.Length / 3) ? $"; did you mean '{nearest.Key}'?" : ".";
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
