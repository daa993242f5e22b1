namespace Blackwall.Tarpit.Shell.Cron;

/// <summary>A command that cron runs.</summary>
/// <param name="User">As whom.</param>
/// <param name="Command">For the shell: what is before the first percent sign.</param>
/// <param name="Input">What is behind it; empty: nothing.</param>
/// <param name="Settings">Variables that the table sets before it.</param>
/// <param name="IsMachines">The machine had this line from the beginning: the course of its logs has it already.</param>
internal sealed record CronEntry(CronSchedule Schedule, string User, string Command, string Input, IReadOnlyList<KeyValuePair<string, string>> Settings, bool IsMachines)
{
    /// <summary>A variable that the table sets; null: it does not.</summary>
    public string? Setting(string name)
    {
        foreach ((string known, string value) in Settings.Reverse())
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}
