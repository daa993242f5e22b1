namespace Blackwall.Mesh.Libp2p.Kad.Wire;

/// <summary>What a Kademlia message asks for; the numbers are those on the wire.</summary>
internal enum KadRequestKind
{
    PutValue = 0,
    GetValue = 1,
    AddProvider = 2,
    GetProviders = 3,
    FindNode = 4,
    Ping = 5,
}
