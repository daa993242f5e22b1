namespace Blackwall.Pipeline.Model;

/// <summary>Something that no decision may block.</summary>
/// <param name="Scope">Address or block.</param>
/// <param name="Why">What it is, to be read after "it overlaps 192.0.2.1, ": "a default gateway".</param>
/// <param name="Pass">
/// Whether the wall must let its packets in whatever else applies. False for what never is a legitimate remote
/// (own addresses, loopback, multicast): it is not to be blocked, but passing it unseen would let a forged source in.
/// </param>
public sealed record GuardEntry(Prefix Scope, string Why, bool Pass);
