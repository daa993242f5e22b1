using System.Globalization;
using Blackwall.Client.Decisions;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Decisions;

/// <summary>A decision in words, and as columns.</summary>
internal static class DecisionText
{
    public static GridColumn<Decision>[] Columns(TimeProvider time) =>
    [
        new("ID", 8, d => new Piece(d.Id.ToString(CultureInfo.InvariantCulture))) { Fold = 3 },
        new("SCOPE", 19, d => new Piece(d.Scope, Tone.Strong)),
        new("VERDICT", 10, d => new Piece(d.Verdict, Words.ToneOf(d.Verdict))),
        new("ORIGIN", 8, d => new Piece(d.Origin)) { Fold = 2 },
        new("REASON", 11, d => new Piece(d.Reason)) { Fold = 1 },
        new("ENDS IN", 10, d => new Piece(Figures.Left(d.Expiry, time.GetUtcNow()))),
        new("COMMENT", 0, d => new Piece(d.Comment ?? "")) { Fold = 4 },
    ];

    /// <summary>"drop 203.0.113.7 (local, port-scan, decision 12)".</summary>
    public static string Short(Decision decision) => $"{decision.Verdict} {decision.Scope} ({decision.Origin}, {decision.Reason}, decision {decision.Id})";

    /// <summary>Everything about it, for a pane of this width.</summary>
    public static IReadOnlyList<IReadOnlyList<Piece>> Detail(Decision decision, DateTimeOffset now, int width)
    {
        string end = decision.Expiry is { } at ? $"to {Figures.Moment(at)} ({Figures.Left(at, now)} left)" : "until somebody lifts it";
        List<IReadOnlyList<Piece>> rows =
        [
            [
                new Piece($" {decision.Id} ", Tone.Heading),
                new Piece($" {decision.Verdict}", Words.ToneOf(decision.Verdict)),
                new Piece($" {decision.Scope}", Tone.Strong),
                new Piece("  "),
                decision.Enforced ? new Piece("the wall acts on it", Tone.Good) : new Piece("the wall does not act on it now", Tone.Warning),
            ],
            [new Piece($" {decision.Origin}, by {decision.Actor}, {decision.Reason}")],
            [new Piece($" {Figures.Moment(decision.Start)} {end}, confidence {decision.Confidence.ToString("0.##", CultureInfo.InvariantCulture)}")],
        ];
        if (decision.Comment is { Length: > 0 } comment)
        {
            rows.AddRange(Paragraph.Lines(comment, Tone.Normal, width));
        }

        rows.AddRange(decision.Evidence.SelectMany(piece => EvidenceRows(piece, width)));
        return rows;
    }

    public static IEnumerable<IReadOnlyList<Piece>> EvidenceRows(Evidence evidence, int width)
    {
        string when = Figures.Moment(evidence.Seen);
        bool first = true;
        foreach (string line in CellText.Wrap($"{evidence.Kind}, {evidence.Detail} [{evidence.Class}]", width - when.Length - 3))
        {
            yield return [new Piece($" {(first ? when : new string(' ', when.Length))} ", Tone.Dim), new Piece(line)];
            first = false;
        }
    }
}
