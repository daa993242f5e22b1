using Blackwall.Config;

namespace Blackwall.Api.Auditing;

/// <summary>[audit]: how much of the audit log is kept.</summary>
public sealed class AuditOptions
{
    /// <summary>Rows; 1000..10,000,000.</summary>
    public int MaxRows { get; set; } = 100_000;

    /// <summary>Days; 1..3650.</summary>
    public int RetentionDays { get; set; } = 365;

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<AuditOptions>("audit", "The log of who changed what.", new AuditOptions())
            .Integer("max_rows", "Entries that are kept.", 1000, 10_000_000, o => o.MaxRows, (o, v) => o.MaxRows = (int)v)
            .Integer("retention_days", "Days for which they are kept.", 1, 3650, o => o.RetentionDays, (o, v) => o.RetentionDays = (int)v)
            .LiveExcept(),
    ];
}
