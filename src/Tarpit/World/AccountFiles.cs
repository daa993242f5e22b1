using System.Globalization;

namespace Blackwall.Tarpit.World;

/// <summary>/etc/passwd, /etc/group, /etc/shadow and what belongs to them.</summary>
internal static class AccountFiles
{
    private const int ShadowGroup = 42;

    public static void AddTo(TreeBuilder tree)
    {
        Machine machine = tree.Machine;
        int day = (int)(machine.SetUp - DateTimeOffset.UnixEpoch).TotalDays;
        string users = string.Concat(WorldUsers.All(machine).Select(user => string.Create(CultureInfo.InvariantCulture, $"{user.Name}:x:{user.Id}:{user.Group}:{user.Text}:{user.Home}:{user.Shell}\n")));
        string groups = string.Concat(WorldUsers.Groups(machine).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Name}:x:{group.Id}:{group.Members}\n")));
        string secrets = string.Concat(WorldUsers.All(machine).Select(user => string.Create(CultureInfo.InvariantCulture, $"{user.Name}:{Secret(machine, user.Name, user.Id)}:{day}:{(user.Id is >= 100 and < 1000 ? "::::" : "0:99999:7::")}:\n")));
        string groupSecrets = string.Concat(WorldUsers.Groups(machine).Select(group => $"{group.Name}:{(group.Id == 0 ? "*" : "!")}::{group.Members}\n"));
        tree.Text("/etc/passwd", users);
        tree.Text("/etc/passwd-", users);
        tree.Text("/etc/group", groups);
        tree.Text("/etc/group-", groups);
        tree.Text("/etc/shadow", secrets, 0x1A0, 0, ShadowGroup);
        tree.Text("/etc/shadow-", secrets, 0x1A0, 0, ShadowGroup);
        tree.Text("/etc/gshadow", groupSecrets, 0x1A0, 0, ShadowGroup);
        tree.Text("/etc/subuid", string.Create(CultureInfo.InvariantCulture, $"ubuntu:100000:65536\n{machine.Administrator}:165536:65536\n{machine.Deployer}:231072:65536\n"));
        tree.Text("/etc/subgid", string.Create(CultureInfo.InvariantCulture, $"ubuntu:100000:65536\n{machine.Administrator}:165536:65536\n{machine.Deployer}:231072:65536\n"));
        tree.Text("/etc/shells", "# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/usr/bin/dash\n/usr/bin/screen\n/usr/bin/tmux\n");
        tree.Text("/etc/sudoers", "#\n# This file MUST be edited with the 'visudo' command as root.\n#\nDefaults\tenv_reset\nDefaults\tmail_badpass\nDefaults\tsecure_path=\"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin\"\nDefaults\tuse_pty\n\n# User privilege specification\nroot\tALL=(ALL:ALL) ALL\n\n# Members of the admin group may gain root privileges\n%admin ALL=(ALL) ALL\n\n# Allow members of group sudo to execute any command\n%sudo\tALL=(ALL:ALL) ALL\n\n@includedir /etc/sudoers.d\n", 0x120);
        tree.Text("/etc/sudoers.d/90-cloud-init-users", $"# Created by cloud-init v. 24.3.1-0ubuntu0~24.04.2 on {machine.SetUp.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)} +0000\n\n# User rules for ubuntu\nubuntu ALL=(ALL) NOPASSWD:ALL\n", 0x120);
        tree.Text("/etc/adduser.conf", "# /etc/adduser.conf: `adduser' configuration.\n#DSHELL=/bin/bash\n#DHOME=/home\n#FIRST_UID=1000\n#LAST_UID=59999\n");
        tree.Text("/etc/login.defs", "MAIL_DIR        /var/mail\nFAILLOG_ENAB\t\tyes\nLOG_UNKFAIL_ENAB\tno\nUMASK\t\t022\nHOME_MODE\t0750\nPASS_MAX_DAYS\t99999\nPASS_MIN_DAYS\t0\nPASS_WARN_AGE\t7\nUID_MIN\t\t\t 1000\nUID_MAX\t\t\t60000\nGID_MIN\t\t\t 1000\nGID_MAX\t\t\t60000\nLOGIN_RETRIES\t\t5\nLOGIN_TIMEOUT\t\t60\nENCRYPT_METHOD YESCRYPT\n");
    }

    /// <summary>A hash as yescrypt writes it; nobody can find the password of one that is made here.</summary>
    public static string Hash(Machine machine, string name) => "$y$j9T$" + Text(machine, "salt" + name, 16) + "$" + Text(machine, "hash" + name, 32);

    private static string Text(Machine machine, string name, int length) => Convert.ToBase64String(machine.Bytes(name, length)).TrimEnd('=').Replace('+', '.');

    private static string Secret(Machine machine, string name, int id) => name is "root" or "ubuntu" ? name is "root" ? Hash(machine, name) : "!" : id >= 1000 && id < 60_000 ? Hash(machine, name) : id is >= 100 and < 1000 ? "!" : "*";
}
