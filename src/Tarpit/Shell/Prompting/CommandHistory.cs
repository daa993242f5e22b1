using System.Collections;

namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>Lines that were typed, the oldest first. Their numbers go on when old ones give way.</summary>
internal sealed class CommandHistory : IReadOnlyList<string>
{
    private const int Most = 1000;

    private readonly List<string> _lines = [];

    /// <summary>The number of the first one.</summary>
    public int First { get; private set; } = 1;

    /// <summary>The number that the next one gets.</summary>
    public int Next => First + _lines.Count;

    /// <summary>How many of them, from the first, the file has already.</summary>
    public int Saved { get; set; }

    public int Count => _lines.Count;

    public string this[int index] => _lines[index];

    public void Add(string line)
    {
        _lines.Add(line);
        Trim(Most);
    }

    public void AddRange(IEnumerable<string> lines)
    {
        _lines.AddRange(lines);
        Trim(Most);
    }

    /// <summary>Keeps the last ones.</summary>
    public void Trim(int most)
    {
        int gone = Math.Max(0, _lines.Count - Math.Max(0, most));
        _lines.RemoveRange(0, gone);
        First += gone;
        Saved = Math.Max(0, Saved - gone);
    }

    public void RemoveRange(int index, int count)
    {
        _lines.RemoveRange(index, count);
        Saved -= Math.Clamp(Saved - index, 0, count);
    }

    public void Clear()
    {
        _lines.Clear();
        (First, Saved) = (1, 0);
    }

    public IEnumerator<string> GetEnumerator() => _lines.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
