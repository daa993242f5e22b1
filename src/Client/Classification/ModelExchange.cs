namespace Blackwall.Client.Classification;

/// <summary>A question to a model and what came of it. The answer is untrusted.</summary>
public sealed record ModelExchange(
    long Id,
    DateTimeOffset Time,
    string Model,
    string Outcome,
    string? Detail,
    int Sources,
    string Question,
    string Answer,
    int PromptTokens,
    int AnswerTokens,
    long Milliseconds);
