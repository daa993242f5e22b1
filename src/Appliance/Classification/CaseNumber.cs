namespace Blackwall.Classification;

/// <summary>One number that is known of a source.</summary>
/// <param name="Name">One of <see cref="CaseWords"/>: never a word from outside.</param>
/// <param name="Value">The number.</param>
internal readonly record struct CaseNumber(string Name, long Value);
