using Blackwall.Tui.Api;
using Blackwall.Tui.Decisions;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Sources;

/// <summary>A source for a person: the sentence first, then everything behind it.</summary>
internal static class SourceText
{
    public static IEnumerable<IReadOnlyList<Piece>> Of(Source source, DateTimeOffset now, int width)
    {
        foreach (string line in CellText.Wrap(source.Why, width - 2))
        {
            yield return [new Piece($" {line}", Tone.Strong)];
        }

        if (source.Guard is { } guard)
        {
            yield return [new Piece(" guard      ", Tone.Heading), new Piece($"{guard.Scope}, {guard.Why}{(guard.Pass ? "; its packets are let in" : "; it is never blocked")}", Tone.Good)];
        }

        yield return [];
        yield return [new Piece($" decisions  {source.Decisions.Count}", Tone.Heading)];
        foreach (Decision decision in source.Decisions)
        {
            bool wins = decision.Id == source.Decision?.Id;
            yield return
            [
                new Piece(wins ? " wins " : "      ", Tone.Strong),
                new Piece($"{decision.Id} "),
                new Piece(decision.Verdict, Words.ToneOf(decision.Verdict)),
                new Piece($" {decision.Scope} ({decision.Origin}, {decision.Reason}, by {decision.Actor}), ends in {Figures.Left(decision.Expiry, now)}{(decision.Comment is { Length: > 0 } comment ? $": {comment}" : "")}"),
            ];
        }

        yield return [];
        yield return [new Piece($" kernel     {source.Kernel.Count} entries", Tone.Heading)];
        foreach (KernelEntry entry in source.Kernel)
        {
            string last = entry.LastHit is { } hit ? $", last {Figures.Moment(hit)}" : "";
            yield return
            [
                new Piece($"      {entry.Scope} "),
                new Piece(entry.Verdict, Words.ToneOf(entry.Verdict)),
                new Piece($" met by {Figures.Number(entry.Hits)} packets{last}, decision {entry.DecisionId}, ends in {Figures.Left(entry.Expiry, now)}"),
            ];
        }

        yield return [];
        yield return [new Piece($" evidence   {source.Evidence.Count} pieces, newest first", Tone.Heading)];
        foreach (IReadOnlyList<Piece> row in source.Evidence.SelectMany(piece => DecisionText.EvidenceRows(piece, width)))
        {
            yield return row;
        }
    }
}
