
namespace Blackwall.Sources;

/// <summary>What was seen of an address is no attack.</summary>
/// <param name="Kinds">Kinds of evidence that shall no longer count against it; without it, those that were seen of it.</param>
/// <param name="TtlSeconds">60..31,536,000; 30 days without it.</param>
/// <param name="Comment">For a person, at most 1,024 characters.</param>
public sealed record FalsePositiveInput(IReadOnlyList<string>? Kinds, long? TtlSeconds, string? Comment);
