using Xunit;

namespace Blackwall.Tests.Mesh;

/// <summary>Tests that measure the memory of the process run while no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AloneCollection
{
    public const string Name = "alone";
}
