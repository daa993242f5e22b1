using Blackwall.Mesh.Libp2p;
using Xunit;

namespace Blackwall.Tests.Architecture;

/// <summary>The house rules on who may know whom in the mesh library.</summary>
public sealed class MeshDependencyTests
{
    private static readonly Lazy<List<(string User, string Used)>> Loaded = new(() => ApplianceTypes.UsesIn(typeof(PeerId).Assembly));

    [Fact]
    public void The_scan_sees_the_mesh()
    {
        Assert.Contains(("Blackwall.Mesh.Libp2p.PeerId", "Blackwall.Mesh.Libp2p.Keys.PublicKey"), Loaded.Value);
        Assert.Contains(Loaded.Value, use => IsWire(use.User));
    }

    [Fact]
    public void The_mesh_knows_no_other_project_of_the_product() => AssertNone(
        use => use.Used.StartsWith("Blackwall.", StringComparison.Ordinal) && !use.Used.StartsWith("Blackwall.Mesh.", StringComparison.Ordinal));

    [Fact]
    public void Parsers_on_the_wire_are_pure() => AssertNone(
        use => IsWire(use.User)
            && (use.Used.StartsWith("Microsoft.", StringComparison.Ordinal)
                || use.Used.StartsWith("System.Threading.Tasks.", StringComparison.Ordinal)
                || (use.Used.StartsWith("System.Net.Sockets.", StringComparison.Ordinal) && use.Used is not "System.Net.Sockets.AddressFamily")
                || use.Used is "System.Console" or "System.IO.File" or "System.IO.FileStream" or "System.IO.Stream" or "System.TimeProvider" or "System.Random"));

    private static bool IsWire(string type) => ApplianceTypes.Folder(type).Split('.').Contains("Wire", StringComparer.Ordinal);

    private static void AssertNone(Func<(string User, string Used), bool> forbidden)
    {
        string[] found = [.. Loaded.Value.Where(forbidden).Select(use => $"{use.User} -> {use.Used}").Order(StringComparer.Ordinal)];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }
}
