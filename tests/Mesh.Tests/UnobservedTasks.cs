using System.Collections.Concurrent;
using Blackwall.Tests.Mesh;
using Xunit;

[assembly: AssemblyFixture(typeof(UnobservedTasks))]

namespace Blackwall.Tests.Mesh;

/// <summary>No task of the mesh fails without anybody looking: whatever peers did in all these tests, none was left behind.</summary>
public sealed class UnobservedTasks : IDisposable
{
    private readonly ConcurrentBag<string> _found = [];

    public UnobservedTasks() => TaskScheduler.UnobservedTaskException += Keep;

    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= Keep;
        Assert.Empty(_found);
    }

    private void Keep(object? sender, UnobservedTaskExceptionEventArgs left)
    {
        string text = left.Exception.ToString();

        // The tests' own peers are left in any state.
        if (text.Contains("Blackwall.Mesh.", StringComparison.Ordinal) && !text.Contains("Blackwall.Tests.", StringComparison.Ordinal))
        {
            _found.Add(text);
        }
    }
}
