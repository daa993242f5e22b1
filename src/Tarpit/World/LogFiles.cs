using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World.Packages;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.World;

/// <summary>/var/log: logs of the past in the base tree, and those that grow, of each visitor.</summary>
internal static class LogFiles
{
    private const int LogUser = 102;
    private const int AdminGroup = 4;
    private const int OlderLogs = 4;

    public static void AddTo(TreeBuilder tree)
    {
        Machine machine = tree.Machine;
        MachineState nobody = new(machine);
        SystemLog log = new(nobody);
        tree.Folder("/var/log/apache2", 0x1E8, 0, AdminGroup);
        tree.Folder("/var/log/mysql", 0x5E8, 107, AdminGroup);
        tree.Folder("/var/log/apt");
        tree.Folder("/var/log/journal/" + machine.MachineId, 0x5ED, 0, 999);
        foreach (string name in SystemLog.Names.Where(name => name is not "kern.log"))
        {
            for (int week = 1; week <= OlderLogs; week++)
            {
                int back = week;
                DateTimeOffset until = log.Began.AddDays(-7 * (back - 1)), since = until.AddDays(-7);
                if (since < machine.SetUp)
                {
                    break;
                }

                string text() => string.Concat(log.Lines(name, since, until).OrderBy(line => line.When).Select(line => line.Line + "\n"));
                IFileContent content = back == 1 ? new GeneratedContent(() => Encoding.UTF8.GetBytes(text())) : new GeneratedContent(() => StoredGzip.Of(Encoding.UTF8.GetBytes(text())));
                tree.Put(string.Create(CultureInfo.InvariantCulture, $"/var/log/{name}.{back}{(back == 1 ? "" : ".gz")}"), new FileNode { Content = content, Mode = 0x1A0, User = name.Contains('/', StringComparison.Ordinal) ? 0 : LogUser, Group = AdminGroup, Modified = until });
            }
        }

        tree.Text("/var/log/kern.log.1", "", 0x1A0, LogUser, AdminGroup, log.Began);
        tree.Put("/var/log/dmesg", new FileNode { Content = new GeneratedContent(() => Encoding.UTF8.GetBytes(string.Concat(KernelLog.Lines(machine).Select(line => string.Create(CultureInfo.InvariantCulture, $"[{line.Seconds,12:0.000000}] kernel: {line.Text}\n"))))), Mode = 0x1A0, Group = AdminGroup, Modified = machine.BootTime.AddSeconds(12) });
        tree.Put("/var/log/dpkg.log", new FileNode { Content = new GeneratedContent(() => Packages(machine)), Modified = machine.Upgraded });
        tree.Text("/var/log/apt/history.log", $"\nStart-Date: {machine.Upgraded.AddMinutes(-3).ToString("yyyy-MM-dd  HH:mm:ss", CultureInfo.InvariantCulture)}\nCommandline: apt upgrade -y\nRequested-By: {machine.Administrator} (1001)\nUpgrade: linux-image-{machine.Kernel}:amd64, linux-modules-{machine.Kernel}:amd64\nEnd-Date: {machine.Upgraded.ToString("yyyy-MM-dd  HH:mm:ss", CultureInfo.InvariantCulture)}\n", modified: machine.Upgraded);
        tree.Text("/var/log/cloud-init.log", $"{machine.SetUp.ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture)} - util.py[DEBUG]: Cloud-init v. 24.3.1-0ubuntu0~24.04.2 running 'init-local'\n", 0x1A0, LogUser, AdminGroup, machine.BootTime);
        tree.Text("/var/log/alternatives.log", $"update-alternatives {machine.SetUp.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}: run with --quiet --install /usr/bin/editor editor /bin/nano 40\n", modified: machine.SetUp);
        tree.Text("/var/log/mysql/error.log", "", 0x1A0, 107, AdminGroup, log.Began);
        tree.Text("/var/log/btmp", "", 0x1B0, 0, 43, log.Began);
        tree.Put("/var/log/wtmp", new FileNode { Content = new StoredContent(new byte[384 * 6]), Mode = 0x1B4, Group = 43, Modified = machine.BootTime });
        tree.Put("/var/log/lastlog", new FileNode { Content = new StoredContent(new byte[292 * 4]), Mode = 0x1B4, Group = 43, Modified = machine.BootTime });
        tree.Text("/var/log/faillog", "", 0x1A4);
    }

    /// <summary>The logs that are written to, as one visitor finds them.</summary>
    public static IEnumerable<(string Path, FileNode File)> Growing(MachineState state)
    {
        SystemLog log = new(state);
        foreach (string name in SystemLog.Names)
        {
            bool isWeb = name.Contains('/', StringComparison.Ordinal);
            DateTimeOffset began = name is "kern.log" ? state.Machine.BootTime.AddSeconds(-1) : log.Began;
            yield return ("/var/log/" + name, new FileNode { Content = Content(log, name, [], began), Mode = 0x1A0, User = isWeb ? 0 : LogUser, Group = AdminGroup });
        }
    }

    /// <summary>A log as a visitor left it.</summary>
    public static LogContent Restore(MachineState state, string name, byte[] kept, DateTimeOffset since) => Content(new SystemLog(state), name, kept, since);

    private static LogContent Content(SystemLog log, string name, byte[] kept, DateTimeOffset since) => new(name, kept, since, after => log.Since(name, after));

    private static byte[] Packages(Machine machine)
    {
        StringBuilder text = new();
        DateTimeOffset when = machine.Upgraded.AddMinutes(-3);
        string version = $"6.8.0-{machine.Kernel.Split('-')[1]}.{machine.Kernel.Split('-')[1]}";
        foreach (string package in new[] { "linux-modules-" + machine.Kernel, "linux-image-" + machine.Kernel, "linux-headers-" + machine.Kernel, "linux-generic" })
        {
            foreach (string state in new[] { "half-installed", "unpacked", "half-configured", "installed" })
            {
                when = when.AddSeconds(4);
                text.Append(CultureInfo.InvariantCulture, $"{when:yyyy-MM-dd HH:mm:ss} status {state} {package}:amd64 {version}\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
