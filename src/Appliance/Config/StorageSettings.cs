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
            new ConfigSection<StorageOptions>("storage", "Where state lies and how much of it is kept.", storage)
                .Text("state_folder", "Absolute path of the folder for everything that survives a restart.", o => o.StateFolder, (o, v) =>
                {
                    o.StateFolder = v;
                    return v.StartsWith('/') && v.Length <= 1024 ? null : "must be an absolute path";
                })
                .Integer("max_megabytes", "Size of the database, MiB.", 1, 1_048_576, o => o.MaxMegabytes, (o, v) => o.MaxMegabytes = (int)v)
                .Integer("max_decisions", "Decisions in force at once.", 1024, 16_777_216, _ => board.MaxDecisions, (_, v) => board.MaxDecisions = (int)v)
                .Integer("history_rows", "Ended decisions that are kept.", 0, 10_000_000, o => o.HistoryRows, (o, v) => o.HistoryRows = (int)v)
                .Integer("evidence_rows", "Pieces of evidence that are kept.", 0, 10_000_000, o => o.EvidenceRows, (o, v) => o.EvidenceRows = (int)v)
                .Integer("event_rows", "Events that are kept.", 0, 10_000_000, o => o.EventRows, (o, v) => o.EventRows = (int)v)
                .Integer("retention_days", "Days for which events, ended decisions and evidence are kept.", 1, 3650, o => o.RetentionDays, (o, v) => o.RetentionDays = (int)v)
                .Live("history_rows", "evidence_rows", "event_rows", "retention_days"),
            new ConfigSection<BoardOptions>("thresholds.ttl", "How long automatic decisions last.", board)
                .Integer("first_seconds", "Seconds of the first block of a source.", 1, 604_800, o => (long)o.FirstTtl.TotalSeconds, (o, v) => o.FirstTtl = TimeSpan.FromSeconds(v))
                .Integer("escalation", "Factor by which each further block is longer.", 1, 100, o => o.Escalation, (o, v) => o.Escalation = (int)v)
                .Integer("max_seconds", "Seconds of the longest block.", 1, 2_592_000, o => (long)o.MaxTtl.TotalSeconds, (o, v) => o.MaxTtl = TimeSpan.FromSeconds(v))
                .Integer("memory_seconds", "Seconds after the end of a block for which a further one counts as a repetition.", 0, 2_592_000, o => (long)o.Memory.TotalSeconds, (o, v) => o.Memory = TimeSpan.FromSeconds(v))
                .Live("first_seconds", "escalation", "max_seconds")
                .Together(o => o.FirstTtl > o.MaxTtl ? "thresholds.ttl: first_seconds is larger than max_seconds." : null),
        ];
    }
}
