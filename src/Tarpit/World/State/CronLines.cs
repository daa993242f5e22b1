using System.Globalization;

namespace Blackwall.Tarpit.World.State;

/// <summary>Commands that cron ran for a visitor, as syslog and auth.log have them. The newest are kept, with what else he set.</summary>
internal static class CronLines
{
    private const string Kept = "cron:";
    private const int Most = 60, Longest = 240;

    public static void Add(MachineState state, DateTimeOffset when, int process, (string Name, int Id) user, string command)
    {
        IReadOnlyList<KeyValuePair<string, string>> before = state.Kept.Below(Kept);
        for (int n = 0; n <= before.Count - Most; n++)
        {
            state.Kept.TrySet(Kept + before[n].Key, null);
        }

        state.Kept.TrySet(string.Create(CultureInfo.InvariantCulture, $"{Kept}{when.UtcTicks:D19}.{process}"), $"{user.Name}\t{user.Id.ToString(CultureInfo.InvariantCulture)}\t{command[..Math.Min(command.Length, Longest)]}");
    }

    public static IEnumerable<(DateTimeOffset When, string Program, string Text)> Of(MachineState state, string log)
    {
        foreach ((string key, string value) in state.Kept.Below(Kept))
        {
            if (key.Split('.') is not [var ticks, var process] || value.Split('\t', 3) is not [var user, var id, var command] || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out long moment) || moment > DateTimeOffset.MaxValue.UtcTicks)
            {
                continue;
            }

            DateTimeOffset when = new(moment, TimeSpan.Zero);
            string program = $"CRON[{process}]";
            if (log is "syslog")
            {
                yield return (when.AddTicks(9000), program, $"({user}) CMD ({command})");
            }
            else
            {
                yield return (when, program, $"pam_unix(cron:session): session opened for user {user}(uid={id}) by {user}(uid=0)");
                yield return (when.AddMilliseconds(14), program, $"pam_unix(cron:session): session closed for user {user}");
            }
        }
    }
}
