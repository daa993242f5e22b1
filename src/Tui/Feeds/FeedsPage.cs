using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Feeds;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;

namespace Blackwall.Tui.Feeds;

/// <summary>Lists of addresses that others publish, and how they do.</summary>
internal sealed class FeedsPage(IDesk desk) : ListPage<FeedList, Feed>(
    desk,
    cancellation => desk.Session.Client.Feeds.ListAsync(cancellation),
    new GridColumn<Feed>("NAME", 18, f => new Piece(PlainText.Clean(f.Name), Tone.Strong)) { SortKey = f => f.Name },
    new GridColumn<Feed>("KIND", 9, f => new Piece(f.Kind)) { Fold = 3, SortKey = f => f.Kind },
    new GridColumn<Feed>("ACTION", 10, f => new Piece(f.Action)) { Fold = 2, SortKey = f => f.Action },
    new GridColumn<Feed>("STATE", 8, f => new Piece(f.State, f.State switch { "current" => Tone.Good, "new" or "off" => Tone.Dim, "held" => Tone.Warning, _ => Tone.Bad })) { SortKey = f => f.State },
    new GridColumn<Feed>("ENTRIES", 9, f => new Piece(Figures.Number(f.Entries))) { SortKey = f => f.Entries },
    new GridColumn<Feed>("CLAIMS", 9, f => new Piece(Figures.Number(f.Claims))) { Fold = 1, SortKey = f => f.Claims },
    new GridColumn<Feed>("URL", 0, f => new Piece(PlainText.Clean(f.Url))))
{
    private readonly RequestJob _request = new();

    public override string Name => "Feeds";

    protected override IReadOnlyList<Act> Own =>
    [
        new Act(Key.Enter, "Enter", "Try", "Fetches the list, changes nothing, and says what would.", () => Chosen(OpenRow)),
        new Act('f', "Fetch", "Fetches the list now.", () => Chosen(feed => Refresh(feed, ""))),
        new Act('y', "Accept", "Brings a list into force that waits for you.", () => Chosen(feed => Refresh(feed, feed.HeldDigest is { } shown ? $"accept=true&digest={shown}" : "accept=true"))),
    ];

    protected override string NoRows => "No feed. 'blackwall feeds catalogue' lists those that are known, 'blackwall feeds add NAME' makes one.";

    public override bool Tick(bool shown, bool news) => _request.Tick() | base.Tick(shown, news);

    protected override IReadOnlyList<Feed> RowsOf(FeedList page) => page.Items;

    protected override string Explain(Feed row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Name}: {row.Format}, {row.Kind}, {row.Action}, score {row.Score}, every {row.IntervalSeconds} s. {(row.LastSuccess is { } last ? $"Up to date {Figures.Moment(last)}" : "Never fetched yet")}. {(row.Held is { } held ? $"Waits for you: {held} 'blackwall feeds impact {row.Name}' shows whom it would stop." : row.LastError ?? row.LastRun?.Sentence)}");

    protected override object IdOf(Feed row) => row.Name;

    protected override void OpenRow(Feed row) => Refresh(row, "dryRun=true");

    private void Refresh(Feed feed, string query) => _request.Start(Desk.Session.Client.Feeds.RefreshAsync(feed.Name, query, CancellationToken.None), answer => OnRun(feed.Name, answer));

    private void OnRun(string name, Answer<FeedRun> answer)
    {
        bool isGood = answer.Value is { Outcome: not ("failed" or "held") };
        string users = answer.Value?.Impact is { } impact ? string.Create(CultureInfo.InvariantCulture, $" Of your sources it holds {impact.Sources}, {impact.Users} of them ordinary users.") : "";
        Desk.ShowMessage(
            answer.Failure?.Sentence ?? string.Create(CultureInfo.InvariantCulture, $"{name}: {answer.Value!.Outcome}. {answer.Value.Sentence} {answer.Value.Entries} entries, {answer.Value.Added} added, {answer.Value.Removed} removed.{users}"),
            isGood ? Tone.Good : Tone.Bad);
        Hurry();
    }
}
