using Blackwall.Client;
using Blackwall.Client.Decisions;
using Blackwall.Client.Sources;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Decisions;

/// <summary>What the appliance says about a decision before it is made.</summary>
/// <param name="Paragraphs">For the operator.</param>
/// <param name="Refused">Whether it would be refused, or could not be asked about.</param>
internal sealed record Preview(IReadOnlyList<Piece> Paragraphs, bool Refused)
{
    /// <param name="client">Whom to ask.</param>
    /// <param name="resource">decisions or rules.</param>
    /// <param name="draft">What is wanted.</param>
    /// <param name="edited">The rule that is changed; null: a new decision.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Preview> AskAsync(ApplianceClient client, string resource, DecisionDraft draft, EditedRule? edited, CancellationToken cancellation)
    {
        Answer<CheckAnswer> check = await client.SendAsync(HttpMethod.Post, "decisions/check", new CheckQuestion([draft.Scope]), ClientJson.Default.CheckQuestion, null, ClientJson.Default.CheckAnswer, cancellation);
        if (check.Failure is { } unanswered)
        {
            return new Preview([new Piece(unanswered.Sentence, Tone.Bad)], Refused: true);
        }

        List<Piece> told = [];
        told.Add(check.Value!.Items is [{ Decision: { } wins }, ..]
            ? new Piece($"Now: {DecisionText.Short(wins)} wins there.")
            : new Piece("Now: nothing is decided there; packets pass."));

        // Only a single address has a guard to name; for a prefix the dry run, or the decision itself, tells.
        if (!draft.Scope.Contains('/', StringComparison.Ordinal))
        {
            Answer<Source> source = await client.ReadAsync($"sources/{Uri.EscapeDataString(draft.Scope)}", ClientJson.Default.Source, cancellation);
            told.Add(source.Value?.Guard is { } guard
                ? new Piece($"Guarded: {guard.Scope} is {guard.Why}; nothing can block it.", Tone.Warning)
                : source.Value is not null ? new Piece("Not guarded.") : new Piece(source.Failure!.Sentence, Tone.Warning));
        }

        return await DryRunAsync(client, resource, draft, edited, told, cancellation);
    }

    private static async Task<Preview> DryRunAsync(ApplianceClient client, string resource, DecisionDraft draft, EditedRule? edited, List<Piece> told, CancellationToken cancellation)
    {
        (HttpMethod method, string template, string path) = edited is null
            ? (HttpMethod.Post, resource, resource)
            : (HttpMethod.Put, "rules/{id}", edited.Path);
        if (await client.KnowsDryRunAsync(edited is null ? "post" : "put", template, cancellation) is not true)
        {
            told.Add(new Piece("This appliance knows no dry run: whether it accepts, it says when it is done.", Tone.Dim));
            return new Preview(told, Refused: false);
        }

        Answer<DryRun> dry = await client.SendAsync(method, $"{path}?dryRun=true", draft, ClientJson.Default.DecisionDraft, edited?.Tag, ClientJson.Default.DryRun, cancellation);
        if (dry.Failure is { } refused)
        {
            told.Add(new Piece(refused.Sentence, Tone.Bad));
            return new Preview(told, Refused: true);
        }

        DryRun would = dry.Value!;
        told.Add(new Piece("Dry run: the appliance would accept it.", Tone.Good));
        if (would.Before is { } before)
        {
            told.Add(new Piece($"It would replace {DecisionText.Short(before)}."));
        }

        // A decision that is not made yet has no id.
        told.Add(would.Winner switch
        {
            null => new Piece("Then: no decision wins there; packets pass.", Tone.Warning),
            { } wins when wins.Id == 0 || wins.Id == would.Before?.Id => new Piece("Then: it wins there."),
            { } other => new Piece($"Then: {DecisionText.Short(other)} still wins there.", Tone.Warning),
        });
        return new Preview(told, Refused: false);
    }
}
