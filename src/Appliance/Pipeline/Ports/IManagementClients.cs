using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>Hears who manages the appliance, so that nobody can block them. When the call returns, the address is guarded.</summary>
public interface IManagementClients
{
    void Seen(Address client);
}
