using Blackwall.Client.Decisions;
using Blackwall.Client.Sources;
using Blackwall.Tui.Decisions;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Sources;

/// <summary>A source for a person: the sentence first, then everything behind it.</summary>
internal static class SourceText
{
    private const int Indent = 3;

    public static IReadOnlyList<IReadOnlyList<Piece>> Lines(Source source, DateTimeOffset now, int width)
    {
        List<IReadOnlyList<Piece>> rows = [.. Paragraph.Lines(source.Why, Tone.Strong, width)];
        if (source.Guard is { } guard)
        {
            rows.AddRange(Paragraph.Lines($"Guarded: {guard.Scope}, {guard.Why}; {(guard.Pass ? "its packets are let in" : "it is never blocked")}.", Tone.Good, width));
        }

        rows.AddRange([[], [new Piece($" decisions  {source.Decisions.Count}", Tone.Heading)]]);
        foreach (Decision decision in source.Decisions)
        {
            bool wins = decision.Id == source.Decision?.Id;
            string comment = decision.Comment is { Length: > 0 } told ? $": {told}" : "";
            rows.AddRange(Paragraph.Lines(
                $"{(wins ? "wins: " : "")}{decision.Id} {decision.Verdict} {decision.Scope} ({decision.Origin}{(decision.Owner.Length > 0 ? $" {decision.Owner}" : "")}, {decision.Reason}, by {decision.Actor}), {Figures.Ends(decision.Expiry, now)}{comment}",
                wins ? Words.ToneOf(decision.Verdict) : Tone.Normal,
                width,
                Indent));
        }

        rows.AddRange([[], [new Piece($" kernel     {source.Kernel.Count}", Tone.Heading)]]);
        foreach (KernelEntry entry in source.Kernel)
        {
            string last = entry.LastHit is { } hit ? $", last {Figures.Moment(hit)}" : "";
            rows.AddRange(Paragraph.Lines(
                $"{entry.Verdict} {entry.Scope}, met by {Figures.Number(entry.Hits)} packets{last}, decision {entry.DecisionId}, {Figures.Ends(entry.Expiry, now)}",
                Tone.Normal,
                width,
                Indent));
        }

        rows.AddRange([[], [new Piece($" evidence   {source.Evidence.Count}, newest first", Tone.Heading)]]);
        rows.AddRange(source.Evidence.SelectMany(piece => DecisionText.EvidenceRows(piece, width)));
        return rows;
    }
}
