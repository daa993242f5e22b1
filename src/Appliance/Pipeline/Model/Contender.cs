namespace Blackwall.Pipeline.Model;

/// <summary>What precedence looks at in a claim.</summary>
/// <param name="Rank"><see cref="Precedence.Rank"/>.</param>
/// <param name="Length">Bits of its prefix.</param>
/// <param name="Verdict">What it asks for.</param>
/// <param name="Ends">Milliseconds of the board's clock; <see cref="long.MaxValue"/>: never.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct Contender(byte Rank, byte Length, Verdict Verdict, long Ends, long Id);
