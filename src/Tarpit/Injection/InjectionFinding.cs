namespace Blackwall.Tarpit.Injection;

/// <summary>What instructions to a language model were found in a text.</summary>
/// <param name="Families">Names of the families of patterns, in alphabetical order.</param>
/// <param name="Score">0..100; the more, the less likely that a person wrote it for another program.</param>
internal readonly record struct InjectionFinding(IReadOnlyList<string> Families, int Score)
{
    /// <summary>From which score on it is told.</summary>
    public const int Told = 40;

    public static InjectionFinding None { get; } = new([], 0);

    public bool IsFound => Score >= Told;
}
