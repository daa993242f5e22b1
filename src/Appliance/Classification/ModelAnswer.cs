namespace Blackwall.Classification;

/// <summary>What a model server answered; hostile until it is parsed.</summary>
/// <param name="Outcome"><see cref="ModelOutcome.Answered"/>: there is text, not yet looked at.</param>
/// <param name="Text">The model's text.</param>
/// <param name="Detail">Why there is none, in words of ours.</param>
/// <param name="PromptTokens">As the server counts; 0: it does not say.</param>
/// <param name="AnswerTokens">As the server counts; 0: it does not say.</param>
internal sealed record ModelAnswer(ModelOutcome Outcome, string Text, string? Detail = null, int PromptTokens = 0, int AnswerTokens = 0);
