using Blackwall.Config;

namespace Blackwall.Sessions;

/// <summary>[sessions]: how much is kept of what the tarpit saw.</summary>
public sealed class SessionOptions
{
    /// <summary>Records and files together; the oldest sessions make room. 16..1,048,576 MiB.</summary>
    public int MaxTotalMegabytes { get; set; } = 1024;

    /// <summary>Sessions that are kept; 100..1,000,000.</summary>
    public int MaxSessions { get; set; } = 20_000;

    /// <summary>How long a session is kept after its end; 0..3650, 0: until there is no room.</summary>
    public int MaxDays { get; set; }

    /// <summary>Events and terminal of one session; 1..1024 MiB.</summary>
    public int MaxSessionMegabytes { get; set; } = 16;

    /// <summary>One log of Cowrie's format; eight of them are kept. 1..1024 MiB.</summary>
    public int MaxLogMegabytes { get; set; } = 16;

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<SessionOptions>("sessions", "What is kept of sessions in the tarpit.", new SessionOptions())
            .Integer("max_total_megabytes", "Records and files together, MiB; the oldest sessions make room.", 16, 1_048_576, o => o.MaxTotalMegabytes, (o, v) => o.MaxTotalMegabytes = (int)v)
            .Integer("max_sessions", "Sessions that are kept.", 100, 1_000_000, o => o.MaxSessions, (o, v) => o.MaxSessions = (int)v)
            .Integer("max_days", "How long a session is kept after its end, with the files that only it has; 0: until there is no room.", 0, 3650, o => o.MaxDays, (o, v) => o.MaxDays = (int)v)
            .Integer("max_session_megabytes", "Events and terminal of one session, MiB.", 1, 1024, o => o.MaxSessionMegabytes, (o, v) => o.MaxSessionMegabytes = (int)v)
            .Integer("max_log_megabytes", "One log in the format of Cowrie, MiB; eight of them are kept.", 1, 1024, o => o.MaxLogMegabytes, (o, v) => o.MaxLogMegabytes = (int)v)
            .LiveExcept(),
    ];
}
