using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Feeds;

/// <summary>What threat feeds cost.</summary>
internal static class FeedBench
{
    private static readonly IFigureGroup[] All = [new RefreshFigures()];

    public static Task<int> RunAsync(IReadOnlyList<string> arguments) => GroupBench.RunAsync("feeds", All, arguments);
}
