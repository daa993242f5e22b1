using Blackwall.Config;

namespace Blackwall.Logging;

/// <summary>[log]: what the appliance writes about itself and its decisions.</summary>
public sealed class LogOptions
{
    public LogFormat Format { get; set; } = LogFormat.Text;

    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>Whether each decision and its end is a line.</summary>
    public bool Decisions { get; set; } = true;

    /// <summary>File with one line a block and its end; empty: none.</summary>
    public string BanLog { get; set; } = "";

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<LogOptions>("log", "What the appliance writes about itself and its decisions.", new LogOptions())
            .Choice("format", "text is one line an entry; json is one object a line; journald writes to the journal of systemd with each value as a field.", o => o.Format, (o, v) => o.Format = v)
            .Choice("level", "Entries below this level are left out.", o => o.Level, (o, v) => o.Level = v)
            .Flag("decisions", "Whether each decision, lift and expiry is an entry.", o => o.Decisions, (o, v) => o.Decisions = v)
            .Text("ban_log", "Absolute path of a file with one line a block and its end, for log shippers; empty: none. It may be rotated by renaming.", o => o.BanLog, (o, v) =>
            {
                o.BanLog = v;
                return v.Length == 0 || (v.StartsWith('/') && v.Length <= 1024) ? null : "must be an absolute path, or empty for none";
            })
            .Live("level", "decisions"),
    ];
}
