using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.MySql;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Runtime;

/// <summary>The services beside SSH and HTTP, and their ports.</summary>
internal sealed class PortServices : IDisposable
{
    private readonly MySqlServer _mySql;

    public PortServices(TarpitSettings settings, Machine machine, Website site)
    {
        TimeSpan idle = TimeSpan.FromSeconds(settings.IdleSeconds);
        _mySql = new MySqlServer(machine, site, new AcceptPolicy(settings, ["root", "admin"]), idle, settings.MaxVisitorBytes);
        All = [new PortService(new MySqlService(_mySql), [3306, 3307])];
    }

    public IReadOnlyList<PortService> All { get; }

    public void Dispose() => _mySql.Dispose();
}
