using Blackwall.Pipeline.Board;
using Blackwall.Storage;

namespace Blackwall.Config;

/// <summary>[storage] and [thresholds.ttl]: the board and the journal know nothing of files, so their settings are declared here.</summary>
public static class StorageSettings
{
    public static IReadOnlyList<IConfigSection> Declare()
    {
        BoardOptions board = new();
        StorageOptions storage = new();
        return
        [
            new ConfigSection<StorageOptions>("storage", storage)
                .Text("state_folder", o => o.StateFolder, (o, v) =>
                {
                    o.StateFolder = v;
                    return v.StartsWith('/') && v.Length <= 1024 ? null : "is an absolute path";
                })
                .Integer("max_megabytes", 1, 1_048_576, o => o.MaxMegabytes, (o, v) => o.MaxMegabytes = (int)v)
                .Integer("max_decisions", 1024, 16_777_216, _ => board.MaxDecisions, (_, v) => board.MaxDecisions = (int)v)
                .Integer("history_rows", 0, 10_000_000, o => o.HistoryRows, (o, v) => o.HistoryRows = (int)v)
                .Integer("evidence_rows", 0, 10_000_000, o => o.EvidenceRows, (o, v) => o.EvidenceRows = (int)v)
                .Integer("event_rows", 0, 10_000_000, o => o.EventRows, (o, v) => o.EventRows = (int)v)
                .Integer("retention_days", 1, 3650, o => o.RetentionDays, (o, v) => o.RetentionDays = (int)v),
            new ConfigSection<BoardOptions>("thresholds.ttl", board)
                .Integer("first_seconds", 1, 604_800, o => (long)o.FirstTtl.TotalSeconds, (o, v) => o.FirstTtl = TimeSpan.FromSeconds(v))
                .Integer("escalation", 1, 100, o => o.Escalation, (o, v) => o.Escalation = (int)v)
                .Integer("max_seconds", 1, 2_592_000, o => (long)o.MaxTtl.TotalSeconds, (o, v) => o.MaxTtl = TimeSpan.FromSeconds(v))
                .Integer("memory_seconds", 0, 2_592_000, o => (long)o.Memory.TotalSeconds, (o, v) => o.Memory = TimeSpan.FromSeconds(v))
                .Together(o => o.FirstTtl > o.MaxTtl ? "thresholds.ttl: first_seconds is larger than max_seconds." : null),
        ];
    }
}
