using System.Globalization;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.World;

/// <summary>Message of the day and last login, as pam_motd and sshd write them. ASCII; lines end as on a terminal.</summary>
internal static class Greeting
{
    /// <summary>Where the administrator comes from.</summary>
    public static string OfficeAddress(Machine machine) => string.Create(CultureInfo.InvariantCulture, $"10.{machine.Number("last1", 0, 250)}.{machine.Number("last2", 0, 250)}.{machine.Number("last3", 2, 250)}");

    public static string Text(Visit visit)
    {
        Machine machine = visit.Machine;
        string usage = string.Create(CultureInfo.InvariantCulture, $"{machine.DiskUsedKilobytes * 100.0 / machine.DiskKilobytes:0.0}% of {machine.DiskKilobytes / 1024.0 / 1024:0.00}GB");
        string load = Load.Averages(machine).Split(',')[0];
        LoginRecord? last = visit.Memory.Logins.LastOrDefault(login => (login.Until is not null || login.Process != visit.ShellProcess) && login.Terminal.Length > 0 && string.Equals(login.User, visit.UserName, StringComparison.Ordinal));
        string text = $"""
            Welcome to {machine.Release} (GNU/Linux {machine.Kernel} x86_64)

             * Documentation:  https://help.ubuntu.com
             * Management:     https://landscape.canonical.com
             * Support:        https://ubuntu.com/pro

             System information as of {Stamp(machine.Now)} UTC {machine.Now.Year}

              System load:  {load,-18}Processes:             {visit.Memory.Processes.All.Count}
              Usage of /:   {usage,-18}Users logged in:       {visit.Memory.Logins.Count(login => login.Until is null && login.Terminal.Length > 0) - 1}
              Memory usage: {MemoryUse.Used(machine) * 100 / machine.MemoryKilobytes}%               IPv4 address for eth0: {Network.Own(visit.Local.Address)}
              Swap usage:   0%

            Expanded Security Maintenance for Applications is not enabled.

            0 updates can be applied immediately.

            Enable ESM Apps to receive additional future security updates.
            See https://ubuntu.com/esm or run: sudo pro status


            {(last is not null ? $"Last login: {Stamp(last.Since)} {last.Since.Year} from {last.From}\n" : $"Last login: {Stamp(machine.Upgraded.AddMinutes(-70))} {machine.Upgraded.Year} from {OfficeAddress(machine)}\n")}
            """;
        return text.Replace("\n", "\r\n", StringComparison.Ordinal).Replace("\r\r", "\r", StringComparison.Ordinal);
    }

    private static string Stamp(DateTimeOffset time) =>
        time.ToString("ddd MMM ", CultureInfo.InvariantCulture) + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + time.ToString(" HH:mm:ss", CultureInfo.InvariantCulture);
}
