using Blackwall.Composition;
using Blackwall.Mesh.Peer;

namespace Blackwall.Bridges;

/// <summary>The mesh of peers: so far its diagnostic peer.</summary>
internal sealed class MeshFeature : IFeature
{
    public string Name => "mesh";

    public StartPhase Phase => StartPhase.Api;

    public IReadOnlyList<FeatureVerb> Verbs => [new FeatureVerb("mesh", "mesh peer [options]", arguments => MeshCommand.RunAsync(arguments, StandardOutput.Open(), Console.Error))];
}
