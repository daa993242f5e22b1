namespace Blackwall.Mesh.Consensus;

/// <summary>Where a reporter was reached. All that was never reached counts as one place: 0.</summary>
/// <param name="Near">Stands for its IPv4 /24 or IPv6 /48.</param>
/// <param name="Wide">For its /16 or /32.</param>
/// <param name="Operator">For the network's operator (AS); where none is known, the wide network's number.</param>
public readonly record struct NetworkPlace(ulong Near, ulong Wide, ulong Operator);
