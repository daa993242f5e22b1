using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>
/// The tarpit in its confined process, with clients on the same machine. The peer's figures are Cowrie 3.0.9's, measured on two cores of another
/// machine with its clients beside it, where no peer can be run.
/// </summary>
internal static class TarpitBench
{
    private static readonly ITarpitFigures[] All = [new LoginFigures(), new WaveFigures(), new SessionFigures(), new HeldFigures(), new TransferFigures()];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (BenchOptions.Parse(arguments) is not { } options || (options.Only is { } only && !All.Any(figures => string.Equals(figures.Name, only, StringComparison.Ordinal))))
        {
            await Console.Error.WriteLineAsync($"usage: blackwall bench tarpit [--json] [--quick] [--only {string.Join('|', All.Select(figures => figures.Name))}]");
            return 2;
        }

        FigureBook book = new();
        foreach (ITarpitFigures figures in All.Where(figures => options.Only is null || string.Equals(figures.Name, options.Only, StringComparison.Ordinal)))
        {
            book.Begin(figures.Title);
            try
            {
                await figures.MeasureAsync(options, book);
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
