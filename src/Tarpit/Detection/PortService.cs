namespace Blackwall.Tarpit.Detection;

/// <summary>A service and where it is found.</summary>
/// <param name="Ports">Ports that are its own.</param>
/// <param name="Guess">First bytes by which it is known at other ports; <see cref="Guess.Unknown"/>: its clients do not speak first.</param>
internal sealed record PortService(IService Service, IReadOnlyList<ushort> Ports, Guess Guess = Guess.Unknown);
