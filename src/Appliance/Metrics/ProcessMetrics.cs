using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Blackwall.Composition;

namespace Blackwall.Metrics;

/// <summary>What the process is and uses, under the names that every Prometheus client has for it.</summary>
internal static class ProcessMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Observed(MetricType.Gauge, "blackwall.build.info", "", "What runs; always 1.", _ => [Metric.Value(1, ("version", Version), ("revision", Revision), ("runtime", RuntimeInformation.FrameworkDescription))]),
        Metric.Observed(MetricType.Gauge, "process.start_time", "s", "Start of the process, seconds since 1970.", _ => From(process => new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0)),
        Metric.Observed(MetricType.Counter, "process.cpu", "s", "CPU time of the process.", _ => [Metric.Value(Environment.CpuUsage.TotalTime.TotalSeconds)]),
        Metric.Observed(MetricType.Gauge, "process.resident_memory", "By", "Memory of the process.", _ => [Metric.Value(Environment.WorkingSet)]),
        Metric.Observed(MetricType.Gauge, "process.threads", "{thread}", "Threads of the process.", _ => From(process => process.Threads.Count)),
        Metric.Observed(MetricType.Gauge, "process.open_fds", "{descriptor}", "File descriptors of the process.", _ => From(process => process.HandleCount)),
        Metric.Observed(MetricType.Gauge, "dotnet.heap", "By", "Memory held by managed objects.", _ => [Metric.Value(GC.GetTotalMemory(forceFullCollection: false))]),
        Metric.Observed(MetricType.Counter, "dotnet.collections", "{collection}", "Garbage collections by generation.", _ =>
            Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => Metric.Value(GC.CollectionCount(generation), ("generation", $"{generation}")))),
    ];

    /// <summary>As the assembly has it: "0.2.0+revision".</summary>
    private static string Informational { get; } = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static string Version => Informational.Split('+')[0];

    private static string Revision => Informational.Split('+') is [_, var revision, ..] ? revision : "";

    private static IEnumerable<System.Diagnostics.Metrics.Measurement<double>> From(Func<Process, double> read)
    {
        using Process process = Process.GetCurrentProcess();
        return [Metric.Value(read(process))];
    }
}
