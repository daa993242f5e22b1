namespace Blackwall.Config;

public interface IConfigSection
{
    string Name { get; }

    IReadOnlyCollection<string> Keys { get; }

    /// <summary>Null: taken. Else what the value has to be, to be read after the key's name.</summary>
    string? Apply(string key, ConfigValue value);

    /// <summary>Null: the settings fit together. Else one sentence that says which do not. Called once all are applied.</summary>
    string? Check();

    /// <summary>Makes the options available as <c>IOptions&lt;T&gt;</c>.</summary>
    void Register(IServiceCollection services);
}
