namespace Blackwall.Mesh.Libp2p;

/// <summary>One part of a multiaddr: "/tcp/4001". The value is as on the wire, without its length.</summary>
public readonly record struct MultiaddrPart(MultiaddrProtocol Protocol, ReadOnlyMemory<byte> Value);
