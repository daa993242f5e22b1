namespace Blackwall.Storage;

/// <summary>Where state lies and how much of it is kept.</summary>
public sealed class StorageOptions
{
    /// <summary>Folder for everything that survives a restart; made with mode 0700.</summary>
    public string StateFolder { get; set; } = "/var/lib/blackwall";

    /// <summary>Largest size of the database, MiB; 1..1,048,576.</summary>
    public int MaxMegabytes { get; set; } = 4096;

    /// <summary>How many ended decisions are kept; 0..10,000,000.</summary>
    public int HistoryRows { get; set; } = 200_000;

    /// <summary>How many pieces of evidence are kept; 0..10,000,000.</summary>
    public int EvidenceRows { get; set; } = 500_000;

    /// <summary>How many events are kept; 0..10,000,000.</summary>
    public int EventRows { get; set; } = 200_000;

    /// <summary>How long events, ended decisions and evidence are kept; 1..3650 days.</summary>
    public int RetentionDays { get; set; } = 30;

    public string DatabasePath => Path.Combine(StateFolder, "blackwall.db");
}
