namespace Blackwall.Benchmarks.Report;

/// <summary>A group of figures of one subject (the mesh, the tarpit), measured and reported together.</summary>
internal interface IFigureGroup
{
    /// <summary>As <c>--only</c> takes it.</summary>
    string Name { get; }

    string Title { get; }

    Task MeasureAsync(BenchOptions options, FigureBook book);
}
