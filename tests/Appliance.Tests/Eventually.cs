using Xunit;

namespace Blackwall.Tests;

/// <summary>Waits for what comes about by itself. What never does fails the test instead of holding up the run.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Reads until the value is right, and returns it.</summary>
    public static Task<T> Reads<T>(Func<T> read, Predicate<T> isRight) => ReadsAsync(() => Task.FromResult(read()), isRight);

    /// <summary>Reads until the value is right, and returns it.</summary>
    public static async Task<T> ReadsAsync<T>(Func<Task<T>> read, Predicate<T> isRight)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            T value = await read();
            if (isRight(value))
            {
                return value;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, $"It never came about; last: {value}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until it is so.</summary>
    public static Task Is(Func<bool> isSo) => Reads(isSo, so => so);
}
