using System.CommandLine;
using System.Text.Json.Nodes;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client;
using Blackwall.Client.Sinks;

namespace Blackwall.Cli.Sinks;

/// <summary>"sinks": where events are forwarded to; "add", "change", "pause", "resume", "remove", "test", "refused" and "retry" are about one.</summary>
internal sealed class SinksVerb : ApiVerb
{
    private readonly Argument<string> _name = Arg.Text("NAME", "name of the sink");
    private readonly SinkOptions _options;
    private readonly ListOptions _list;

    public SinksVerb(Shell shell)
        : base(shell, "sinks", "where events are forwarded to (Splunk, syslog, Elastic, webhooks), and how that goes", VerbGroup.Machine)
    {
        Command add = Below("add", "make a sink; it gets what happens from now on", AddAsync);
        Command change = Below("change", "give a sink other settings; what is not said stays", call => ChangeAsync(call, before => _options!.Read(call.Line, null, before)));
        _options = new SinkOptions(add, change);
        Command refused = Below("refused", "events that a sink refused for what they are, newest first", RefusedAsync);
        _list = new ListOptions(refused);
        foreach (Command command in new[]
        {
            add,
            change,
            Below("show", "one sink in full", ShowAsync),
            Below("pause", "send nothing more until it is resumed; events wait in the log", call => ChangeAsync(call, before => before with { Enabled = false })),
            Below("resume", "go on where a paused sink stopped", call => ChangeAsync(call, before => before with { Enabled = true })),
            Below("remove", "delete a sink, and what it refused", RemoveAsync),
            Below("test", "send one event of the kind test, and say what came of it", TestAsync),
            refused,
            Below("retry", "send once more what a sink refused, after its settings were mended", RetryAsync),
        })
        {
            command.Arguments.Add(_name);
        }
    }

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Sinks.ListAsync(call.Cancellation), list =>
    {
        Table table = new("NAME", "KIND", "FORMAT", "STATE", "SENT", "REFUSED", "BEHIND", "URL", "ERROR");
        foreach (Sink sink in list.Items)
        {
            table.Add(sink.Name, sink.Kind, sink.Format, sink.State, ApiCall.Number(sink.Sent), ApiCall.Number(sink.Refused), ApiCall.Number(sink.Behind), sink.Url, sink.LastError ?? "");
        }

        call.Page(table, nextCursor: null);
    });

    private string NameOf(ApiCall call) => call.Line.GetRequiredValue(_name);

    private Task ShowAsync(ApiCall call) => call.ShowAsync(call.Api.Sinks.ReadAsync(NameOf(call), call.Cancellation), sink =>
    {
        Table table = new("", "");
        table.Add("name", sink.Name);
        table.Add("kind", $"{sink.Kind}, {sink.Format}");
        table.Add("url", sink.Url);
        table.Add("secret", sink.HasToken ? "stored, never shown" : "none");
        table.Add("events", $"{(sink.Kinds.Count == 0 ? "all kinds" : string.Join(' ', sink.Kinds))}, from severity {sink.MinSeverity}");
        table.Add("state", sink.LastError is null ? sink.State : $"{sink.State}: {sink.LastError}");
        table.Add("sent", $"{ApiCall.Number(sink.Sent)}, last {Moment.Ago(sink.LastSent, call.Now, "never")}");
        table.Add("waiting", ApiCall.Number(sink.Behind));
        table.Add("refused", $"{ApiCall.Number(sink.Refused)} since the start ('sinks refused {sink.Name}' lists what is kept)");
        table.Add("missed", ApiCall.Number(sink.Missed));
        table.Add("failures", ApiCall.Number(sink.Failures));
        call.Print(table);
    });

    private async Task AddAsync(ApiCall call)
    {
        SinkDraft draft = _options.Read(call.Line, NameOf(call), before: null);
        await call.ShowAsync(call.Api.Sinks.AddAsync(draft, call.Cancellation), sink => call.Say($"Made the sink '{sink.Name}'; '{call.Shell.Name} sinks test {sink.Name}' sends it an event."));
    }

    private async Task ChangeAsync(ApiCall call, Func<SinkDraft, SinkDraft> change)
    {
        Answer<Sink> found = await call.Api.Sinks.ReadAsync(NameOf(call), call.Cancellation).Must();
        Sink sink = found.Value!;

        // Line ends of the certificate are part of it, and texts for people have none.
        string? authority = (string?)JsonNode.Parse(found.Json.Span)?["caCertificate"];
        SinkDraft before = new(null, sink.Kind, sink.Url, sink.Format, sink.Enabled, Token: null, sink.Index, sink.SourceType, sink.Acknowledge, sink.MinSeverity, sink.Kinds, authority);
        await call.ShowAsync(call.Api.Sinks.ReplaceAsync(sink.Name, change(before), found.Tag, call.Cancellation), now => call.Say($"Changed the sink '{now.Name}': {now.State}."));
    }

    private async Task RemoveAsync(ApiCall call)
    {
        await call.Api.Sinks.RemoveAsync(NameOf(call), call.Cancellation).Must();
        if (!call.Json)
        {
            call.Say($"Removed the sink '{NameOf(call)}'.");
        }
    }

    private async Task TestAsync(ApiCall call)
    {
        SinkTest test = await call.ShowAsync(call.Api.Sinks.TestAsync(NameOf(call), call.Cancellation), found =>
        {
            if (found.Delivered)
            {
                call.Say($"The sink took the event {found.EventId}.");
            }
        });
        if (!test.Delivered)
        {
            throw new CliException(CliExit.Refused, $"The sink did not take the event {test.EventId}: {test.Error}");
        }
    }

    private Task RefusedAsync(ApiCall call) => call.ShowAsync(call.Api.Sinks.RefusedAsync(NameOf(call), _list.Query(call.Line), call.Cancellation), page =>
    {
        Table table = new("EVENT", "TIME", "KIND", "WHY");
        foreach (RefusedEvent refused in page.Items)
        {
            table.Add(refused.EventId, Moment.Text(refused.Time, "-"), refused.Kind, refused.Why);
        }

        call.Page(table, page.NextCursor);
    });

    private async Task RetryAsync(ApiCall call)
    {
        SinkRetry done = await call.ShowAsync(
            call.Api.Sinks.RetryAsync(NameOf(call), call.Cancellation),
            found => call.Say($"The sink took {ApiCall.Number(found.Sent)}, and refused {ApiCall.Number(found.Refused)} again."));
        if (done.Error is { } error)
        {
            throw new CliException(CliExit.Refused, $"The rest could not be sent: {error}");
        }
    }
}
