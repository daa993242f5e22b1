using Blackwall.Benchmarks.Report;
using Blackwall.Lab.Network;

namespace Blackwall.Benchmarks.Figures;

/// <summary>A group of figures that are measured together.</summary>
internal interface IFigures
{
    /// <summary>As <c>--only</c> takes it.</summary>
    string Name { get; }

    string Title { get; }

    Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book);
}
