using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>A group of the tarpit's figures. Add a class that implements this and list it in <see cref="TarpitBench"/>.</summary>
internal interface ITarpitFigures
{
    /// <summary>As <c>--only</c> takes it.</summary>
    string Name { get; }

    string Title { get; }

    Task MeasureAsync(BenchOptions options, FigureBook book);
}
