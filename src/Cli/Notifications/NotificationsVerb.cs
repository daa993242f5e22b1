using Blackwall.Cli.Connection;
using Blackwall.Cli.Tables;
using Blackwall.Client.Notifications;

namespace Blackwall.Cli.Notifications;

/// <summary>"notifications": how people are reached; "notifications test" sends one.</summary>
internal sealed class NotificationsVerb : ApiVerb
{
    public NotificationsVerb(Shell shell)
        : base(shell, "notifications", "how people are told of blocks and faults (section [notify] of the configuration), and whether it arrives", VerbGroup.Machine) =>
        Below("test", "send a test by every channel that is configured, and say what came of it", TestAsync);

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Notifications.ListAsync(call.Cancellation), list => Print(call, list));

    private static async Task TestAsync(ApiCall call)
    {
        NotificationList list = await call.ShowAsync(call.Api.Notifications.TestAsync(call.Cancellation), found => Print(call, found));
        if (!list.Items.Any(channel => channel.Used))
        {
            throw new CliException(CliExit.Refused, "No channel is configured; set notify.webhook, notify.syslog or notify.mail_to.");
        }

        if (list.Items.FirstOrDefault(channel => channel is { Used: true, Fault: not null }) is { } faulty)
        {
            throw new CliException(CliExit.Refused, $"The test by {faulty.Name} did not arrive: {faulty.Fault}");
        }
    }

    private static void Print(ApiCall call, NotificationList list)
    {
        Table table = new("CHANNEL", "CONFIGURED", "SENT", "GIVEN UP", "FAULT");
        foreach (NotificationChannel channel in list.Items)
        {
            table.Add(channel.Name, channel.Used ? "yes" : "no", ApiCall.Number(channel.Sent), ApiCall.Number(channel.Failed), channel.Fault ?? "none");
        }

        call.Print(table);
    }
}
