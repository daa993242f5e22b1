using System.Globalization;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.World;

/// <summary>What people left on the machine: homes, /opt, /srv, backups.</summary>
internal static class HomeFiles
{
    private static readonly string[] s_applications = ["invoicer", "tracker", "billing", "intranet", "reports", "scheduler", "gateway", "catalog", "ledger", "timesheet", "inventory", "booking", "crm-sync", "mailer", "uploader", "exporter", "monitoring-agent", "feed-import"];
    private static readonly string[] s_notes = ["notes.txt", "todo.txt", "migration.md", "passwords-old.txt", "handover.txt", "server-info.txt", "README.txt", "contacts.csv", "oncall.md", "invoice-list.csv", "ips.txt", "vpn.txt"];
    private static readonly string[] s_scripts = ["backup.sh", "sync-files.sh", "rotate.sh", "check-disk.sh", "deploy.sh", "dump-db.sh", "cleanup.sh", "renew-cert.sh", "export.sh", "restart-web.sh"];

    /// <summary>Names of folders that are shared.</summary>
    public static IReadOnlyList<string> Shares { get; } = ["public", "finance", "scans", "projects", "transfer", "media", "archive", "exchange", "team", "hr-docs", "contracts", "design"];

    public static void AddTo(TreeBuilder tree)
    {
        Machine m = tree.Machine;
        Website site = new(m);
        (string Home, int Id)[] homes = [("/root", 0), ("/home/ubuntu", 1000), ("/home/" + m.Administrator, 1001), ("/home/" + m.Deployer, 1002)];
        foreach ((string home, int id) in homes)
        {
            tree.Folder(home, id == 0 ? 0x1C0 : 0x1E8, id, id);
            tree.Text(home + "/.bashrc", ShellFiles.Bashrc(isRoot: id == 0), 0x1A4, id, id);
            tree.Text(home + "/.profile", ShellFiles.Profile(isRoot: id == 0), 0x1A4, id, id);
            tree.Text(home + "/.bash_logout", ShellFiles.Logout, 0x1A4, id, id);
            tree.Folder(home + "/.ssh", 0x1C0, id, id);
            tree.Text(home + "/.ssh/authorized_keys", id == 1000 ? "" : Key(m, home) + "\n", 0x180, id, id);
            tree.Folder(home + "/.cache", 0x1C0, id, id);
        }

        foreach ((string name, string text) in new[] { (".bashrc", ShellFiles.Bashrc(isRoot: false)), (".profile", ShellFiles.Profile(isRoot: false)), (".bash_logout", ShellFiles.Logout) })
        {
            tree.Text("/etc/skel/" + name, text);
        }

        string script = Script(m), application = m.Pick("application", s_applications), second = m.Pick("application2", s_applications), note = m.Pick("note", s_notes), share = m.Pick("share", Shares);
        string admin = "/home/" + m.Administrator, database = site.Credentials.Shop.User;
        tree.Text("/root/.bash_history", $"apt update\napt upgrade -y\nsystemctl restart apache2\ntail -f /var/log/apache2/error.log\ndf -h\nmysql -u {database} -p shop\nls -la /var/www/html\n/root/{script}\nnano /etc/apache2/sites-available/000-default.conf\nless /srv/{share}/README\nreboot\n", 0x180);
        tree.Text($"/root/{script}", $"#!/bin/bash\n# {m.Administrator}, {m.SetUp.AddDays(9).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}\nset -e\nDEST=/var/backups/{application}\nmkdir -p $DEST\nmysqldump -u {database} shop | gzip > $DEST/shop-$(date +%F).sql.gz\nfind $DEST -name '*.gz' -mtime +14 -delete\n", 0x1C0, modified: m.SetUp.AddDays(9));
        tree.Text("/root/.my.cnf", $"[client]\nuser={database}\npassword={site.Credentials.Shop.Password}\n", 0x180, modified: m.SetUp.AddDays(9));
        tree.Text($"{admin}/.bash_history", $"sudo -i\ncd /opt/{application}\ngit pull\nsudo systemctl status {application}\ncat ~/{note}\nexit\n", 0x180, 1001, 1001);
        tree.Text($"{admin}/{note}", $"{site.Title}\n\n- {m.HostName}: web + db, application in /opt/{application}\n- shares below /srv/{share}\n- nightly dump: /root/{script}, see /var/backups/{application}\n- ask {m.Pick("colleague", Machine.FirstNames)} before touching {second}\n", 0x1A4, 1001, 1001, m.SetUp.AddDays(23));
        tree.Text($"/home/{m.Deployer}/.ssh/known_hosts", $"|1|{Convert.ToBase64String(m.Bytes("known1", 20))}|{Convert.ToBase64String(m.Bytes("known2", 20))} ssh-ed25519 {Convert.ToBase64String(m.Bytes("known3", 39))}\n", 0x180, 1002, 1002);
        tree.Text($"/home/{m.Deployer}/.ssh/id_ed25519.pub", $"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{Convert.ToBase64String(m.Bytes("deploy-key", 32)).TrimEnd('=')} {m.Deployer}@{m.HostName}\n", 0x1A4, 1002, 1002);
        foreach (string name in new[] { application, second })
        {
            tree.Text($"/opt/{name}/config.yml", $"name: {name}\nlisten: 127.0.0.1:{m.Number("port" + name, 8100, 9900)}\ndatabase:\n  host: 127.0.0.1\n  name: shop\n  user: {database}\n", 0x1A0, 1002, 33, m.SetUp.AddDays(11));
            tree.Text($"/opt/{name}/VERSION", $"{m.Number("major" + name, 1, 5)}.{m.Number("minor" + name, 0, 20)}.{m.Number("fix" + name, 0, 9)}\n", 0x1A4, 1002, 33, m.SetUp.AddDays(11));
            tree.Text($"/opt/{name}/README.md", $"# {name}\n\nInternal tool of {site.Title}. Deployed by {m.Deployer}.\n", 0x1A4, 1002, 33, m.SetUp.AddDays(11));
        }

        tree.Text($"/srv/{share}/README", $"Shared files of {site.Brand}. Do not store private data here.\n", modified: m.SetUp.AddDays(14));
        for (int n = 0; n < 14; n++)
        {
            DateTimeOffset day = LastDump(m).AddDays(-n);
            tree.Put(string.Create(CultureInfo.InvariantCulture, $"/var/backups/{application}/shop-{day:yyyy-MM-dd}.sql.gz"), new FileNode { Content = new PackagedContent("/var/backups", $"shop-{n}.sql.gz", 48_000 + m.Number($"dump{n}", 0, 4000), Packages.PackageTexts.Make), Mode = 0x180, Modified = day });
            tree.Put(string.Create(CultureInfo.InvariantCulture, $"/srv/{share}/{m.Pick($"document{n}", s_documents)}-{m.Number($"documentn{n}", 1, 400)}.pdf"), new FileNode { Content = new PackagedContent("/srv", $"d{n}.bin", 30_000 + m.Number($"size{n}", 0, 400_000), Packages.PackageTexts.Make), User = 1001, Group = 1001, Modified = m.SetUp.AddDays(15 + n) });
        }

        tree.Text("/var/mail/root", $"From root@{m.HostName} {m.BootTime.ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture)}\nSubject: Cron <root@{m.HostName}> test -x /usr/sbin/anacron\n\nrun-parts: finished\n", 0x180, 0, 8, m.BootTime);
        tree.Text("/var/spool/cron/crontabs/root", $"# DO NOT EDIT THIS FILE - edit the master and reinstall.\n# (/tmp/crontab.{Convert.ToHexStringLower(m.Bytes("crontab", 3))}/crontab installed on {m.SetUp.AddDays(9).ToString("ddd MMM  d HH:mm:ss yyyy", CultureInfo.InvariantCulture)})\n# (Cron version -- $Id: crontab.c,v 2.13 1994/01/17 03:20:37 vixie Exp $)\n# m h  dom mon dow   command\n{CronMinute(m)} {CronHour} * * * {CronCommand(m)}\n", 0x180, 0, 110, m.SetUp.AddDays(9));
    }

    /// <summary>Hour and minute at which root's own crontab has its command run each day.</summary>
    public const int CronHour = 2;

    public static int CronMinute(Machine m) => m.Number("minute", 1, 59);

    public static string CronCommand(Machine m) => $"/root/{Script(m)} >/dev/null 2>&1";

    // The night before the tree was made.
    private static DateTimeOffset LastDump(Machine m)
    {
        DateTimeOffset due = new DateTimeOffset(m.Now.UtcDateTime.Date, TimeSpan.Zero).AddHours(CronHour).AddMinutes(CronMinute(m)).AddSeconds(2);
        return due <= m.Now ? due : due.AddDays(-1);
    }

    private static string Script(Machine m) => m.Pick("script", s_scripts);

    private static readonly string[] s_documents = ["invoice", "offer", "contract", "scan", "report", "minutes", "order", "plan", "quote", "list"];

    private static string Key(Machine m, string home) => $"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{Convert.ToBase64String(m.Bytes("key" + home, 32)).TrimEnd('=')} {m.Pick("colleague", Machine.FirstNames)}@laptop";
}
