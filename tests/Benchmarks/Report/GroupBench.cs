namespace Blackwall.Benchmarks.Report;

/// <summary>Runs the groups of one subject that were asked for, and prints their figures.</summary>
internal static class GroupBench
{
    /// <param name="subject">As "bench" takes it: "mesh", "tarpit".</param>
    /// <param name="all">Its groups, in order.</param>
    /// <param name="arguments">What follows the subject.</param>
    public static async Task<int> RunAsync(string subject, IReadOnlyList<IFigureGroup> all, IReadOnlyList<string> arguments)
    {
        if (BenchOptions.Parse(arguments) is not { } options || (options.Only is { } only && !all.Any(group => string.Equals(group.Name, only, StringComparison.Ordinal))))
        {
            await Console.Error.WriteLineAsync($"usage: blackwall bench {subject} [--json] [--quick] [--only {string.Join('|', all.Select(group => group.Name))}]");
            return 2;
        }

        FigureBook book = new();
        foreach (IFigureGroup group in all.Where(group => options.Only is null || string.Equals(group.Name, options.Only, StringComparison.Ordinal)))
        {
            book.Begin(group.Title);
            try
            {
                await group.MeasureAsync(options, book);
            }
            catch (Exception exception)
            {
                // As in the other benchmarks: one group that cannot run does not take the others' figures away.
                book.Fail(exception.Message);
            }
        }

        await Console.Out.WriteLineAsync(options.Json ? book.Json() : book.Table());
        return book.AllRan ? 0 : 1;
    }
}
