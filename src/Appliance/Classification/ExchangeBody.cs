using Blackwall.Api.Contracts;

namespace Blackwall.Classification;

/// <summary>A question to a model and what came of it.</summary>
/// <param name="Id">Counts up.</param>
/// <param name="Time">When it was asked.</param>
/// <param name="Model">Which model.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Detail">Why there is no valid answer; null: there is.</param>
/// <param name="Sources">How many sources it was about.</param>
/// <param name="Question">The sources as the model got them: JSON.</param>
/// <param name="Answer">What the model said, at most 4,000 characters; control characters are question marks. Untrusted.</param>
/// <param name="PromptTokens">As the server counts.</param>
/// <param name="AnswerTokens">As the server counts.</param>
/// <param name="Milliseconds">From question to answer.</param>
public sealed record ExchangeBody(
    long Id,
    DateTimeOffset Time,
    string Model,
    [property: Word(OpinionWords.OutcomeList)] string Outcome,
    string? Detail,
    int Sources,
    string Question,
    string Answer,
    int PromptTokens,
    int AnswerTokens,
    long Milliseconds)
{
    internal static ExchangeBody From(Exchange exchange) => new(
        exchange.Id,
        exchange.Time,
        exchange.Model,
        OpinionWords.For(exchange.Outcome),
        exchange.Detail,
        exchange.Sources,
        exchange.Question,
        exchange.Answer,
        exchange.PromptTokens,
        exchange.AnswerTokens,
        exchange.Milliseconds);
}
