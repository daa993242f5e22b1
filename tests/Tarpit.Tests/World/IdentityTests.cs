using System.Globalization;
using Blackwall.Tarpit.World;
using Xunit;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>Two installations are two machines.</summary>
public sealed class IdentityTests
{
    private const int Seeds = 40;
    private const double MostShared = 0.20;

    private static List<string> Identity(int seed)
    {
        Machine machine = new([.. Enumerable.Range(0, 32).Select(n => (byte)((seed * 37) + (n * (seed + 1))))], new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(seed), TimeProvider.System);
        Website site = new(machine);
        Blackwall.Tarpit.Files.FolderNode root = BaseTree.Build(machine);
        string Names(string path, Func<string, bool> isOwn)
        {
            Blackwall.Tarpit.Files.Node? node = root;
            foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                node = (node as Blackwall.Tarpit.Files.FolderNode)?.Entries.GetValueOrDefault(name);
            }

            return string.Join(' ', ((Blackwall.Tarpit.Files.FolderNode)node!).Entries.Keys.Where(isOwn));
        }

        return
        [
            machine.HostName, machine.Administrator, machine.Deployer, machine.Kernel, machine.HardwareAddress, machine.GatewayHardwareAddress, machine.MachineId, machine.RootDisk, machine.BootDisk, machine.EfiDisk, machine.BootId,
            machine.BootTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), machine.SetUp.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"{machine.MemoryKilobytes}", $"{machine.DiskKilobytes}", $"{machine.DiskUsedKilobytes}",
            AccountFiles.Hash(machine, "root"), Greeting.OfficeAddress(machine), site.Title, site.Domain, site.Credentials.Website.Password, site.Credentials.Shop.Password, site.Credentials.ApiToken,
            string.Join(' ', machine.Packages.All.Select(package => package.Name)), string.Join(' ', machine.Packages.All.Select(package => package.Version)), Names("home", name => name is not "ubuntu"), Names("opt", name => name is not "panel"), Names("srv", _ => true), Names("root", name => !name.StartsWith('.')),
        ];
    }

    [Fact]
    public void No_two_share_more_than_a_fifth_of_what_tells_them_apart()
    {
        List<List<string>> all = [.. Enumerable.Range(0, Seeds).Select(Identity)];
        for (int a = 0; a < all.Count; a++)
        {
            for (int b = a + 1; b < all.Count; b++)
            {
                int shared = all[a].Zip(all[b]).Count(pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal));
                Assert.True(shared <= all[a].Count * MostShared, $"{a} and {b} share {shared} of {all[a].Count}: {string.Join(", ", all[a].Intersect(all[b]))}");
            }
        }
    }

    [Fact]
    public void One_is_the_same_each_time() => Assert.Equal(Identity(4), Identity(4));
}
