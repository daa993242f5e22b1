namespace Blackwall.Api.Keys;

/// <summary>What a key may do. Every operation declares the one that it needs.</summary>
[Flags]
internal enum Scopes
{
    None = 0,
    DecisionsRead = 1 << 0,
    DecisionsWrite = 1 << 1,
    RulesRead = 1 << 2,
    RulesWrite = 1 << 3,
    SourcesRead = 1 << 4,
    StatsRead = 1 << 5,
    EventsRead = 1 << 6,
    ConfigRead = 1 << 7,
    MetricsRead = 1 << 8,
    AuditRead = 1 << 9,
    KeysRead = 1 << 10,
    KeysWrite = 1 << 11,

    ChangesRead = 1 << 12,
    ChangesWrite = 1 << 13,
    FingerprintsRead = 1 << 14,
    FingerprintsWrite = 1 << 15,

    /// <summary>Captures hold what people sent; no role that only looks on has it.</summary>
    CapturesRead = 1 << 16,
    CapturesWrite = 1 << 17,

    /// <summary>Everything, also what is added later.</summary>
    Admin = 1 << 30,
}
