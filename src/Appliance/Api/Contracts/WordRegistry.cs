namespace Blackwall.Api.Contracts;

/// <summary>Every closed list of words that the features of this appliance speak, by the name that it has in the API's document.</summary>
internal sealed class WordRegistry
{
    private readonly Dictionary<string, IReadOnlyCollection<string>> _lists = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">Two features declare a list of the same name.</exception>
    public WordRegistry(IEnumerable<KeyValuePair<string, IReadOnlyCollection<string>>> lists)
    {
        foreach ((string name, IReadOnlyCollection<string> words) in lists)
        {
            _lists.Add(name, words);
        }
    }

    /// <exception cref="KeyNotFoundException">No feature declares it.</exception>
    public IReadOnlyCollection<string> Find(string name) => _lists.TryGetValue(name, out IReadOnlyCollection<string>? words)
        ? words
        : throw new KeyNotFoundException($"No feature declares the list of words '{name}'.");
}
