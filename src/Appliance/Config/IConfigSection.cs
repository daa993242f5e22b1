namespace Blackwall.Config;

public interface IConfigSection
{
    string Name { get; }

    /// <summary>What the section is for, one sentence.</summary>
    string About { get; }

    /// <summary>Its settings, in the order of the sample file.</summary>
    IReadOnlyList<SettingDeclaration> Declarations { get; }

    IReadOnlyCollection<string> Keys { get; }

    /// <summary>Null: taken. Else what the value must be, to be read after the key's name.</summary>
    string? Apply(string key, ConfigValue value);

    /// <summary>What the setting is now: null, a whole number, a number, a flag, text or a list of texts.</summary>
    object? Read(string key);

    /// <summary>Null: the settings fit together. Else one sentence that says which do not. Called once all are applied.</summary>
    string? Check();

    /// <summary>Makes the options available as <c>IOptions&lt;T&gt;</c>.</summary>
    void Register(IServiceCollection services);
}
