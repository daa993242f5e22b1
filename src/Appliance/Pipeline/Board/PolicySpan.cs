using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>One of the claims that hold for a scope one after the other, until its end.</summary>
/// <param name="DecisionId">The claim.</param>
/// <param name="ExpiryUnixMilliseconds">Milliseconds since 1970; <see cref="long.MaxValue"/>: without end.</param>
/// <param name="Verdict">What it asks for.</param>
/// <param name="Rank"><see cref="Decision.Rank"/>.</param>
/// <param name="Length">Bits of the prefix that it is about; 0 where that is not known, as in what the kernel holds.</param>
public readonly record struct PolicySpan(long DecisionId, long ExpiryUnixMilliseconds, Verdict Verdict, byte Rank, byte Length = 0)
{
    internal Contender Contender => new(Rank, Length, Verdict, ExpiryUnixMilliseconds, DecisionId);
}
