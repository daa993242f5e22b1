
namespace Blackwall.Behavior.Judgement;

/// <summary>Phases as the outside reads them.</summary>
internal static class PhaseWords
{
    /// <summary>Kind of the evidence that tells a change of phase.</summary>
    public const string Evidence = "phase";

    private static readonly string[] Words = ["new", "suspicious", "malicious", "blocked", "trusted"];

    public static string For(Phase phase) => Words[(int)phase];
}
