namespace Blackwall.Guard;

/// <summary>Where the machine keeps what has to be guarded; tests point these at folders of their own.</summary>
public sealed class GuardOptions
{
    public string ProcFolder { get; set; } = "/proc";

    /// <summary>Resolver configurations; the second is where systemd-resolved keeps the servers behind its stub.</summary>
    public IReadOnlyList<string> ResolverFiles { get; set; } = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];

    public string UtmpFile { get; set; } = "/var/run/utmp";

    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an address stays guarded after its last authenticated call of the API.</summary>
    public TimeSpan ClientMemory { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most API clients guarded at once; the one seen longest ago makes room.</summary>
    public int MaxClients { get; set; } = 256;
}
