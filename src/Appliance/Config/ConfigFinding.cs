namespace Blackwall.Config;

/// <summary>What a file holds that the configuration names, or what is wrong with it.</summary>
/// <param name="Sentence">One line.</param>
/// <param name="IsError">Whether something in it will not be in force.</param>
public sealed record ConfigFinding(string Sentence, bool IsError);
