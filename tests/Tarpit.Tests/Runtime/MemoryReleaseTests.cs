using Blackwall.Tarpit.Runtime;
using Xunit;

namespace Blackwall.Tarpit.Tests.Runtime;

/// <summary>When memory is given back.</summary>
public sealed class MemoryReleaseTests
{
    private int _collections;

    [Fact]
    public void It_is_given_back_once_when_a_crowd_has_left()
    {
        MemoryRelease memory = new(() => _collections++);
        Check(memory, 0, 500, 2000, 2000, 900, 400);
        Assert.Equal(0, _collections);
        Check(memory, 400);
        Assert.Equal(1, _collections);
        Check(memory, 400, 400, 390, 390);
        Assert.Equal(1, _collections);
        Check(memory, 3, 3);
        Assert.Equal(2, _collections);
    }

    [Fact]
    public void It_is_not_given_back_for_a_few_connections()
    {
        MemoryRelease memory = new(() => _collections++);
        Check(memory, 0, 63, 63, 0, 0, 0, 40, 40, 2, 2);
        Assert.Equal(0, _collections);
    }

    private static void Check(MemoryRelease memory, params int[] open)
    {
        foreach (int count in open)
        {
            memory.Check(count);
        }
    }
}
