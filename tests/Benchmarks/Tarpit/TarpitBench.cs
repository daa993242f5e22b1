using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>
/// The tarpit in its confined process, with clients on the same machine. The peer's figures are Cowrie 3.0.9's, measured on two cores of another
/// machine with its clients beside it, where no peer can be run.
/// </summary>
internal static class TarpitBench
{
    private static readonly IFigureGroup[] All = [new LoginFigures(), new WaveFigures(), new SessionFigures(), new HeldFigures(), new TransferFigures()];

    public static Task<int> RunAsync(IReadOnlyList<string> arguments) => GroupBench.RunAsync("tarpit", All, arguments);
}
