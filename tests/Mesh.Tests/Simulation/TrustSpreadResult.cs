namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>How fast honest nodes act and undo.</summary>
/// <param name="ActsAfterSeventh">Milliseconds from the 7th sighting until the last node acts; negative: all did before.</param>
/// <param name="UndoneAfter">Milliseconds from the last refutation until the last node undid it.</param>
/// <param name="NeverActed">Nodes that never acted.</param>
/// <param name="StillActing">Nodes that act in the end.</param>
internal sealed record TrustSpreadResult(long ActsAfterSeventh, long UndoneAfter, int NeverActed, int StillActing);
