using Blackwall.Pipeline.Model;

namespace Blackwall.Sources;

/// <summary>What detection thinks of a source, and what that adds up from.</summary>
/// <param name="Phase">new, suspicious, malicious, blocked or trusted.</param>
/// <param name="Suspicion">0..4, halving with time: suspicious from 0.5 on, new again below 0.25.</param>
/// <param name="FirstSeen">When it was first seen, as far as that is remembered.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="Proven">It completed a handshake or answered a challenge.</param>
/// <param name="Uses">Signs of ordinary use lately.</param>
/// <param name="Parts">What is counted of it.</param>
/// <param name="Networks">What the networks that it lies in did together.</param>
public sealed record StandingBody(
    string Phase,
    double Suspicion,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    bool Proven,
    int Uses,
    IReadOnlyList<StandingPartBody> Parts,
    IReadOnlyList<NetworkStandingBody> Networks)
{
    internal static StandingBody From(SourceStanding standing) => new(
        standing.Phase,
        standing.Suspicion,
        standing.FirstSeen,
        standing.LastSeen,
        standing.IsProven,
        standing.Uses,
        [.. standing.Parts.Select(part => new StandingPartBody(part.Name, part.Value, part.Threshold, part.IsEstimate))],
        [.. standing.Networks.Select(network => new NetworkStandingBody($"{network.Network}", network.Sources, network.PortsInVain))]);
}
