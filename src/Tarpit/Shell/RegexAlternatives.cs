using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>
/// Alternatives of a regular expression. POSIX takes the longest that fits, .NET the first: so one that is the beginning of another comes
/// behind it. Groups keep their numbers, so alternatives that hold any stay where they are.
/// </summary>
internal sealed class RegexAlternatives
{
    private readonly Stack<List<int>> _open = new();

    public RegexAlternatives() => Open(0);

    /// <summary>A group begins, or the expression; its text begins here.</summary>
    public void Open(int start) => _open.Push([start]);

    /// <summary>An alternative ended; the next one begins here, behind the bar.</summary>
    public void Next(int start) => _open.Peek().Add(start);

    /// <summary>The group ends where the text ends.</summary>
    public void Close(StringBuilder made)
    {
        List<int> starts = _open.Pop();
        if (starts.Count == 1)
        {
            return;
        }

        List<string> parts = [];
        for (int i = 0; i < starts.Count; i++)
        {
            parts.Add(made.ToString(starts[i], (i + 1 < starts.Count ? starts[i + 1] - 1 : made.Length) - starts[i]));
        }

        if (parts.Exists(part => part.Contains('(', StringComparison.Ordinal)))
        {
            return;
        }

        List<string> ordered = [];
        foreach (string part in parts)
        {
            int shorter = ordered.FindIndex(other => part.Length > other.Length && part.StartsWith(other, StringComparison.Ordinal));
            ordered.Insert(shorter < 0 ? ordered.Count : shorter, part);
        }

        made.Length = starts[0];
        made.AppendJoin('|', ordered);
    }
}
