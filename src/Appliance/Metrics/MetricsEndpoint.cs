using System.Diagnostics;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Kernel;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blackwall.Metrics;

/// <summary>/metrics: what /stats tells, for Prometheus.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder root) =>
        root.MapGet("/metrics", Read).WithName("readMetrics").Needs(MetricsScopes.Read).WithTags("stats").Produces<string>(StatusCodes.Status200OK, "text/plain");

    /// <summary>Every counter in the Prometheus text format 0.0.4.</summary>
    private static ContentHttpResult Read(IWall wall, VerdictBoard board, IEnumerable<IStatsSource> sources)
    {
        PrometheusText text = new();
        WriteCounters(text, wall.ReadCounters());
        WriteStatus(text, wall.Status);
        WriteBoard(text, board);
        foreach (IStatsSource source in sources)
        {
            foreach ((string name, long value) in source.Read())
            {
                // A source does not say which of its numbers only grow.
                text.Family($"blackwall_{PrometheusText.Snake(source.Name)}_{PrometheusText.Snake(name)}", "untyped", $"{name} of the part {source.Name} in /api/v1/stats.").Sample(value);
            }
        }

        WriteProcess(text);
        return TypedResults.Text(text.ToString(), PrometheusText.ContentType);
    }

    private static void WriteCounters(PrometheusText text, WallCounters counters)
    {
        (string Name, string Help, Func<WallCounters.Row, ulong> Value)[] families =
        [
            ("blackwall_packets_total", "Packets by what became of them.", row => row.Packets),
            ("blackwall_bytes_total", "Bytes by what became of their packets.", row => row.Bytes),
            ("blackwall_would_packets_total", "Packets by what would have become of them, while observing.", row => row.WouldPackets),
            ("blackwall_would_bytes_total", "Bytes by what would have become of their packets, while observing.", row => row.WouldBytes),
        ];
        foreach ((string name, string help, Func<WallCounters.Row, ulong> value) in families)
        {
            text.Family(name, "counter", help);
            foreach (WallCounters.Row row in counters.Reasons)
            {
                text.Sample(value(row), ("reason", Words.Kebab(row.Reason.ToString())));
            }
        }

        text.Family("blackwall_lost_total", "counter", "What got lost inside the kernel programs, by kind.");
        foreach (WallCounters.Loss loss in counters.Losses)
        {
            text.Sample(loss.Count, ("kind", Words.Kebab(loss.Kind.ToString())));
        }
    }

    private static void WriteStatus(PrometheusText text, WallStatus status)
    {
        text.Family("blackwall_wall_info", "gauge", "What the wall is; always 1.").Sample(
            1,
            ("interface", status.Interface),
            ("mode", Words.Kebab(status.Mode.ToString())),
            ("attach_mode", status.AttachMode ?? ""),
            ("egress_mode", status.EgressMode ?? ""),
            ("fallback", status.Fallback ?? ""),
            ("adopted", status.Adopted ? "true" : "false"));
        text.Family("blackwall_wall_up", "gauge", "1 while the wall is attached and without a fault.").Sample(status is { AttachMode: not null, Fault: null } ? 1 : 0);
        text.Family("blackwall_policy_generation", "gauge", "Policy generation in force.").Sample(status.Generation);
    }

    private static void WriteBoard(PrometheusText text, VerdictBoard board)
    {
        IReadOnlyDictionary<string, long> sizes = new BoardStats(board).Read();
        text.Family("blackwall_decisions", "gauge", "Decisions in force by who decided.");
        foreach ((string word, Origin origin) in Words.Origins)
        {
            text.Sample(sizes[$"of{origin}"], ("origin", word));
        }

        text.Family("blackwall_verdicts", "gauge", "Decisions in force by verdict.");
        foreach ((string word, Verdict verdict) in Words.Verdicts)
        {
            text.Sample(sizes[$"to{verdict}"], ("verdict", word));
        }
    }

    private static void WriteProcess(PrometheusText text)
    {
        using Process process = Process.GetCurrentProcess();
        text.Family("process_start_time_seconds", "gauge", "Start of the process, seconds since 1970.").Sample(new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        text.Family("process_cpu_seconds_total", "counter", "CPU time of the process.").Sample(Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Memory of the process.").Sample(Environment.WorkingSet);
        text.Family("process_threads", "gauge", "Threads of the process.").Sample(process.Threads.Count);
        text.Family("process_open_fds", "gauge", "File descriptors of the process.").Sample(process.HandleCount);
        text.Family("dotnet_heap_bytes", "gauge", "Memory held by managed objects.").Sample(GC.GetTotalMemory(forceFullCollection: false));
        text.Family("dotnet_collections_total", "counter", "Garbage collections by generation.");
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            text.Sample(GC.CollectionCount(generation), ("generation", $"{generation}"));
        }
    }
}
