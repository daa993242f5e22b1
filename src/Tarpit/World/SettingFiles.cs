using System.Globalization;

namespace Blackwall.Tarpit.World;

/// <summary>/etc: who the machine is, network, ssh, cron, apt.</summary>
internal static class SettingFiles
{
    private const string Release = "PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nVERSION=\"24.04.1 LTS (Noble Numbat)\"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nHOME_URL=\"https://www.ubuntu.com/\"\nSUPPORT_URL=\"https://help.ubuntu.com/\"\nBUG_REPORT_URL=\"https://bugs.launchpad.net/ubuntu/\"\nPRIVACY_POLICY_URL=\"https://www.ubuntu.com/legal/terms-and-policies/privacy-policy\"\nUBUNTU_CODENAME=noble\nLOGO=ubuntu-logo\n";

    public static void AddTo(TreeBuilder tree)
    {
        Machine machine = tree.Machine;
        tree.Text("/etc/hostname", machine.HostName + "\n");
        tree.Text("/etc/hosts", $"127.0.0.1 localhost\n127.0.1.1 {machine.HostName}\n\n# The following lines are desirable for IPv6 capable hosts\n::1 ip6-localhost ip6-loopback\nfe00::0 ip6-localnet\nff00::0 ip6-mcastprefix\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\nff02::3 ip6-allhosts\n");
        tree.Text("/usr/lib/os-release", Release);
        tree.Link("/etc/os-release", "../usr/lib/os-release");
        tree.Text("/etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=24.04\nDISTRIB_CODENAME=noble\nDISTRIB_DESCRIPTION=\"Ubuntu 24.04.1 LTS\"\n");
        tree.Text("/etc/issue", "Ubuntu 24.04.1 LTS \\n \\l\n\n");
        tree.Text("/etc/issue.net", "Ubuntu 24.04.1 LTS\n");
        tree.Text("/etc/debian_version", "trixie/sid\n");
        tree.Text("/etc/machine-id", machine.MachineId + "\n", 0x124);
        tree.Link("/var/lib/dbus/machine-id", "/etc/machine-id");
        tree.Text("/etc/timezone", "Etc/UTC\n");
        tree.Link("/etc/localtime", "/usr/share/zoneinfo/Etc/UTC");
        tree.Text("/etc/locale.conf", "LANG=C.UTF-8\n");
        tree.Text("/etc/default/locale", "LANG=C.UTF-8\n");
        tree.Text("/etc/environment", "PATH=\"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin\"\n");
        tree.Text("/run/systemd/resolve/stub-resolv.conf", "# This is /run/systemd/resolve/stub-resolv.conf managed by man:systemd-resolved(8).\n# Do not edit.\n\nnameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n");
        tree.Link("/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf");
        tree.Text("/etc/nsswitch.conf", "passwd:         files systemd\ngroup:          files systemd\nshadow:         files systemd\ngshadow:        files systemd\n\nhosts:          files dns\nnetworks:       files\n\nprotocols:      db files\nservices:       db files\n");
        tree.Text("/etc/fstab", $"LABEL=cloudimg-rootfs\t/\t ext4\tdiscard,commit=30,errors=remount-ro\t0 1\nLABEL=BOOT\t/boot\text4\tdefaults\t0 2\nLABEL=UEFI\t/boot/efi\tvfat\tumask=0077\t0 1\n");
        tree.Link("/etc/mtab", "../proc/self/mounts");
        tree.Text("/etc/netplan/50-cloud-init.yaml", $"network:\n    version: 2\n    ethernets:\n        eth0:\n            dhcp4: true\n            match:\n                macaddress: {machine.HardwareAddress}\n            set-name: eth0\n", 0x180);
        tree.Text("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n\n#Port 22\n#ListenAddress 0.0.0.0\n\nPermitRootLogin yes\n#PubkeyAuthentication yes\n#AuthorizedKeysFile\t.ssh/authorized_keys .ssh/authorized_keys2\n\n#PasswordAuthentication yes\n#PermitEmptyPasswords no\nKbdInteractiveAuthentication no\nUsePAM yes\nX11Forwarding yes\nPrintMotd no\nAcceptEnv LANG LC_*\nSubsystem\tsftp\t/usr/lib/openssh/sftp-server\n");
        tree.Text("/etc/ssh/sshd_config.d/50-cloud-init.conf", "PasswordAuthentication yes\n", 0x180);
        HostKeyFiles.AddTo(tree);

        CronFiles.AddTo(tree);
        tree.Text("/etc/profile", ShellFiles.SystemProfile);
        tree.Text("/etc/bash.bashrc", ShellFiles.SystemBashrc);
        tree.Text("/etc/apt/sources.list", "# Ubuntu sources have moved to /etc/apt/sources.list.d/ubuntu.sources\n");
        tree.Text("/etc/apt/sources.list.d/ubuntu.sources", "Types: deb\nURIs: http://archive.ubuntu.com/ubuntu/\nSuites: noble noble-updates noble-backports\nComponents: main restricted universe multiverse\nSigned-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg\n\nTypes: deb\nURIs: http://security.ubuntu.com/ubuntu/\nSuites: noble-security\nComponents: main restricted universe multiverse\nSigned-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg\n");
        tree.Text("/etc/modules", "# /etc/modules: kernel modules to load at boot time.\n");
        tree.Text("/etc/sysctl.conf", "#\n# /etc/sysctl.conf - Configuration file for setting system variables\n#\n#net.ipv4.ip_forward=1\n");
        tree.Text("/etc/motd", "");
        tree.Text("/etc/services", "ftp\t\t21/tcp\nssh\t\t22/tcp\ntelnet\t\t23/tcp\nsmtp\t\t25/tcp\ndomain\t\t53/tcp\ndomain\t\t53/udp\nhttp\t\t80/tcp\npop3\t\t110/tcp\nntp\t\t123/udp\nimap2\t\t143/tcp\nhttps\t\t443/tcp\nmysql\t\t3306/tcp\npostgresql\t5432/tcp\n");
        tree.Text("/etc/inputrc", "# /etc/inputrc - global inputrc for libreadline\nset input-meta on\nset output-meta on\n");
        tree.Text("/var/lib/cloud/data/instance-id", string.Create(CultureInfo.InvariantCulture, $"i-{Convert.ToHexStringLower(machine.Bytes("instance", 8))}\n"));
    }
}
