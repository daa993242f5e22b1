using System.Collections;

namespace Blackwall.Config;

/// <summary>
/// The configuration in force: defaults, then the file, then the environment (BLACKWALL_SECTION__KEY), then the command line.
/// Every key is known and every value in its range, or nothing starts.
/// </summary>
public sealed class ApplianceConfig
{
    private const long MaxFileBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private const string EnvironmentPrefix = "BLACKWALL_";
    private static readonly string[] SecretEnds = ["secret", "password", "token", "api_key", "canaries", "webhook"];
    private readonly IReadOnlyList<IConfigSection> _sections;
    private volatile IReadOnlyDictionary<string, string> _sources;

    private ApplianceConfig(CommandLine line, IReadOnlyList<IConfigSection> sections, IReadOnlyDictionary<string, string> sources)
    {
        Line = line;
        _sections = sections;
        _sources = sources;
    }

    /// <summary>What it was read from.</summary>
    public CommandLine Line { get; }

    /// <summary>What every setting is, in the order of the features.</summary>
    public IReadOnlyList<IConfigSection> Sections => _sections;

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
                found.Add($"{value.Source}: '{name}' {allowed}{Got(name, value, allowed)}.");
            }
        }

        if (found.Count == 0)
        {
            found.AddRange(sections.Select(section => section.Check()).OfType<string>());
        }

        return found.Count == 0 ? new ApplianceConfig(line, sections, values.ToDictionary(pair => pair.Key, pair => pair.Value.Source, StringComparer.Ordinal)) : null;
    }

    /// <summary>The options that some section fills, for what must be known before services are.</summary>
    public TOptions Get<TOptions>()
        where TOptions : class => _sections.OfType<ConfigSection<TOptions>>().First().Options;

    /// <summary>Whether file, environment or command line give this setting ("network.mode"), whatever its value.</summary>
    public bool Names(string setting) => _sources.ContainsKey(setting);

    /// <summary>Where a setting was given: "blackwall.toml:12", "environment BLACKWALL_X__Y" or "--set x.y"; null: nowhere.</summary>
    public string? SourceOf(string setting) => _sources.GetValueOrDefault(setting);

    /// <summary>Every setting as it is in force, in order of name. A secret shows only whether there is one.</summary>
    public IReadOnlyList<ConfigSetting> Settings() =>
    [
        .. _sections
            .SelectMany(section => section.Keys.Select(key => (Name: $"{section.Name}.{key}", Value: section.Read(key))))
            .OrderBy(setting => setting.Name, StringComparer.Ordinal)
            .Select(setting => new ConfigSetting(
                setting.Name,
                setting.Value is not null && IsSecret(setting.Name) ? ConfigSetting.Masked : setting.Value,
                _sources.GetValueOrDefault(setting.Name, ConfigSetting.Default))),
    ];

    /// <summary>
    /// Takes the values of live settings from a configuration that was read anew, into the options that everybody holds. A value that needs a restart
    /// is named and left.
    /// </summary>
    public ReloadResult TakeLive(ApplianceConfig fresh)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        List<string> changed = [];
        List<string> waiting = [];
        List<string> errors = [];
        Dictionary<string, IConfigSection> others = fresh._sections.ToDictionary(section => section.Name, StringComparer.Ordinal);
        foreach (IConfigSection section in _sections)
        {
            IConfigSection other = others[section.Name];
            foreach (SettingDeclaration setting in section.Declarations)
            {
                object? value = other.Read(setting.Key);
                bool differs = !IsSame(section.Read(setting.Key), value);
                if (differs)
                {
                    (setting.IsLive ? changed : waiting).Add(setting.Name);
                }

                // What names a file is applied though its name is the same: the file may be another.
                if (setting.IsLive && (differs || value is string) && section.Apply(setting.Key, ConfigValue.From(value)) is { } wrong)
                {
                    errors.Add($"'{setting.Name}' {wrong}.");
                }
            }
        }

        _sources = fresh._sources;
        return new ReloadResult(changed, waiting, errors);
    }

    /// <summary>Makes every section's options available.</summary>
    public void Register(IServiceCollection services)
    {
        services.AddSingleton(this);
        foreach (IConfigSection section in _sections)
        {
            section.Register(services);
        }
    }

    private static bool IsSame(object? left, object? right) =>
        left is IReadOnlyList<string> list ? right is IReadOnlyList<string> other && list.SequenceEqual(other, StringComparer.Ordinal) : Equals(left, right);

    private static Dictionary<string, ConfigValue> ReadFile(CommandLine line, List<string> errors)
    {
        string name = Path.GetFileName(line.ConfigPath);
        try
        {
            FileInfo file = new(line.ConfigPath);
            if (!file.Exists)
            {
                if (Directory.Exists(line.ConfigPath))
                {
                    errors.Add($"{line.ConfigPath}: is a folder.");
                }
                else if (line.ConfigNamed)
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

            // A pipe in its place would never be read to its end.
            Task<string> read = Task.Run(() => File.ReadAllText(line.ConfigPath));
            if (!read.Wait(s_patience))
            {
                errors.Add($"{line.ConfigPath}: cannot be read to its end within {s_patience.TotalSeconds:0} seconds; it must be a regular file.");
                return [];
            }

            return TomlFile.Read(read.Result, name, errors);
        }
        catch (Exception failure) when ((failure is AggregateException whole ? whole.InnerException : failure) is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{line.ConfigPath}: cannot be read: {(failure.InnerException ?? failure).Message}");
            return [];
        }
    }

    // A sentence that names what is wrong already needs no more; a secret is never shown.
    private static string Got(string name, ConfigValue value, string allowed) =>
        value.Text is { Length: <= 80 } text && !IsSecret(name) && !allowed.Contains(';', StringComparison.Ordinal) && !allowed.Contains('\'', StringComparison.Ordinal) ? $"; got '{text}'" : "";

    private static bool IsSecret(string name) => Array.Exists(SecretEnds, end => name.EndsWith(end, StringComparison.Ordinal));

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
