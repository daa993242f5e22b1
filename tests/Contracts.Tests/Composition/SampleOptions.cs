namespace Blackwall.Tests.Composition;

internal sealed class SampleOptions
{
    public int Size { get; set; } = 3;
}
