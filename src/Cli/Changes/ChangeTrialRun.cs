using System.Globalization;
using Blackwall.Cli.Connection;
using Blackwall.Client;
using Blackwall.Client.Changes;

namespace Blackwall.Cli.Changes;

/// <summary>Tries a change and asks whoever typed it whether it stays.</summary>
internal sealed class ChangeTrialRun(ApiCall call)
{
    public const long DefaultSeconds = 60;

    public async Task ProposeAndTryAsync(ChangeDraft draft, long seconds)
    {
        Answer<Change> made = await call.Api.Changes.ProposeAsync(draft, call.Cancellation).Must();
        await TryAsync(made.Value!.Id ?? 0, seconds);
    }

    /// <summary>Takes back, or drops, the change that is open; says which.</summary>
    public async Task EndOpenAsync()
    {
        Answer<ChangeList> all = await call.Api.Changes.ListAsync(call.Cancellation).Must();
        foreach (Change open in all.Value!.Items.Where(change => change.State is "trial" or "shadow"))
        {
            Answer<Change> ended = await call.Api.Changes.RevertAsync(open.Id ?? 0, call.Cancellation).Must();
            if (!call.Json)
            {
                Tell(ended.Value!, null);
            }
        }
    }

    /// <summary>Brings a change in force and keeps it, without asking.</summary>
    public async Task ProposeAndKeepAsync(ChangeDraft draft)
    {
        Answer<Change> made = await call.Api.Changes.ProposeAsync(draft, call.Cancellation).Must();
        long id = made.Value!.Id ?? 0;
        await call.Api.Changes.TryAsync(id, DefaultSeconds, call.Cancellation).Must();
        await call.ShowAsync(call.Api.Changes.ConfirmAsync(id, call.Cancellation), kept => Tell(kept, null));
    }

    public async Task TryAsync(long id, long seconds)
    {
        if (call.Shell.Input is null || call.Json)
        {
            await call.ShowAsync(call.Api.Changes.TryAsync(id, seconds, call.Cancellation), tried => Tell(tried, $"Confirm with '{call.Again($"confirm {ApiCall.Number(id)}")}', or it goes back by itself."));
            return;
        }

        // The answer comes over the operator's own connection: whoever is locked out cannot give it.
        Tell((await call.Api.Changes.TryAsync(id, seconds, call.Cancellation).Must()).Value!, null);
        bool kept = await call.ConfirmedAsync(string.Create(CultureInfo.InvariantCulture, $"Is all as it should be? Type y within {seconds} s to keep it: "));
        Answer<Change> ended = await (kept ? call.Api.Changes.ConfirmAsync(id, call.Cancellation) : call.Api.Changes.RevertAsync(id, call.Cancellation)).Must();
        Tell(ended.Value!, null);
    }

    /// <summary>The change that is on trial; null: none, or the key may not read changes.</summary>
    /// <exception cref="CliException">The appliance cannot be reached.</exception>
    public static async Task<Answer<Change>> OnTrialAsync(ApiCall call)
    {
        Answer<ChangeList> all = await call.Api.Changes.ListAsync(call.Cancellation);
        return all.Failure is { Answered: false } failure
            ? throw ApiAnswers.Failed(failure)
            : new Answer<Change>(all.Value?.Items.FirstOrDefault(change => change.State is "trial"), null);
    }

    public void Tell(Change change, string? next)
    {
        call.Say(ChangeViews.Sentence(change, call.Now));
        foreach (string? more in new[] { change.Note, next })
        {
            if (more is not null)
            {
                call.Say(more);
            }
        }
    }
}
