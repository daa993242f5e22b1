namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>Message ids one after the other, wherever they lie.</summary>
internal interface IIdSource
{
    MessageId Current { get; }

    bool MoveNext();
}
