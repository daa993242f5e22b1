using Blackwall.Lab.Edge;

namespace Blackwall.EndToEnd;

/// <summary>A lab whose appliance decides and counts, and enforces nothing.</summary>
public sealed class ObservingEdge : Edge
{
    protected override ApplianceSettings Settings { get; } = new(Mode: "observe");
}
