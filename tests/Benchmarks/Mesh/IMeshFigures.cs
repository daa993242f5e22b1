using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>A group of the mesh's figures. Add a class that implements this and list it in <see cref="MeshBench"/>.</summary>
internal interface IMeshFigures
{
    /// <summary>As <c>--only</c> takes it.</summary>
    string Name { get; }

    string Title { get; }

    Task MeasureAsync(BenchOptions options, FigureBook book);
}
