using Blackwall.Cli.Connection;

namespace Blackwall.Cli.Settings;

/// <summary>"reload": has the running appliance read its configuration again.</summary>
internal sealed class ReloadVerb(Shell shell) : ApiVerb(shell, "reload", "read the configuration again and take up what can change while the appliance runs", VerbGroup.Machine)
{
    protected override async Task RunAsync(ApiCall call)
    {
        Client.Settings.Reload result = await call.ShowAsync(call.Api.Settings.ReloadAsync(call.Cancellation), found =>
        {
            call.Say(found.Changed.Count == 0 ? "No setting has another value now; lists and files were read again." : $"Changed: {string.Join(", ", found.Changed)}.");
            if (found.Waiting.Count > 0)
            {
                call.Say($"Changed in the file, and in force after 'blackwall handover' and a new start, or a restart: {string.Join(", ", found.Waiting)}.");
            }
        });
        if (result.Faults.Count > 0)
        {
            throw new CliException(CliExit.Refused, $"Not everything was taken up: {string.Join(" ", result.Faults)}");
        }
    }
}
