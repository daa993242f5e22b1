namespace Blackwall.Kernel.Policy;

/// <summary>
/// A write to a map of maps comes back only when no packet can still see the old map (synchronize_rcu): 10 ms and more each. Writers that
/// wait at the same time wait for the same moment, so a generation's eight writes together take little longer than one.
/// </summary>
internal static class GracePeriod
{
    /// <summary>Makes all writes, each on a thread of its own; the first failure is thrown when all are done.</summary>
    public static void Share(IEnumerable<Action> writes)
    {
        Task[] waits = [.. writes.Select(write => Task.Factory.StartNew(write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WhenAll(waits).GetAwaiter().GetResult();
    }
}
