using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>Compiled expressions that programs use again and again. Bounded.</summary>
internal static class AwkPatterns
{
    private const int Most = 256;
    private static readonly ConcurrentDictionary<string, Regex?> Known = new(StringComparer.Ordinal);

    /// <summary>Null: it is no expression.</summary>
    public static Regex? Get(string pattern)
    {
        if (Known.TryGetValue(pattern, out Regex? known))
        {
            return known;
        }

        Regex? made = Patterns.Compile(pattern, ignoreCase: false);
        if (Known.Count >= Most)
        {
            Known.Clear();
        }

        Known[pattern] = made;
        return made;
    }
}
