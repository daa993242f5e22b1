namespace Blackwall.Classification;

/// <summary>A question to a model and what came of it, as it is kept.</summary>
/// <param name="Id">Counts up.</param>
/// <param name="Time">When it was asked.</param>
/// <param name="Model">Which model.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Detail">Why there is no valid answer; null: there is.</param>
/// <param name="Sources">How many sources it was about.</param>
/// <param name="Question">The sources as the model got them.</param>
/// <param name="Answer">What the model said, at most <see cref="MaxAnswer"/> characters, without control characters. Untrusted.</param>
/// <param name="PromptTokens">As the server counts.</param>
/// <param name="AnswerTokens">As the server counts.</param>
/// <param name="Milliseconds">From question to answer.</param>
internal sealed record Exchange(
    long Id, DateTimeOffset Time, string Model, ModelOutcome Outcome, string? Detail, int Sources, string Question, string Answer, int PromptTokens, int AnswerTokens, long Milliseconds)
{
    public const int MaxAnswer = 4000;

    /// <summary>What may be kept and shown of a model's text.</summary>
    public static string Shorten(string answer) =>
        string.Concat(answer.Take(MaxAnswer).Select(c => char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c));
}
