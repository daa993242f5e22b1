using System.Globalization;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client.Classification;

namespace Blackwall.Cli.Classification;

/// <summary>"model": the language model; "model opinions" and "model exchanges" list what it thinks and what it was asked.</summary>
internal sealed class ModelVerb : ApiVerb
{
    private readonly ListOptions _exchanges;

    public ModelVerb(Shell shell)
        : base(shell, "model", "the language model that gives opinions of suspicious sources (section [ai] of the configuration), and how it goes", VerbGroup.Look)
    {
        Below("opinions", "what it thinks of sources, newest first", OpinionsAsync);
        _exchanges = new ListOptions(Below("exchanges", "what it was asked and what it answered, newest first", ExchangesAsync));
    }

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Model.ReadAsync(call.Cancellation), status =>
    {
        call.Say(status.State switch
        {
            "off" => "The model is off (ai.mode); nothing else needs it.",
            "paused" => string.Create(CultureInfo.InvariantCulture, $"The model server is left alone for {status.PausedSeconds} s, for it gives no valid answers: {status.LastFailure}. Everything else works without it."),
            "waiting" => "The minute's tokens are spent; sources wait.",
            _ => "The model is ready.",
        });
        Table table = new("WHAT", "NOW");
        table.Add("mode", status.Mode);
        table.Add("server", status.Endpoint);
        table.Add("model", status.Model);
        table.Add("fallback model", status.FallbackModel ?? "none");
        table.Add("questions", ApiCall.Number(status.Questions));
        table.Add("without a valid answer", ApiCall.Number(status.Failures));
        table.Add("opinions", ApiCall.Number(status.Opinions));
        table.Add("rate limits that followed", ApiCall.Number(status.Limits));
        table.Add("sources that wait", ApiCall.Number(status.Waiting));
        table.Add("tokens left this minute", ApiCall.Number(status.TokensLeft));
        table.Add("embedded model", status.Embedded ? "looks at flows" : "off (ai.embedded)");
        table.Add("its version", status.EmbeddedVersion);
        table.Add("trained on data", status.EmbeddedData);
        call.Print(table);
    });

    private static Task OpinionsAsync(ApiCall call) => call.ShowAsync(call.Api.Model.OpinionsAsync("", call.Cancellation), page =>
    {
        Table table = new("TIME", "ADDRESS", "TAKEN FOR", "SURE", "FOLLOWED", "MODEL", "EXCHANGE");
        foreach (Opinion opinion in page.Items)
        {
            table.Add(
                Moment.Text(opinion.Time, "-"),
                opinion.Source,
                opinion.Category,
                $"{ApiCall.Number(opinion.Percent)} %",
                opinion.Effect,
                opinion.Model,
                $"{ApiCall.Number(opinion.Exchange)}{(opinion.Cached ? " (like numbers)" : "")}");
        }

        call.Print(table);
    });

    private Task ExchangesAsync(ApiCall call) => call.ShowAsync(call.Api.Model.ExchangesAsync(_exchanges.Query(call.Line), call.Cancellation), page =>
    {
        Table table = new("NUMBER", "TIME", "MODEL", "SOURCES", "OUTCOME", "WHY", "TOKENS", "TOOK", "ANSWER");
        foreach (ModelExchange exchange in page.Items)
        {
            table.Add(
                ApiCall.Number(exchange.Id),
                Moment.Text(exchange.Time, "-"),
                exchange.Model,
                ApiCall.Number(exchange.Sources),
                exchange.Outcome,
                exchange.Detail ?? "",
                ApiCall.Number(exchange.PromptTokens + exchange.AnswerTokens),
                $"{ApiCall.Number(exchange.Milliseconds)} ms",
                exchange.Answer);
        }

        call.Page(table, page.NextCursor);
    });
}
