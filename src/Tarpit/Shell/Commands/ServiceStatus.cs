using System.Globalization;
using System.Text;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>What "systemctl status" tells of a unit.</summary>
internal static class ServiceStatus
{
    private const int MostLines = 10;

    private static readonly Dictionary<string, string[]> s_documents = new(StringComparer.Ordinal)
    {
        ["ssh"] = ["man:sshd(8)", "man:sshd_config(5)"],
        ["cron"] = ["man:cron(8)"],
        ["apache2"] = ["https://httpd.apache.org/docs/2.4/"],
        ["redis-server"] = ["http://redis.io/documentation,", "man:redis-server(1)"],
        ["named"] = ["man:named(8)"],
        ["rsyslog"] = ["man:rsyslogd(8)", "man:rsyslog.conf(5)", "https://www.rsyslog.com/doc/"],
        ["dbus"] = ["man:dbus-daemon(1)"],
        ["polkit"] = ["man:polkit(8)"],
        ["udisks2"] = ["man:udisks(8)"],
        ["postfix@-"] = ["man:postfix(1)"],
        ["smbd"] = ["man:smbd(8)", "man:samba(7)", "man:smb.conf(5)"],
        ["unattended-upgrades"] = ["man:unattended-upgrade(8)"],
        ["xrdp"] = ["man:xrdp(8)", "man:xrdp.ini(5)"],
    };

    /// <param name="path">Of its unit file.</param>
    public static string Text(Invocation i, string name, string path, string description, ServiceState state, bool isEnabled)
    {
        MachineState memory = i.State.Visit.Memory;
        DateTimeOffset now = i.Machine.Now, since = memory.Services.Changed(name) ?? i.Machine.BootTime.AddSeconds(9);
        string when = since.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC; " + Ago(now - since);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{(state == ServiceState.Active ? "●" : state == ServiceState.Failed ? "×" : "○")} {name}.service - {description}\n     Loaded: loaded ({path}; {(isEnabled ? "enabled" : "disabled")}; preset: enabled)\n");
        text.Append(CultureInfo.InvariantCulture, $"     Active: {(state == ServiceState.Active ? $"active (running) since {when}" : (state == ServiceState.Failed ? "failed (Result: signal)" : "inactive (dead)") + (memory.Services.Changed(name) is null ? "" : $" since {when}"))}\n");
        string[] documents = s_documents.GetValueOrDefault(name) ?? (name.StartsWith("systemd-", StringComparison.Ordinal) ? [$"man:{name}.service(8)"] : []);
        for (int n = 0; n < documents.Length; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(n == 0 ? "       Docs:" : "            ")} {documents[n]}\n");
        }

        SystemService? service = SystemServices.Find(name);
        if (state == ServiceState.Active && service is not null)
        {
            RunningProcess[] own = [.. memory.Processes.All.Where(process => process.Service is { } of && string.Equals(of.Name, name, StringComparison.Ordinal))];
            TimeSpan used = TimeSpan.FromTicks(own.Sum(process => process.UsedTime(now).Ticks));
            text.Append(CultureInfo.InvariantCulture, $"   Main PID: {memory.Processes.MainProcess(service)} ({service.Program})\n      Tasks: {1 + service.Workers.Count} (limit: {i.Machine.MemoryKilobytes / 900})\n     Memory: {service.Memory / 1024.0:0.0}M (peak: {service.Memory / 900.0:0.0}M)\n        CPU: {Used(used)}\n     CGroup: /system.slice/{name}.service\n");
            for (int n = 0; n < own.Length; n++)
            {
                text.Append(CultureInfo.InvariantCulture, $"             {(n == own.Length - 1 ? "└─" : "├─")}{own[n].Id} {(IsTitle(own[n].Command) ? $"\"{own[n].Command}\"" : own[n].Command)}\n");
            }
        }

        string[] lines = [.. JournalLines.Of(memory, service?.Program ?? name)];
        return text.Append(lines.Length > 0 ? "\n" : "").AppendJoin("", lines[^Math.Min(MostLines, lines.Length)..]).ToString();
    }

    // A title that a process gave itself is one argument with blanks in it.
    private static bool IsTitle(string command) => command.Contains(": ", StringComparison.Ordinal) || command.StartsWith("/usr/bin/redis-server ", StringComparison.Ordinal);

    private static string Used(TimeSpan used) =>
        used.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)used.TotalHours}h {used.Minutes}min {used.Seconds}.{used.Milliseconds:000}s")
        : used.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{used.Minutes}min {used.Seconds}.{used.Milliseconds:000}s")
        : used.TotalSeconds >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{used.Seconds}.{used.Milliseconds:000}s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, used.Milliseconds)}ms");

    // As systemd tells it, of times that are over: two units, of which months have 30.44 days.
    private static string Ago(TimeSpan age)
    {
        const double month = 365.25 / 12;
        string many(int count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
        string pair(string first, int rest, string unit) => (rest > 0 ? $"{first} {many(rest, unit)}" : first) + " ago";
        int days = age.Days;
        return days >= 365.25 ? pair(many((int)(days / 365.25), "year"), (int)(days % 365.25 / month), "month")
            : days >= month ? pair(many((int)(days / month), "month"), (int)(days % month), "day")
            : days >= 7 ? pair(many(days / 7, "week"), days % 7, "day")
            : days >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{days} days ago")
            : age.TotalHours >= 25 ? string.Create(CultureInfo.InvariantCulture, $"1 day {age.Hours}h ago")
            : age.TotalHours >= 6 ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h ago")
            : age.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.Hours}h {age.Minutes}min ago")
            : age.TotalMinutes >= 5 ? string.Create(CultureInfo.InvariantCulture, $"{age.Minutes}min ago")
            : age.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.Minutes}min {age.Seconds}s ago")
            : string.Create(CultureInfo.InvariantCulture, $"{age.Seconds}s ago");
    }
}
