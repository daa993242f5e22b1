namespace Blackwall.Tarpit.World;

/// <summary>Tables and scripts of cron that packages brought, in our own words; private folders of services below /tmp.</summary>
internal static class CronFiles
{
    public static void AddTo(TreeBuilder tree)
    {
        tree.Text("/etc/crontab", "# /etc/crontab: system-wide crontab\nSHELL=/bin/sh\n\n# m h dom mon dow user\tcommand\n17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n25 6\t* * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }\n47 6\t* * 7\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.weekly; }\n52 6\t1 * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.monthly; }\n#\n");
        tree.Text("/etc/cron.d/php", "09,39 *     * * *     root   [ -x /usr/lib/php/sessionclean ] && if [ ! -d /run/systemd/system ]; then /usr/lib/php/sessionclean; fi\n");
        tree.Text("/etc/cron.d/e2scrub_all", "30 3 * * 0 root test -e /run/systemd/system || SERVICE_MODE=1 /usr/lib/x86_64-linux-gnu/e2fsprogs/e2scrub_all_cron\n10 3 * * * root test -e /run/systemd/system || SERVICE_MODE=1 /sbin/e2scrub_all -A -r\n");
        foreach (string folder in (string[])["cron.d", "cron.hourly", "cron.daily", "cron.weekly", "cron.monthly", "cron.yearly"])
        {
            tree.Text($"/etc/{folder}/.placeholder", "# Keeps dpkg from removing this directory.\n");
        }

        // Where systemd runs, its timers do this work.
        const string unlessTimer = "#!/bin/sh\n\n# systemd has a timer for this\n[ ! -d /run/systemd/system ] || exit 0\n\n";
        Script(tree, "cron.daily/apache2", unlessTimer + "[ -x /usr/sbin/htcacheclean ] || exit 0\nexec /usr/sbin/htcacheclean -n -p/var/cache/apache2/mod_cache_disk -l300M\n");
        Script(tree, "cron.daily/apt-compat", unlessTimer + "[ -x /usr/lib/apt/apt.systemd.daily ] || exit 0\nexec /usr/lib/apt/apt.systemd.daily\n");
        Script(tree, "cron.daily/dpkg", unlessTimer + "exec /usr/libexec/dpkg/dpkg-db-backup\n");
        Script(tree, "cron.daily/logrotate", unlessTimer + "[ -x /usr/sbin/logrotate ] || exit 0\n/usr/sbin/logrotate /etc/logrotate.conf\nstatus=$?\nif [ $status -ne 0 ]; then\n    /usr/bin/logger -t logrotate \"ALERT exited abnormally with [$status]\"\nfi\nexit $status\n");
        Script(tree, "cron.daily/man-db", unlessTimer + "[ -d /var/cache/man ] || exit 0\nfind /var/cache/man -type f -name '*.gz' -atime +6 -delete\nexec mandb --quiet\n");
        Script(tree, "cron.weekly/man-db", unlessTimer + "[ -x /usr/bin/mandb ] || exit 0\nexec mandb --quiet\n");
        tree.Link("/var/spool/mail", "../mail");
    }

    private static void Script(TreeBuilder tree, string path, string text) => tree.Text("/etc/" + path, text, 0x1ED);
}
