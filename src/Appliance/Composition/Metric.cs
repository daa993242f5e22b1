using System.Diagnostics.Metrics;

namespace Blackwall.Composition;

/// <summary>
/// A metric that a feature declares. Names have dots ("blackwall.store.commits"); exported to Prometheus they have underscores, the unit and, for a
/// counter, "_total" (blackwall_store_commits_total).
/// </summary>
/// <param name="Name">Lower case words, dots and underscores between; unique among all features.</param>
/// <param name="Type">How it is to be read.</param>
/// <param name="Unit">UCUM: "By", "s", or what is counted in braces: "{packet}".</param>
/// <param name="Help">One sentence.</param>
/// <param name="Read">Its values at this moment, one for each set of labels; a histogram has none.</param>
internal sealed record Metric(string Name, MetricType Type, string Unit, string Help, Func<MetricScrape, IEnumerable<Measurement<double>>> Read)
{
    /// <summary>Bounds of a histogram's buckets, ascending.</summary>
    public IReadOnlyList<double> Bounds { get; init; } = [];

    /// <summary>The part of /stats whose numbers it tells; empty: none.</summary>
    public string Part { get; init; } = "";

    /// <summary>Whether it tells a number of that part.</summary>
    public Func<string, bool> Tells { get; init; } = _ => false;

    /// <summary>One number of a part, that only grows.</summary>
    public static Metric Counter(string name, string unit, string help, string part, string field) => From(MetricType.Counter, name, unit, help, part, field);

    /// <summary>One number of a part, that goes up and down.</summary>
    public static Metric Gauge(string name, string unit, string help, string part, string field) => From(MetricType.Gauge, name, unit, help, part, field);

    /// <summary>Several numbers of a part as one metric, told apart by a label.</summary>
    /// <param name="type">Counter or gauge.</param>
    /// <param name="name">As of the metric.</param>
    /// <param name="unit">As of the metric.</param>
    /// <param name="help">As of the metric.</param>
    /// <param name="part">Whose numbers they are.</param>
    /// <param name="label">Name of the label.</param>
    /// <param name="fields">Each number with its value of the label.</param>
    public static Metric Several(MetricType type, string name, string unit, string help, string part, string label, params IReadOnlyList<(string Field, string Value)> fields) =>
        new(name, type, unit, help, scrape => fields.SelectMany(field => scrape.Number(part, field.Field).Select(number => Value(number, label, field.Value))))
        {
            Part = part,
            Tells = name => fields.Any(field => string.Equals(field.Field, name, StringComparison.Ordinal)),
        };

    /// <summary>All numbers of a part whose names begin and end alike as one metric; what lies between is the label's value.</summary>
    /// <param name="type">Counter or gauge.</param>
    /// <param name="name">As of the metric.</param>
    /// <param name="unit">As of the metric.</param>
    /// <param name="help">As of the metric.</param>
    /// <param name="part">Whose numbers they are.</param>
    /// <param name="label">Name of the label.</param>
    /// <param name="beginning">How their names begin; a capital letter follows, unless it is empty.</param>
    /// <param name="end">How their names end.</param>
    /// <param name="word">Makes the label's value of what lies between; null: "RateLimit" is "rate-limit".</param>
    public static Metric All(MetricType type, string name, string unit, string help, string part, string label, string beginning, string end = "", Func<string, string>? word = null)
    {
        bool Tells(string field) => field.Length > beginning.Length + end.Length && field.StartsWith(beginning, StringComparison.Ordinal) && field.EndsWith(end, StringComparison.Ordinal)
            && (beginning.Length == 0 || char.IsAsciiLetterUpper(field[beginning.Length]));
        word ??= Api.Contracts.Words.Kebab;
        return new Metric(name, type, unit, help, scrape => scrape.Part(part).Where(pair => Tells(pair.Key)).Select(pair => Value(pair.Value, label, word(pair.Key[beginning.Length..^end.Length]))))
        {
            Part = part,
            Tells = Tells,
        };
    }

    /// <summary>Something that no part of /stats tells.</summary>
    public static Metric Observed(MetricType type, string name, string unit, string help, Func<MetricScrape, IEnumerable<Measurement<double>>> read) => new(name, type, unit, help, read);

    /// <summary>Observations, recorded through <see cref="On"/>.</summary>
    public static Metric Histogram(string name, string unit, string help, params IReadOnlyList<double> bounds) => new(name, MetricType.Histogram, unit, help, _ => []) { Bounds = bounds };

    /// <summary>A value with a label.</summary>
    public static Measurement<double> Value(double value, params ReadOnlySpan<(string Label, string Value)> labels)
    {
        KeyValuePair<string, object?>[] tags = new KeyValuePair<string, object?>[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            tags[i] = KeyValuePair.Create(labels[i].Label, (object?)labels[i].Value);
        }

        return new Measurement<double>(value, tags);
    }

    /// <summary>The instrument that a histogram is recorded with; the same one each time.</summary>
    public Histogram<double> On(Meter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.CreateHistogram(Name, Unit, Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
    }

    private static Measurement<double> Value(double value, string label, string word) => Value(value, (label, word));

    private static Metric From(MetricType type, string name, string unit, string help, string part, string field) =>
        new(name, type, unit, help, scrape => scrape.Number(part, field).Select(number => new Measurement<double>(number)))
        {
            Part = part,
            Tells = name => string.Equals(field, name, StringComparison.Ordinal),
        };
}
