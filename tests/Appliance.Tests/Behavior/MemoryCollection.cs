using Xunit;

namespace Blackwall.Tests.Behavior;

/// <summary>Tests that weigh the heap run when no other test allocates.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "memory";
}
