using Blackwall.Pipeline.Ports;

namespace Blackwall.Composition;

/// <summary>One reading of everything that is counted: each part is asked once, when its first metric is read. Thread-safe.</summary>
internal sealed class MetricScrape(IServiceProvider services)
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, long>> _parts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _once = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>For what is no part of /stats.</summary>
    public IServiceProvider Services => services;

    /// <summary>Something that costs more than it should for each metric: made by the first that asks.</summary>
    public T Once<T>(string name, Func<IServiceProvider, T> read)
        where T : class
    {
        lock (_lock)
        {
            if (!_once.TryGetValue(name, out object? made))
            {
                made = read(services);
                _once[name] = made;
            }

            return (T)made;
        }
    }

    /// <summary>One number of a part; nothing, where this appliance has no such part.</summary>
    public IEnumerable<long> Number(string part, string name) => Part(part).TryGetValue(name, out long number) ? [number] : [];

    /// <summary>The numbers of a part; empty: this appliance has no such part.</summary>
    public IReadOnlyDictionary<string, long> Part(string name)
    {
        lock (_lock)
        {
            if (!_parts.TryGetValue(name, out IReadOnlyDictionary<string, long>? part))
            {
                part = services.GetServices<IStatsSource>().FirstOrDefault(source => string.Equals(source.Name, name, StringComparison.Ordinal))?.Read() ?? new Dictionary<string, long>(StringComparer.Ordinal);
                _parts[name] = part;
            }

            return part;
        }
    }
}
