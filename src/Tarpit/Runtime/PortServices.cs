using Blackwall.Tarpit.Banners;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Dns;
using Blackwall.Tarpit.MySql;
using Blackwall.Tarpit.Pacing;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Ssh;
using Blackwall.Tarpit.Visiting;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Runtime;

/// <summary>The services beside SSH and HTTP, and their ports.</summary>
internal sealed class PortServices : IDisposable
{
    // As long as the real ones wait for a login.
    private static readonly TimeSpan s_login = TimeSpan.FromMinutes(5);

    private readonly MySqlServer _mySql;

    public PortServices(TarpitSettings settings, Machine machine, Website site, DatabaseKeys keys, SshServer ssh, SessionPacing pacing, FoundPasswords found)
    {
        TimeSpan idle = TimeSpan.FromSeconds(settings.IdleSeconds);
        _mySql = new MySqlServer(machine, site, keys, new AcceptPolicy(settings, ["root", "admin"], found), pacing, idle, settings.MaxVisitorBytes);
        TimeProvider time = machine.Time;
        Dns = new DnsService(
            new DnsServer(site.Domain, machine.HostName, "9.18.30-0ubuntu0.24.04.2-Ubuntu", Serial(machine.SetUp.AddDays(1)), machine.Bytes("dns-cookie", 32), time), time);
        All =
        [
            new PortService(Dns, [53], Guess.Dns),
            new PortService(new MySqlService(_mySql), [3306, 3307]),
            new PortService(new FtpService(time, s_login, settings.DelayScale), [21, 2121]),
            new PortService(new SmtpService(time, s_login, machine.HostName, site.Domain, settings.DelayScale), [25, 587, 2525]),
            new PortService(new TelnetService(machine, ssh, idle), [23, 2323]),
            new PortService(new RedisService(machine, idle), [6379], Guess.Redis),
            new PortService(new RdpService(time, s_login), [3389], Guess.Rdp),
            new PortService(new SmbService(machine, site.Domain, s_login), [445], Guess.Smb),
        ];
    }

    public IReadOnlyList<PortService> All { get; }

    /// <summary>The database server for clients on the machine itself.</summary>
    public IMachineDatabase Database => new LocalClient(_mySql);

    /// <summary>Answers datagrams that the host hands over, too.</summary>
    public DnsService Dns { get; }

    // YYYYMMDDnn, as people count zones.
    private static uint Serial(DateTimeOffset day) => (uint)((((day.Year * 100) + day.Month) * 100) + day.Day) * 100 + 1;

    public void Dispose() => _mySql.Dispose();
}
