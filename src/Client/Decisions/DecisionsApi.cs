using System.Globalization;

namespace Blackwall.Client.Decisions;

/// <summary>/decisions and /rules.</summary>
public readonly struct DecisionsApi(ApplianceClient client)
{
    /// <param name="query">As in the API's description, without the question mark: "contains=192.0.2.1&amp;limit=100"; empty: all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<DecisionPage>> ListAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("decisions", query), ClientJson.Default.DecisionPage, cancellation);

    /// <inheritdoc cref="ListAsync"/>
    public Task<Answer<DecisionPage>> ListRulesAsync(string query, CancellationToken cancellation) =>
        client.ReadAsync(ApplianceClient.WithQuery("rules", query), ClientJson.Default.DecisionPage, cancellation);

    public Task<Answer<Decision>> DecideAsync(DecisionDraft draft, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, "decisions", draft, ClientJson.Default.DecisionDraft, null, ClientJson.Default.Decision, cancellation);

    public Task<Answer<Decision>> AddRuleAsync(RuleDraft draft, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Post, "rules", draft, ClientJson.Default.RuleDraft, null, ClientJson.Default.Decision, cancellation);

    /// <summary>Makes a rule of every line of a text, all or nothing.</summary>
    /// <param name="lines">An address or prefix a line; '#' begins a comment.</param>
    /// <param name="query">As in the API's description, without the question mark; empty: drop, until they are removed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<ImportAnswer>> ImportAsync(string lines, string query, CancellationToken cancellation) =>
        client.SendTextAsync(HttpMethod.Post, ApplianceClient.WithQuery("rules/import", query), lines, ClientJson.Default.ImportAnswer, cancellation);

    public Task<Answer<Nothing>> LiftAsync(long decision, CancellationToken cancellation) =>
        client.DeleteAsync(string.Create(CultureInfo.InvariantCulture, $"decisions/{decision}"), null, cancellation);

    public Task<Answer<Nothing>> RemoveRuleAsync(long rule, CancellationToken cancellation) =>
        client.DeleteAsync(string.Create(CultureInfo.InvariantCulture, $"rules/{rule}"), null, cancellation);
}
