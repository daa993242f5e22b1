using System.Net;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>Plugins that visitors brought, by address: only their names, so that lists show them. The oldest are forgotten. Thread-safe.</summary>
internal sealed class InstalledPlugins
{
    private const int MostSources = 512;
    private const int MostOfOne = 16;
    private const int LongestSlug = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, List<string>> _bySource = [];
    private readonly Queue<IPAddress> _order = new();

    public static string SlugOf(string fileName)
    {
        string name = new([.. Path.GetFileNameWithoutExtension(fileName).Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')]);
        return name.Length == 0 ? "plugin" : name[..Math.Min(name.Length, LongestSlug)].ToLowerInvariant();
    }

    public void Add(IPAddress source, string slug)
    {
        lock (_lock)
        {
            if (!_bySource.TryGetValue(source, out List<string>? own))
            {
                if (_order.Count == MostSources)
                {
                    _bySource.Remove(_order.Dequeue());
                }

                _order.Enqueue(source);
                _bySource[source] = own = [];
            }

            if (own.Count < MostOfOne && !own.Contains(slug, StringComparer.Ordinal))
            {
                own.Add(slug);
            }
        }
    }

    public IReadOnlyList<string> Find(IPAddress source)
    {
        lock (_lock)
        {
            return _bySource.TryGetValue(source, out List<string>? own) ? [.. own] : [];
        }
    }
}
