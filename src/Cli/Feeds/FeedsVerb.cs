using System.CommandLine;
using System.Text.Json.Nodes;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client;
using Blackwall.Client.Feeds;

namespace Blackwall.Cli.Feeds;

/// <summary>"feeds": lists of addresses that others publish; the verbs below are about one.</summary>
internal sealed class FeedsVerb : ApiVerb
{
    private readonly Argument<string> _name = Arg.Text("NAME", "name of the feed");
    private readonly Option<string?> _digest = Opt.Text("--digest", "DIGEST", "only the list of this digest, as 'feeds impact' shows it");
    private readonly FeedOptions _options;

    public FeedsVerb(Shell shell)
        : base(shell, "feeds", "lists of addresses that others publish, what is done with them, and how they do", VerbGroup.Machine)
    {
        Below("catalogue", "feeds that can be added by their name alone", CatalogueAsync);
        Command add = Below("add", "make a feed, which is fetched at once; of the catalogue the name is enough", AddAsync);
        Command change = Below("change", "give a feed other settings; what is not said stays", call => ChangeAsync(call, before => _options!.Read(call.Line, before)));
        Command accept = Below("accept", "bring a list into force that waits for you", AcceptAsync);
        accept.Options.Add(_digest);
        _options = new FeedOptions(add, change);
        foreach (Command command in new[]
        {
            add,
            change,
            Below("show", "one feed in full", ShowAsync),
            Below("pause", "fetch it no more and take back what it claims", call => ChangeAsync(call, before => before with { Enabled = false })),
            Below("resume", "use a paused feed again", call => ChangeAsync(call, before => before with { Enabled = true })),
            Below("remove", "delete a feed and everything that it claims", RemoveAsync),
            Below("refresh", "fetch it now", call => RefreshAsync(call, "")),
            Below("try", "fetch it now, change nothing, and say what would: entries, and which of your own traffic would have been stopped", call => RefreshAsync(call, "dryRun=true")),
            accept,
            Below("runs", "what became of the last fetches, newest first", RunsAsync),
            Below("impact", "which sources of the last days it would have stopped, how many of them are ordinary users, and which other feeds agree", ImpactAsync),
        })
        {
            command.Arguments.Add(_name);
        }
    }

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Feeds.ListAsync(call.Cancellation), list =>
    {
        Table table = new("NAME", "KIND", "ACTION", "STATE", "ENTRIES", "CLAIMS", "UP TO DATE", "ERROR");
        foreach (Feed feed in list.Items)
        {
            table.Add(feed.Name, feed.Kind, feed.Action, feed.State, ApiCall.Number(feed.Entries), ApiCall.Number(feed.Claims), Moment.Ago(feed.LastSuccess, call.Now, "never"), feed.Held ?? feed.LastError ?? "");
        }

        call.Page(table, nextCursor: null);
    });

    private static Task CatalogueAsync(ApiCall call) => call.ShowAsync(call.Api.Feeds.ListAsync(call.Cancellation), list =>
    {
        Table table = new("NAME", "USED", "ABOUT", "URL");
        foreach (CatalogueFeed known in list.Catalogue)
        {
            table.Add(known.Name, known.IsUsed ? "yes" : "no", known.About, known.Url);
        }

        call.Print(table);
    });

    private string NameOf(ApiCall call) => call.Line.GetRequiredValue(_name);

    private Task ShowAsync(ApiCall call) => call.ShowAsync(call.Api.Feeds.ReadAsync(NameOf(call), call.Cancellation), feed =>
    {
        Table table = new("", "");
        table.Add("name", feed.Name);
        table.Add("url", feed.Url);
        table.Add("format", feed.Field.Length == 0 ? feed.Format : $"{feed.Format}, {feed.Field}");
        table.Add("does", $"{feed.Kind}: {feed.Action}, score {feed.Score}");
        table.Add("token", feed.HasToken ? $"stored, never shown ({feed.Header})" : "none");
        table.Add("state", feed.State);
        table.Add("up to date", Moment.Ago(feed.LastSuccess, call.Now, "never"));
        table.Add("entries", $"{ApiCall.Number(feed.Entries)}, {ApiCall.Number(feed.Claims)} claimed");
        table.Add("reserved", feed.Reserved.Count == 0 ? "none" : string.Join(' ', feed.Reserved));
        table.Add("waits", feed.Held ?? "no");
        table.Add("last run", feed.LastRun is { } run ? $"{run.Outcome}: {run.Sentence}" : "none since the start");
        call.Print(table);
    });

    private Task AddAsync(ApiCall call) => call.ShowAsync(
        call.Api.Feeds.AddAsync(_options.Read(call.Line, new FeedDraft(NameOf(call))), call.Cancellation),
        feed => call.Say($"Made the feed '{feed.Name}' ({feed.Action}); '{call.Shell.Name} feeds show {feed.Name}' tells how it does."));

    private async Task ChangeAsync(ApiCall call, Func<FeedDraft, FeedDraft> change)
    {
        Answer<Feed> found = await call.Api.Feeds.ReadAsync(NameOf(call), call.Cancellation).Must();
        Feed feed = found.Value!;

        // Line ends of the certificate are part of it, and texts for people have none.
        string? authority = (string?)JsonNode.Parse(found.Json.Span)?["caCertificate"];
        FeedDraft before = new(null, feed.Url, feed.Format, feed.Field, feed.Kind, feed.Action, feed.Score, feed.IntervalSeconds, feed.Enabled, feed.Reserved, null, feed.Header, authority);
        await call.ShowAsync(call.Api.Feeds.ReplaceAsync(feed.Name, change(before), found.Tag, call.Cancellation), now => call.Say($"Changed the feed '{now.Name}': {now.State}, {now.Action}."));
    }

    private async Task RemoveAsync(ApiCall call)
    {
        await call.Api.Feeds.RemoveAsync(NameOf(call), call.Cancellation).Must();
        if (!call.Json)
        {
            call.Say($"Removed the feed '{NameOf(call)}' and what it claimed.");
        }
    }

    private Task AcceptAsync(ApiCall call) =>
        RefreshAsync(call, call.Line.GetValue(_digest) is { } digest ? $"accept=true&digest={Uri.EscapeDataString(digest)}" : "accept=true");

    private async Task RefreshAsync(ApiCall call, string query)
    {
        FeedRun run = await call.ShowAsync(call.Api.Feeds.RefreshAsync(NameOf(call), query, call.Cancellation), found => Print(call, found));
        if (run.Outcome is "failed" or "held")
        {
            throw new CliException(CliExit.Refused, run.Sentence);
        }
    }

    private Task RunsAsync(ApiCall call) => call.ShowAsync(call.Api.Feeds.RunsAsync(NameOf(call), call.Cancellation), list =>
    {
        Table table = new("TIME", "OUTCOME", "ENTRIES", "ADDED", "REMOVED", "INVALID", "REFUSED", "SAID");
        foreach (FeedRun run in list.Items)
        {
            table.Add(Moment.Text(run.Time, "-"), run.Outcome, ApiCall.Number(run.Entries), ApiCall.Number(run.Added), ApiCall.Number(run.Removed), ApiCall.Number(run.Invalid), ApiCall.Number(run.Refused), run.Sentence);
        }

        call.Page(table, nextCursor: null);
    });

    private Task ImpactAsync(ApiCall call) => call.ShowAsync(call.Api.Feeds.ImpactAsync(NameOf(call), call.Cancellation), report =>
    {
        if (report.HeldDigest is { } digest)
        {
            call.Say($"'{call.Shell.Name} feeds accept {report.Feed} --digest {digest}' brings this list into force, and no other one.");
        }

        call.Say($"The list {(report.IsHeld ? "that waits for you" : "in force")} has {ApiCall.Number(report.Entries)} entries.");
        Print(call, report.Impact);
    });

    private static void Print(ApiCall call, FeedRun run)
    {
        call.Say($"{run.Outcome}: {run.Sentence} {ApiCall.Number(run.Entries)} entries, {ApiCall.Number(run.Added)} added, {ApiCall.Number(run.Removed)} removed, {ApiCall.Number(run.Invalid)} rows invalid, {ApiCall.Number(run.Refused)} entries refused, {ApiCall.Number(run.Excepted)} left out for an allow list.");
        foreach (string sample in run.InvalidSamples.Concat(run.RefusedSamples))
        {
            call.Say($"  {sample}");
        }

        if (run.Outcome is "dry-run" or "held")
        {
            Print(call, run.Impact);
        }
    }

    private static void Print(ApiCall call, FeedImpact? impact)
    {
        if (impact is null)
        {
            call.Say("Detection does not run here, so nothing is known of your own traffic.");
            return;
        }

        call.Say($"Of the sources of the last days it holds {ApiCall.Number(impact.Sources)}, of which {ApiCall.Number(impact.Users)} are ordinary users of yours.");
        if (impact.Agreeing.Count > 0)
        {
            call.Say($"Other feeds that hold some of them: {string.Join(", ", impact.Agreeing.Select(other => $"{other.Key} ({ApiCall.Number(other.Value)})"))}.");
        }

        Table table = new("SOURCE", "ENTRY", "USER", "USES", "PHASE", "LAST SEEN", "OTHER FEEDS");
        foreach (ImpactSample sample in impact.Samples)
        {
            table.Add(sample.Address, sample.Entry, sample.IsUser ? "yes" : "no", ApiCall.Number(sample.Uses), sample.Phase, Moment.Text(sample.LastSeen, "-"), string.Join(' ', sample.OtherFeeds));
        }

        if (impact.Samples.Count > 0)
        {
            call.Print(table);
        }
    }
}
