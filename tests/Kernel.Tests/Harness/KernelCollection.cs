using Xunit;

namespace Blackwall.Kernel.Tests.Harness;

/// <summary>The programs are loaded once for all packet tests, which therefore run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class KernelCollection : ICollectionFixture<KernelHarness>
{
    public const string Name = "kernel";
}
