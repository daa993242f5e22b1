using System.Globalization;
using Blackwall.Tarpit.Shell;

namespace Blackwall.Tarpit.World;

/// <summary>Message of the day and last login, as pam_motd and sshd write them. ASCII; lines end as on a terminal.</summary>
internal static class Greeting
{
    public static string Text(Visit visit)
    {
        Machine machine = visit.Machine;
        string usage = string.Create(CultureInfo.InvariantCulture, $"{machine.DiskUsedKilobytes * 100.0 / machine.DiskKilobytes:0.0}% of {machine.DiskKilobytes / 1024.0 / 1024:0.00}GB");
        string load = Load.Averages(machine).Split(',')[0];
        (DateTimeOffset When, string From)? last = visit.Memory.RecordLogin(machine.Now, visit.Remote.Address.ToString());
        string text = $"""
            Welcome to {machine.Release} (GNU/Linux {machine.Kernel} x86_64)

             * Documentation:  https://help.ubuntu.com
             * Management:     https://landscape.canonical.com
             * Support:        https://ubuntu.com/pro

             System information as of {Stamp(machine.Now)} UTC {machine.Now.Year}

              System load:  {load,-18}Processes:             {Processes.List(visit).Count + 88}
              Usage of /:   {usage,-18}Users logged in:       0
              Memory usage: 21%               IPv4 address for eth0: {visit.Local.Address}
              Swap usage:   0%

            Expanded Security Maintenance for Applications is not enabled.

            0 updates can be applied immediately.

            Enable ESM Apps to receive additional future security updates.
            See https://ubuntu.com/esm or run: sudo pro status


            {(last is { } before ? $"Last login: {Stamp(before.When)} {before.When.Year} from {before.From}\n" : $"Last login: {Stamp(machine.BootTime.AddDays(1))} {machine.BootTime.Year} from 10.{machine.Number("last1", 0, 250)}.{machine.Number("last2", 0, 250)}.{machine.Number("last3", 2, 250)}\n")}
            """;
        return text.Replace("\n", "\r\n", StringComparison.Ordinal).Replace("\r\r", "\r", StringComparison.Ordinal);
    }

    private static string Stamp(DateTimeOffset time) =>
        time.ToString("ddd MMM ", CultureInfo.InvariantCulture) + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + time.ToString(" HH:mm:ss", CultureInfo.InvariantCulture);
}
