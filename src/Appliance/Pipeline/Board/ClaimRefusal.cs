using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>A claim that the board did not take.</summary>
/// <param name="Index">Its place in the list that was given.</param>
/// <param name="Scope">What it is about.</param>
/// <param name="Sentence">Why.</param>
public sealed record ClaimRefusal(int Index, Prefix Scope, string Sentence);
