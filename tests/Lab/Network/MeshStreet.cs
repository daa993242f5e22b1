using System.Globalization;
using System.Net;

namespace Blackwall.Lab.Network;

/// <summary>
/// Hosts with public addresses on one wire: houses, each with a sensor, and the street, from which an attacker and an honest visitor come. Nothing leads out of it.
/// </summary>
/// <param name="street">Where visitors come from.</param>
/// <param name="houses">One namespace for each sensor.</param>
public sealed class MeshStreet(LabHost street, IReadOnlyList<NetNamespace> houses)
{
    public const int MostHouses = 5;

    /// <summary>No palindrome: read the wrong way round it is another address.</summary>
    public static IPAddress Attacker { get; } = IPAddress.Parse("1.2.3.4");

    public static IPAddress Visitor { get; } = IPAddress.Parse("1.2.3.77");

    public LabHost Street => street;

    public IReadOnlyList<NetNamespace> Namespaces => houses;

    public static IPAddress AddressOf(int house) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"1.2.200.{house + 1}"));

    /// <summary>Makes it of empty namespaces.</summary>
    public static async Task<MeshStreet> BuildAsync(NetNamespace street, IReadOnlyList<NetNamespace> houses, RunFolder run)
    {
        await street.ConfigureAsync("link add street type bridge", "link set street up", $"addr add {Attacker}/16 dev street", $"addr add {Visitor}/16 dev street");
        for (var house = 0; house < houses.Count; house++)
        {
            var wire = string.Create(CultureInfo.InvariantCulture, $"house{house}");
            await street.ConfigureAsync($"link add {wire} type veth peer name {LabHost.Interface} netns {houses[house].Name}", $"link set {wire} master street up");
            await houses[house].ConfigureAsync($"addr add {AddressOf(house)}/16 dev {LabHost.Interface}", $"link set {LabHost.Interface} up");

            // Without a program of its own a veth does not carry what its peer sends back from XDP.
            await PassProgram.AttachAsync(street, wire, run);
        }

        return new MeshStreet(new LabHost(street, [Attacker, Visitor], [], "", ""), houses);
    }
}
