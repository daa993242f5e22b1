using Xunit;

namespace Blackwall.Tests;

/// <summary>Waits for what comes about by itself; the time limit of the test ends what never does.</summary>
internal static class Eventually
{
    /// <summary>Reads until the value is right, and returns it.</summary>
    public static async Task<T> Reads<T>(Func<T> read, Predicate<T> isRight)
    {
        for (T value = read(); ; value = read())
        {
            if (isRight(value))
            {
                return value;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
