using Blackwall.Pipeline.Time;

namespace Blackwall.Api.Auditing;

/// <summary>
/// Which key read which payload lately. A client that polls, as the console does, leaves one entry every ten minutes in the audit log, not one for each
/// request, which would push out who changed what. Thread-safe.
/// </summary>
internal sealed class RecentReads(TimeProvider time)
{
    private const int Most = 4096;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly RecentlySeen<(long Key, string Path)> _seen = new(Window, Most, time);

    /// <summary>Whether this key did not read this lately. Notes it.</summary>
    public bool IsFirst(long key, string path) => _seen.IsFirst((key, path));
}
