using Blackwall.Kernel.Abi;

namespace Blackwall.Inspection;

/// <summary>A client's stream. Ports as they are on the wire.</summary>
internal readonly record struct HttpFlowKey(RawAddress Remote, RawAddress Local, ushort RemotePort, ushort LocalPort);
