namespace Blackwall.Guard;

/// <summary>Where the machine keeps what has to be guarded; tests point these at folders of their own.</summary>
public sealed class GuardOptions
{
    public string ProcFolder { get; set; } = "/proc";

    /// <summary>Holds passwd, group, sudoers and sudoers.d.</summary>
    public string EtcFolder { get; set; } = "/etc";

    /// <summary>Resolver configurations; the second is where systemd-resolved keeps the servers behind its stub.</summary>
    public IReadOnlyList<string> ResolverFiles { get; set; } = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];

    public string UtmpFile { get; set; } = "/var/run/utmp";

    /// <summary>Where systemd-logind keeps its sessions.</summary>
    public string SessionsFolder { get; set; } = "/run/systemd/sessions";

    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromSeconds(5);
}
