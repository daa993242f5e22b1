namespace Blackwall.Composition;

/// <summary>How a metric is to be read.</summary>
internal enum MetricType
{
    /// <summary>Only grows, from zero at the start of the process.</summary>
    Counter,

    /// <summary>Stands at a value that goes up and down.</summary>
    Gauge,

    /// <summary>How many observations lie below each of some bounds.</summary>
    Histogram,
}
