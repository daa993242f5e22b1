namespace Blackwall.Tarpit.Shell;

/// <summary>What the machine remembers of all logins: for "Last login", process numbers and the history of one visitor. Thread-safe.</summary>
internal sealed class VisitorMemory
{
    private readonly Lock _lock = new();
    private int _processes;
    private (DateTimeOffset When, string From)? _last;

    public int NextProcess() => Interlocked.Increment(ref _processes);

    /// <summary>Records a login; gives the one before it.</summary>
    public (DateTimeOffset When, string From)? RecordLogin(DateTimeOffset now, string from)
    {
        lock (_lock)
        {
            (DateTimeOffset When, string From)? before = _last;
            _last = (now, from);
            return before;
        }
    }
}
