using System.Collections.Frozen;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Programs that are not installed, and the packages that Ubuntu's command-not-found names for them.</summary>
internal static class MissingPrograms
{
    private static readonly FrozenDictionary<string, (string Package, string Version)[]> s_all = new Dictionary<string, (string, string)[]>(StringComparer.Ordinal)
    {
        ["docker"] = [("docker.io", "24.0.7-0ubuntu4.1"), ("podman-docker", "4.9.3+ds1-1ubuntu0.2")],
        ["docker-compose"] = [("docker-compose", "1.29.2-6ubuntu1")],
        ["podman"] = [("podman", "4.9.3+ds1-1ubuntu0.2")],
        ["nmap"] = [("nmap", "7.94+git20230807.3be01efb1+dfsg-3build2")],
        ["masscan"] = [("masscan", "2:1.3.2+ds1-1")],
        ["gcc"] = [("gcc", "4:13.2.0-7ubuntu1")],
        ["cc"] = [("gcc", "4:13.2.0-7ubuntu1"), ("clang", "1:18.0-59~exp2"), ("tcc", "0.9.27+git20200814.62c30a4a-1")],
        ["g++"] = [("g++", "4:13.2.0-7ubuntu1")],
        ["make"] = [("make", "4.3-4.1build2"), ("make-guile", "4.3-4.1build2")],
        ["cmake"] = [("cmake", "3.28.3-1build7")],
        ["clang"] = [("clang", "1:18.0-59~exp2")],
        ["go"] = [("golang-go", "2:1.22~2build1"), ("gccgo-go", "2:1.22~2build1")],
        ["node"] = [("nodejs", "18.19.1+dfsg-6ubuntu5")],
        ["npm"] = [("npm", "9.2.0~ds1-2")],
        ["pip"] = [("python3-pip", "24.0+dfsg-1ubuntu1.1")],
        ["pip3"] = [("python3-pip", "24.0+dfsg-1ubuntu1.1")],
        ["ruby"] = [("ruby", "1:3.2~ubuntu1")],
        ["java"] = [("default-jre", "2:1.17-75"), ("openjdk-17-jre-headless", "17.0.13+11-2ubuntu1~24.04")],
        ["javac"] = [("default-jdk", "2:1.17-75")],
        ["hydra"] = [("hydra", "9.5-1build8")],
        ["sshpass"] = [("sshpass", "1.09-1")],
        ["socat"] = [("socat", "1.8.0.0-4build3")],
        ["axel"] = [("axel", "2.17.13-2build2")],
        ["aria2c"] = [("aria2", "1.37.0+debian-1build3")],
        ["lynx"] = [("lynx", "2.9.0rel.0-2build2")],
        ["jq"] = [("jq", "1.7.1-3build1")],
        ["yum"] = [("dnf", "4.14.0-4.1")],
        ["dnf"] = [("dnf", "4.14.0-4.1")],
        ["rpm"] = [("rpm", "4.18.2+dfsg-2.1build2")],
        ["pacman"] = [("pacman-package-manager", "6.0.2-5build3")],
        ["zsh"] = [("zsh", "5.9-6ubuntu2")],
        ["fish"] = [("fish", "3.7.0-1build1")],
        ["ksh"] = [("ksh93u+m", "1.0.8-1"), ("mksh", "59c-35")],
        ["csh"] = [("csh", "20230828-1build1"), ("tcsh", "6.24.10-4build1")],
        ["lscgroup"] = [("cgroup-tools", "2.0.2-2.1build1")],
        ["lspci-ng"] = [("pciutils", "1:3.10.0-2build1")],
        ["hashcat"] = [("hashcat", "6.2.6+ds1-1build2")],
        ["john"] = [("john", "1.9.0-2build1")],
        ["gdb"] = [("gdb", "15.0.50.20240403-0ubuntu1")],
        ["ltrace"] = [("ltrace", "0.7.3-6.4ubuntu3")],
        ["psql"] = [("postgresql-client-common", "257build1.1")],
        ["mongo"] = [("mongodb-clients", "1:3.6.9+really3.6.8+90~g8e540c0b6d-0ubuntu5")],
        ["sqlite3"] = [("sqlite3", "3.45.1-1ubuntu2")],
        ["ffmpeg"] = [("ffmpeg", "7:6.1.1-3ubuntu5")],
        ["nginx"] = [("nginx-core", "1.24.0-2ubuntu7.1"), ("nginx-extras", "1.24.0-2ubuntu7.1")],
        ["ansible"] = [("ansible-core", "2.16.3-0ubuntu2")],
        ["7z"] = [("p7zip-full", "16.02+transitional.1"), ("7zip", "23.01+dfsg-11")],
        ["rar"] = [("rar", "2:7.00-1")],
        ["unrar"] = [("unrar", "1:7.0.7-1build1"), ("unrar-free", "1:0.1.3-1")],
        ["screenfetch"] = [("screenfetch", "3.9.1-2")],
        ["neofetch"] = [("neofetch", "7.1.0-4")],
        ["traceroute"] = [("inetutils-traceroute", "2:2.5-3ubuntu4"), ("traceroute", "1:2.1.5-1")],
        ["whois"] = [("whois", "5.5.22")],
        ["locate"] = [("plocate", "1.1.19-2ubuntu2")],
        ["dos2unix"] = [("dos2unix", "7.5.1-1")],
        ["fdfind"] = [("fd-find", "9.0.0-1")],
        ["iftop"] = [("iftop", "1.0~pre4-9build1")],
        ["nethogs"] = [("nethogs", "0.8.7-2build2")],
        ["iotop"] = [("iotop", "0.6-42-ga14256a-0.2build1"), ("iotop-c", "1.26-1")],
        ["speedtest-cli"] = [("speedtest-cli", "2.1.3-2")],
        ["nslookup6"] = [("bind9-dnsutils", "1:9.18.28-0ubuntu0.24.04.1")],
        ["certbot"] = [("certbot", "2.9.0-1")],
        ["tor"] = [("tor", "0.4.8.10-1build2")],
        ["proxychains"] = [("proxychains4", "4.17-1")],
        ["rkhunter"] = [("rkhunter", "1.4.6-12")],
        ["chkrootkit"] = [("chkrootkit", "0.58b-1")],
        ["clamscan"] = [("clamav", "1.0.7+dfsg-0ubuntu0.24.04.1")],
        ["fail2ban-client"] = [("fail2ban", "1.0.2-3ubuntu0.1")],
        ["xmrig"] = [("xmrig", "6.21.0+dfsg-1")],
        ["cpulimit"] = [("cpulimit", "2.8-1")],
        ["stress"] = [("stress", "1.0.7-1")],
        ["expect"] = [("expect", "5.45.4-3")],
        ["lolcat"] = [("lolcat", "100.0.1-3")],
        ["cowsay"] = [("cowsay", "3.03+dfsg2-8")],
        ["sl"] = [("sl", "5.02-1")],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What an interactive shell says of a program that is not there.</summary>
    public static string Hint(string name)
    {
        if (!s_all.TryGetValue(name, out (string Package, string Version)[]? packages))
        {
            return $"{name}: command not found\n";
        }

        return packages.Length == 1
            ? $"Command '{name}' not found, but can be installed with:\napt install {packages[0].Package}\n"
            : $"Command '{name}' not found, but can be installed with:\n{string.Concat(packages.Select((package, n) => $"apt install {package.Package,-16}{(n == 0 ? $"  # version {package.Version}, or" : $"  # version {package.Version}")}\n"))}";
    }

    /// <summary>The version of a package that could be installed; null: nobody has heard of it.</summary>
    public static string? Version(string package) => s_all.Values.SelectMany(packages => packages).FirstOrDefault(other => string.Equals(other.Package, package, StringComparison.Ordinal)).Version;
}
