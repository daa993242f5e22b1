using System.CommandLine;
using System.Globalization;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Client.Sessions;

namespace Blackwall.Cli.Sessions;

/// <summary>"session": what happened in one session of the tarpit, in order.</summary>
internal sealed class SessionVerb : ApiVerb
{
    private static readonly TimeSpan s_followEvery = TimeSpan.FromSeconds(1);

    private readonly Argument<string> _id = Arg.Text("SESSION", "as 'sessions' lists it");
    private readonly Option<bool> _follow = Opt.Flag("--follow", "and what happens, until it ends");
    private readonly ListOptions _list;

    public SessionVerb(Shell shell)
        : base(shell, "session", "what happened in one session of the tarpit, in order", VerbGroup.Records)
    {
        Arguments.Add(_id);
        Options.Add(_follow);
        _list = new ListOptions(this);
    }

    protected override Task RunAsync(ApiCall call)
    {
        string id = call.Line.GetRequiredValue(_id);
        return call.Line.GetValue(_follow)
            ? FollowAsync(call, id)
            : call.ShowAsync(call.Api.Sessions.EventsAsync(id, _list.Query(call.Line), call.Cancellation), page => call.Page(SessionViews.Transcript(page.Items), page.NextCursor));
    }

    private static async Task FollowAsync(ApiCall call, string id)
    {
        int seen = 0;
        while (!call.Cancellation.IsCancellationRequested)
        {
            string query = seen == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"cursor={seen}");
            Client.Answer<SessionEventPage> answer = await call.Api.Sessions.EventsAsync(id, query, call.Cancellation);
            if (call.Cancellation.IsCancellationRequested)
            {
                return;
            }

            SessionEventPage page = answer.Value ?? throw ApiAnswers.Failed(answer.Failure!);
            foreach (SessionEvent happened in page.Items)
            {
                call.Say(SessionViews.Line(happened));
            }

            await call.Output.FlushAsync(CancellationToken.None);
            seen += page.Items.Count;
            if (page.Items is [.., { Kind: "close" }])
            {
                return;
            }

            if (page.NextCursor is null)
            {
                await Task.Delay(s_followEvery, call.Shell.Time, call.Cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
