using System.Net.NetworkInformation;
using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>The addresses of every interface.</summary>
internal sealed class InterfaceAddresses : IOwnAddresses
{
    public IReadOnlyList<Address> Read() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => Address.From(a.Address))
            .Distinct(),
    ];
}
