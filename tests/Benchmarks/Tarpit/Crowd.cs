namespace Blackwall.Benchmarks.Tarpit;

/// <summary>Does the same many times, so many at once.</summary>
internal static class Crowd
{
    public static async Task<List<T>> RunAsync<T>(int count, int atOnce, Func<int, Task<T>> run)
    {
        T[] results = new T[count];
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, count)).Select(_ => Task.Run(async () =>
        {
            int number;
            while ((number = Interlocked.Increment(ref next)) < count)
            {
                results[number] = await run(number);
            }
        })));
        return [.. results];
    }
}
