using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Sinks;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;

namespace Blackwall.Tui.Sinks;

/// <summary>Where events are forwarded to, and how that goes.</summary>
internal sealed class SinksPage(IDesk desk) : ListPage<SinkList, Sink>(
    desk,
    cancellation => desk.Session.Client.Sinks.ListAsync(cancellation),
    new GridColumn<Sink>("NAME", 14, s => new Piece(PlainText.Clean(s.Name), Tone.Strong)) { SortKey = s => s.Name },
    new GridColumn<Sink>("KIND", 8, s => new Piece(s.Kind)) { Fold = 2, SortKey = s => s.Kind },
    new GridColumn<Sink>("STATE", 10, s => new Piece(s.State, s.State switch { "running" => Tone.Good, "stopped" => Tone.Dim, _ => Tone.Bad })) { SortKey = s => s.State },
    new GridColumn<Sink>("SENT", 9, s => new Piece(Figures.Number(s.Sent))) { SortKey = s => s.Sent },
    new GridColumn<Sink>("BEHIND", 8, s => new Piece(Figures.Number(s.Behind))) { SortKey = s => s.Behind },
    new GridColumn<Sink>("REFUSED", 8, s => new Piece(Figures.Number(s.Refused), s.Refused > 0 ? Tone.Warning : Tone.Normal)) { Fold = 1, SortKey = s => s.Refused },
    new GridColumn<Sink>("URL", 0, s => new Piece(PlainText.Clean(s.Url))))
{
    private readonly RequestJob _request = new();

    public override string Name => "Sinks";

    protected override IReadOnlyList<Act> Own =>
    [
        new Act(Key.Enter, "Enter", "Test", "Sends one event of the kind test.", () => Chosen(OpenRow)),
        new Act('t', "Retry refused", "Sends once more what the sink refused.", () => Chosen(sink => _request.Start(Desk.Session.Client.Sinks.RetryAsync(sink.Name, CancellationToken.None), answer => OnRetried(sink.Name, answer)))),
    ];

    protected override string NoRows => "No sink. 'blackwall sinks add' makes one.";

    public override bool Tick(bool shown, bool news) => _request.Tick() | base.Tick(shown, news);

    protected override IReadOnlyList<Sink> RowsOf(SinkList page) => page.Items;

    protected override string Explain(Sink row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Name}: {row.Kind}, {row.Format}, {(row.Kinds.Count == 0 ? "all kinds of events" : string.Join(", ", row.Kinds))} from severity {row.MinSeverity}. {(row.LastSent is { } last ? $"Last delivered {Figures.Moment(last)}" : "Nothing was delivered yet")}; {row.Failures} attempts failed, {row.Missed} events were missed.{(row.LastError is { } error ? $" Failing: {error}" : "")}{(row.Refused > 0 ? $" 'blackwall sinks refused {row.Name}' lists what it refused." : "")}");

    protected override object IdOf(Sink row) => row.Name;

    protected override void OpenRow(Sink row) => _request.Start(Desk.Session.Client.Sinks.TestAsync(row.Name, CancellationToken.None), answer => OnTested(row.Name, answer));

    private void OnTested(string name, Answer<SinkTest> answer)
    {
        bool isGood = answer.Value is { Delivered: true };
        Desk.ShowMessage(answer.Failure?.Sentence ?? (isGood ? $"The sink '{name}' took the event." : $"The sink '{name}' did not take the event: {answer.Value!.Error}"), isGood ? Tone.Good : Tone.Bad);
        Hurry();
    }

    private void OnRetried(string name, Answer<SinkRetry> answer)
    {
        bool isGood = answer.Value is { Error: null, Refused: 0 };
        Desk.ShowMessage(answer.Failure?.Sentence ?? $"The sink '{name}' took {answer.Value!.Sent} and refused {answer.Value.Refused} again. {answer.Value.Error}", isGood ? Tone.Good : Tone.Bad);
        Hurry();
    }
}
