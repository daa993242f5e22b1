
namespace Blackwall.Pipeline.Model;

/// <summary>What detection thinks of a source at this moment, and what that adds up from.</summary>
/// <param name="Phase">new, suspicious, malicious, blocked or trusted.</param>
/// <param name="Suspicion">0..4; it halves with time. From 0.5 on a source is suspicious, below 0.25 it is new again.</param>
/// <param name="FirstSeen">When it was first seen, as far as that is remembered.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="IsProven">It completed a handshake or answered a challenge.</param>
/// <param name="Uses">Signs of ordinary use lately.</param>
/// <param name="Parts">What is counted of it and from which count on that speaks against it.</param>
/// <param name="Networks">What the networks that it lies in did together.</param>
public sealed record SourceStanding(
    string Phase,
    double Suspicion,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    bool IsProven,
    int Uses,
    IReadOnlyList<StandingPart> Parts,
    IReadOnlyList<NetworkStanding> Networks);
