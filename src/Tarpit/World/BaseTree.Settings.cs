using System.Globalization;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.World;

/// <summary>/etc, the kernel's files, and homes.</summary>
internal sealed partial class BaseTree
{
    private void AddSettings()
    {
        string admin = _machine.Administrator;
        Text("/etc/hostname", _machine.HostName + "\n");
        Text("/etc/hosts", $"127.0.0.1 localhost\n127.0.1.1 {_machine.HostName}\n\n# The following lines are desirable for IPv6 capable hosts\n::1 ip6-localhost ip6-loopback\nfe00::0 ip6-localnet\nff00::0 ip6-mcastprefix\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\nff02::3 ip6-allhosts\n");
        Text("/usr/lib/os-release", "PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nVERSION=\"24.04.1 LTS (Noble Numbat)\"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nHOME_URL=\"https://www.ubuntu.com/\"\nSUPPORT_URL=\"https://help.ubuntu.com/\"\nBUG_REPORT_URL=\"https://bugs.launchpad.net/ubuntu/\"\nPRIVACY_POLICY_URL=\"https://www.ubuntu.com/legal/terms-and-policies/privacy-policy\"\nUBUNTU_CODENAME=noble\nLOGO=ubuntu-logo\n");
        Link("/etc/os-release", "../usr/lib/os-release");
        Text("/etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=24.04\nDISTRIB_CODENAME=noble\nDISTRIB_DESCRIPTION=\"Ubuntu 24.04.1 LTS\"\n");
        Text("/etc/issue", "Ubuntu 24.04.1 LTS \\n \\l\n\n");
        Text("/etc/issue.net", "Ubuntu 24.04.1 LTS\n");
        Text("/etc/debian_version", "trixie/sid\n");
        Text("/etc/machine-id", _machine.MachineId + "\n");
        Text("/etc/timezone", "Etc/UTC\n");
        Text("/etc/shells", "# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/usr/bin/dash\n/usr/bin/screen\n/usr/bin/tmux\n");
        Text("/etc/resolv.conf", "# This is /run/systemd/resolve/stub-resolv.conf managed by man:systemd-resolved(8).\n# Do not edit.\n\nnameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n");
        Text("/etc/fstab", "LABEL=cloudimg-rootfs\t/\t ext4\tdiscard,commit=30,errors=remount-ro\t0 1\nLABEL=BOOT\t/boot\text4\tdefaults\t0 2\nLABEL=UEFI\t/boot/efi\tvfat\tumask=0077\t0 1\n");
        Text("/etc/passwd", $"""
            root:x:0:0:root:/root:/bin/bash
            daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
            bin:x:2:2:bin:/bin:/usr/sbin/nologin
            sys:x:3:3:sys:/dev:/usr/sbin/nologin
            sync:x:4:65534:sync:/bin:/bin/sync
            games:x:5:60:games:/usr/games:/usr/sbin/nologin
            man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
            lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin
            mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
            news:x:9:9:news:/var/spool/news:/usr/sbin/nologin
            www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
            backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
            nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
            systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin
            systemd-timesync:x:996:996:systemd Time Synchronization:/:/usr/sbin/nologin
            messagebus:x:101:101::/nonexistent:/usr/sbin/nologin
            syslog:x:102:102::/nonexistent:/usr/sbin/nologin
            systemd-resolve:x:991:991:systemd Resolver:/:/usr/sbin/nologin
            sshd:x:105:65534::/run/sshd:/usr/sbin/nologin
            mysql:x:107:111:MySQL Server,,,:/nonexistent:/bin/false
            ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash
            {admin}:x:1001:1001::/home/{admin}:/bin/bash

            """);
        Text("/etc/group", $"root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:syslog,ubuntu,{admin}\ntty:x:5:\ndisk:x:6:\nlp:x:7:\nmail:x:8:\nnews:x:9:\ncdrom:x:24:ubuntu,{admin}\nsudo:x:27:ubuntu,{admin}\ndip:x:30:ubuntu\nwww-data:x:33:\nbackup:x:34:\nshadow:x:42:\nusers:x:100:\nmessagebus:x:101:\nsyslog:x:102:\nlxd:x:105:ubuntu\ncrontab:x:110:\nmysql:x:111:\nnogroup:x:65534:\nubuntu:x:1000:\n{admin}:x:1001:\n");
        Text("/etc/shadow", $"root:{Hash("root")}:19895:0:99999:7:::\ndaemon:*:19895:0:99999:7:::\nwww-data:*:19895:0:99999:7:::\nsshd:!:19895::::::\nubuntu:!:19895:0:99999:7:::\n{admin}:{Hash(admin)}:19902:0:99999:7:::\n", 0x1A0, 0, 42);
        Text("/etc/sudoers", "Defaults\tenv_reset\nDefaults\tmail_badpass\nDefaults\tsecure_path=\"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin\"\nDefaults\tuse_pty\nroot\tALL=(ALL:ALL) ALL\n%admin ALL=(ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n", 0x120);
        Text("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n\nKbdInteractiveAuthentication no\nUsePAM yes\nX11Forwarding yes\nPrintMotd no\nAcceptEnv LANG LC_*\nSubsystem\tsftp\t/usr/lib/openssh/sftp-server\nPermitRootLogin yes\n");
        Text("/etc/crontab", "SHELL=/bin/sh\n# m h dom mon dow user\tcommand\n17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n25 6\t* * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }\n");
        Text("/etc/profile", "# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))\n");
        Text("/etc/bash.bashrc", "# System-wide .bashrc file for interactive bash(1) shells.\n");
        Text("/etc/apt/sources.list", "# Ubuntu sources have moved to /etc/apt/sources.list.d/ubuntu.sources\n");
        Text("/etc/apache2/ports.conf", "Listen 80\n\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\n");
        foreach ((string path, FileNode file) in WebFolder.Files(new Website(_machine)))
        {
            Put(path, file);
        }

        foreach (string name in new[] { "auth.log", "syslog", "kern.log", "dpkg.log" })
        {
            Put("/var/log/" + name, new FileNode { Content = new GeneratedContent(() => LogLines(name), 4096), Mode = 0x1A0, User = 102, Group = 4, Modified = _machine.Now });
        }

        Put("/var/log/wtmp", new FileNode { Content = new StoredContent(new byte[384 * 6]), Mode = 0x1B4, Group = 43 });
        Put("/var/log/lastlog", new FileNode { Content = new StoredContent(new byte[292]), Mode = 0x1B4, Group = 43 });
    }

    private string Hash(string user) => "$y$j9T$" + Convert.ToBase64String(_machine.Bytes("salt" + user, 16)).TrimEnd('=').Replace('+', '.') + "$" + Convert.ToBase64String(_machine.Bytes("hash" + user, 32)).TrimEnd('=').Replace('+', '.');

    private string LogLines(string name)
    {
        DateTimeOffset now = _machine.Now;
        return string.Concat(Enumerable.Range(1, 12).Reverse().Select(n => now.AddMinutes(-17 * n).ToString("yyyy-MM-ddTHH:mm:ss.ffffff+00:00", CultureInfo.InvariantCulture) + $" {_machine.HostName} " + (name is "auth.log"
            ? $"CRON[{3000 + (n * 13)}]: pam_unix(cron:session): session closed for user root\n" : $"systemd[1]: Finished sysstat-collect.service - system activity accounting tool.\n")));
    }

    private void AddKernel()
    {
        Live("/proc/version", () => $"Linux version {_machine.Kernel} (buildd@lcy02-amd64-075) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0, GNU ld (GNU Binutils for Ubuntu) 2.42) {_machine.KernelBuild}\n");
        Live("/proc/uptime", () => string.Create(CultureInfo.InvariantCulture, $"{_machine.Uptime.TotalSeconds:0.00} {_machine.Uptime.TotalSeconds * _machine.ProcessorCount * 0.97:0.00}\n"));
        Live("/proc/loadavg", () => $"{Load.Averages(_machine).Replace(",", "", StringComparison.Ordinal)} 1/{140 + _machine.Number("tasks", 0, 60)} {20_000 + (_machine.Now.ToUnixTimeSeconds() % 9000)}\n");
        Live("/proc/cpuinfo", ProcessorText);
        Live("/proc/meminfo", () => string.Create(CultureInfo.InvariantCulture, $"MemTotal:       {_machine.MemoryKilobytes,8} kB\nMemFree:        {_machine.MemoryKilobytes - (_machine.MemoryKilobytes * 21 / 100) - (_machine.MemoryKilobytes * 34 / 100),8} kB\nMemAvailable:   {_machine.MemoryKilobytes - (_machine.MemoryKilobytes * 21 / 100),8} kB\nBuffers:        {_machine.MemoryKilobytes * 4 / 100,8} kB\nCached:         {_machine.MemoryKilobytes * 30 / 100,8} kB\nSwapCached:            0 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n"));
        Live("/proc/mounts", () => "sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\nudev /dev devtmpfs rw,nosuid,relatime,mode=755,inode64 0 0\ndevpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=000 0 0\ntmpfs /run tmpfs rw,nosuid,nodev,noexec,relatime,mode=755,inode64 0 0\n/dev/vda1 / ext4 rw,relatime,discard,errors=remount-ro,commit=30 0 0\ntmpfs /dev/shm tmpfs rw,nosuid,nodev,inode64 0 0\n/dev/vda16 /boot ext4 rw,relatime 0 0\n/dev/vda15 /boot/efi vfat rw,relatime,fmask=0077,dmask=0077 0 0\n");
        Live("/proc/cmdline", () => $"BOOT_IMAGE=/vmlinuz-{_machine.Kernel} root=LABEL=cloudimg-rootfs ro console=tty1 console=ttyS0\n");
        Live("/proc/stat", () => $"cpu  {(long)_machine.Uptime.TotalSeconds * 2} 310 {(long)_machine.Uptime.TotalSeconds} {(long)_machine.Uptime.TotalSeconds * 97 * _machine.ProcessorCount} 800 0 120 0 0 0\nbtime {_machine.BootTime.ToUnixTimeSeconds()}\nprocesses {20_000 + (_machine.Now.ToUnixTimeSeconds() % 90_000)}\n");
        Live("/proc/filesystems", () => "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\n\text4\n\tvfat\n\tsquashfs\n");
        Live("/proc/modules", () => "tls 155648 0 - Live 0x0000000000000000\nvirtio_net 86016 0 - Live 0x0000000000000000\n");
        Live("/proc/partitions", () => string.Create(CultureInfo.InvariantCulture, $"major minor  #blocks  name\n\n 252        0   {_machine.ProcessorCount * 25L * 1024 * 1024} vda\n 252        1   {_machine.DiskKilobytes} vda1\n"));
        Live("/proc/net/dev", () => "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo:  918234    9120    0    0    0     0          0         0   918234    9120    0    0    0     0       0          0\n");
        Live("/proc/sys/kernel/hostname", () => _machine.HostName + "\n");
        Live("/proc/sys/kernel/osrelease", () => _machine.Kernel + "\n");
        Live("/proc/sys/kernel/ostype", () => "Linux\n");
        Live("/proc/sys/net/ipv4/ip_forward", () => "0\n");
        Live("/proc/sys/vm/swappiness", () => "60\n");
        Live("/proc/self/status", () => "Name:\tcat\nUmask:\t0022\nState:\tR (running)\n");
        Live("/proc/self/cgroup", () => "0::/user.slice/user-0.slice/session-1.scope\n");
        Live("/proc/1/cgroup", () => "0::/init.scope\n");
        Live("/proc/1/comm", () => "systemd\n");
        Live("/sys/class/net/eth0/address", () => _machine.HardwareAddress + "\n");
        Live("/sys/class/dmi/id/sys_vendor", () => "QEMU\n");
        Live("/sys/class/dmi/id/product_name", () => "Standard PC (i440FX + PIIX, 1996)\n");
        Live("/sys/devices/system/cpu/online", () => _machine.ProcessorCount == 1 ? "0\n" : string.Create(CultureInfo.InvariantCulture, $"0-{_machine.ProcessorCount - 1}\n"));
    }

    private string ProcessorText() => string.Concat(Enumerable.Range(0, _machine.ProcessorCount).Select(n => string.Create(CultureInfo.InvariantCulture, $"processor\t: {n}\nvendor_id\t: {(_machine.Processor.Model.StartsWith("AMD", StringComparison.Ordinal) ? "AuthenticAMD" : "GenuineIntel")}\ncpu family\t: {_machine.Processor.Family}\nmodel\t\t: {_machine.Processor.Number}\nmodel name\t: {_machine.Processor.Model}\nstepping\t: {_machine.Processor.Stepping}\nmicrocode\t: 0x1\ncpu MHz\t\t: {_machine.Processor.Mhz}\ncache size\t: 16384 KB\nphysical id\t: 0\nsiblings\t: {_machine.ProcessorCount}\ncore id\t\t: {n}\ncpu cores\t: {_machine.ProcessorCount}\nfpu\t\t: yes\nflags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx pdpe1gb rdtscp lm constant_tsc rep_good nopl cpuid pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 x2apic movbe popcnt aes xsave avx f16c rdrand hypervisor lahf_lm abm avx2\nbogomips\t: {double.Parse(_machine.Processor.Mhz, CultureInfo.InvariantCulture) * 2:0.00}\nclflush size\t: 64\ncache_alignment\t: 64\naddress sizes\t: 40 bits physical, 48 bits virtual\npower management:\n\n")));

    private void AddHomes()
    {
        const string bashrc = "# ~/.bashrc: executed by bash(1) for non-login shells.\n\ncase $- in\n    *i*) ;;\n      *) return;;\nesac\n\nHISTCONTROL=ignoreboth\nHISTSIZE=1000\nHISTFILESIZE=2000\nalias ll='ls -alF'\nalias la='ls -A'\nalias l='ls -CF'\n";
        (string Home, int Id)[] homes = [("/root", 0), ("/home/ubuntu", 1000), ("/home/" + _machine.Administrator, 1001)];
        foreach ((string home, int id) in homes)
        {
            Folder(home, id == 0 ? 0x1C0 : 0x1E8, id, id);
            Text(home + "/.bashrc", bashrc, 0x1A4, id, id);
            Text(home + "/.profile", "# ~/.profile: executed by the command interpreter for login shells.\n\nif [ \"$BASH\" ]; then\n  if [ -f ~/.bashrc ]; then\n    . ~/.bashrc\n  fi\nfi\n\nmesg n 2> /dev/null || true\n", 0x1A4, id, id);
            Folder(home + "/.ssh", 0x1C0, id, id);
            Put(home + "/.ssh/authorized_keys", new FileNode { Content = new StoredContent(""), Mode = 0x180, User = id, Group = id });
            Folder(home + "/.cache", 0x1C0, id, id);
        }

        Text("/root/.bash_history", $"apt update\napt upgrade -y\nsystemctl restart apache2\ntail -f /var/log/apache2/error.log\ndf -h\nmysql -u root -p\nls -la /var/www/html\nreboot\n", 0x180);
    }
}
