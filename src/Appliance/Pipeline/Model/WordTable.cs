namespace Blackwall.Pipeline.Model;

/// <summary>Reasons and actors are few words said a million times: each is stored once and named by two bytes.</summary>
internal sealed class WordTable
{
    /// <summary>Stands for every word that found no place.</summary>
    public const string Overflow = "other";

    private readonly Dictionary<string, ushort> _ids = new(StringComparer.Ordinal) { [Overflow] = 0 };
    private readonly List<string> _words = [Overflow];

    public long Overflows { get; private set; }

    public int Count => _words.Count;

    public ushort Intern(string word)
    {
        if (_ids.TryGetValue(word, out ushort id))
        {
            return id;
        }

        if (_words.Count > ushort.MaxValue)
        {
            Overflows++;
            return 0;
        }

        id = (ushort)_words.Count;
        _words.Add(word);
        _ids[word] = id;
        return id;
    }

    /// <summary>Whether the word is there already.</summary>
    public bool TryFind(string word, out ushort id) => _ids.TryGetValue(word, out id);

    /// <summary>Whether there is a place for one more word.</summary>
    public bool HasRoom => _words.Count <= ushort.MaxValue;

    public string this[ushort id] => _words[id];
}
