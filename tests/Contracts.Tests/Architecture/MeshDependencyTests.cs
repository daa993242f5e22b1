using Blackwall.Mesh.Libp2p;
using Xunit;

namespace Blackwall.Tests.Architecture;

/// <summary>The house rules on who may know whom in the mesh library.</summary>
public sealed class MeshDependencyTests
{
    private static readonly LibraryUses Uses = new(typeof(PeerId).Assembly, "Mesh");

    [Fact]
    public void The_scan_sees_the_mesh() => Uses.AssertSeen("Blackwall.Mesh.Libp2p.PeerId", "Blackwall.Mesh.Libp2p.Keys.PublicKey");

    [Fact]
    public void The_mesh_knows_no_other_project_of_the_product() => Uses.AssertKnowsNoOtherProject();

    [Fact]
    public void Parsers_on_the_wire_are_pure() => Uses.AssertParsersArePure();
}
