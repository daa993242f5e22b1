namespace Blackwall.Mesh.Libp2p;

/// <summary>Something that looks after its own time when told that some has passed: one timer serves ten thousand connections.</summary>
internal interface ITicking
{
    void Tick();
}
