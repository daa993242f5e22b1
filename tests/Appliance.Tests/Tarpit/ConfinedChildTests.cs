using Blackwall.Kernel.Interop;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>What starting a process in namespaces of its own does to the thread that starts it.</summary>
public sealed class ConfinedChildTests
{
    [Fact]
    public void The_thread_that_started_a_process_can_start_threads()
    {
        // The runtime starts threads from any thread, and ends the program where that fails.
        bool hasRun = false;
        int status = -1;
        Thread starter = new(() =>
        {
            int process = ConfinedChild.Start("/bin/true", [], [], []);
            Thread inner = new(() => hasRun = true);
            inner.Start();
            inner.Join();
            status = ConfinedChild.Wait(process);
        });
        starter.Start();
        starter.Join();
        Assert.True(hasRun);
        Assert.Equal(0, status);
    }
}
