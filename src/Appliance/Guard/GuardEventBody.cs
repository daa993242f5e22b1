namespace Blackwall.Guard;

/// <summary>Data of the event "guard": who is protected has changed.</summary>
/// <param name="Added">What is guarded from now on.</param>
/// <param name="Removed">What is not guarded any more.</param>
/// <param name="Entries">How many entries the set has now.</param>
public sealed record GuardEventBody(IReadOnlyList<GuardedBody> Added, IReadOnlyList<GuardedBody> Removed, int Entries);
