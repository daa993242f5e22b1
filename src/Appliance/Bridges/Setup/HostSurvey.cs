using System.Globalization;
using System.Net.NetworkInformation;
using Blackwall.Guard;
using Blackwall.Kernel.Links;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Bridges.Setup;

/// <summary>What there is on this machine: interfaces, and whom the guard would protect. Changes nothing.</summary>
internal static class HostSurvey
{
    // Drivers with ndo_bpf for XDP in kernels 6.1 to 6.12.
    private static readonly HashSet<string> NativeDrivers = new(StringComparer.Ordinal)
    {
        "atlantic", "bnxt_en", "cpsw", "dpaa2-eth", "ena", "enetc", "fsl_enetc", "gve", "hv_netvsc", "i40e", "ice", "igb", "igc", "ixgbe", "ixgbevf", "lan966x", "mana", "mlx4_en",
        "mlx5_core", "mvneta", "mvpp2", "nfp", "qede", "r8152", "sfc", "stmmac", "thunder-nicvf", "tsnep", "tun", "veth", "virtio_net", "vmxnet3",
    };

    public static IReadOnlyList<FoundInterface> Interfaces()
    {
        IReadOnlyList<LinkInfo> links = LinkTable.Read();
        HashSet<string> outward = DefaultRoutes(Text("/proc/net/route"), Text("/proc/net/ipv6_route"));
        return
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(found => found.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .Select(found => Describe(found, links, outward))
                .OrderByDescending(found => found is { HasDefaultRoute: true, Refusal: null })
                .ThenBy(found => found.Refusal is not null)
                .ThenBy(found => found.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Address and why, of everything that nothing automatic may ever drop.</summary>
    public static IReadOnlyList<(Address Address, string Why)> Guarded()
    {
        List<(Address, string)> guarded = [];
        Add("an address of this machine", () => new InterfaceAddresses().Read());
        Add("a gateway", () =>
        {
            using NextHops hops = new();
            return [.. hops.Read()];
        });
        GuardOptions options = new();
        foreach (string file in options.ResolverFiles.Where(File.Exists))
        {
            Add("a resolver", () => Resolvers.Read(File.ReadAllText(file)));
        }

        Add("an administrator's SSH session", () => SshSessions.Peers(options.ProcFolder, Administrators.Read(options.EtcFolder)));
        return [.. guarded.DistinctBy(entry => entry.Item1).Where(entry => GuardSet.Empty.Overlapping(Prefix.Host(entry.Item1)) is null)];

        // What cannot be read here is guarded all the same when the appliance runs.
        void Add(string why, Func<IEnumerable<Address>> read)
        {
            try
            {
                guarded.AddRange(read().Select(address => (address, why)));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NetworkInformationException)
            {
                return;
            }
        }
    }

    /// <summary>Names of interfaces with a default route, from the kernel's two tables (proc(5)).</summary>
    internal static HashSet<string> DefaultRoutes(string v4, string v6)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (string line in v4.Split('\n').Skip(1))
        {
            string[] columns = line.Split('\t', StringSplitOptions.TrimEntries);
            if (columns.Length > 7 && columns[1] is "00000000" && columns[7] is "00000000")
            {
                names.Add(columns[0]);
            }
        }

        foreach (string[] columns in v6.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            // RTF_REJECT (0x200) is the route that says there is none.
            if (columns.Length > 9 && columns[0].All(digit => digit == '0') && columns[1] is "00"
                && uint.TryParse(columns[8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint flags) && (flags & 0x200) == 0)
            {
                names.Add(columns[9]);
            }
        }

        names.Remove("lo");
        return names;
    }

    private static FoundInterface Describe(NetworkInterface found, IReadOnlyList<LinkInfo> links, HashSet<string> outward)
    {
        string? kind = links.FirstOrDefault(link => string.Equals(link.Name, found.Name, StringComparison.Ordinal))?.Kind;
        string? driver = LinkTraits.DriverOf(found.Name) ?? (string.IsNullOrEmpty(kind) ? null : kind);
        return new FoundInterface(
            found.Name,
            [.. found.GetIPProperties().UnicastAddresses.Select(address => $"{Address.From(address.Address)}")],
            driver,
            driver is not null && NativeDrivers.Contains(driver),
            outward.Contains(found.Name),
            LinkChoice.Choose(found.Name, links).Refusal);
    }

    private static string Text(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
