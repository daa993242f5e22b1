using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>A feature that depends on others' machines says whom nothing automatic may drop. Asked at each refresh of the guard set.</summary>
public interface IGuardSource
{
    /// <summary>What they are, as a sentence about one goes on: "a configured peer of the mesh".</summary>
    string Why { get; }

    IReadOnlyList<Address> Read();
}
