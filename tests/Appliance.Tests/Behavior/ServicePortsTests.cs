using Blackwall.Behavior.Settings;
using Xunit;

namespace Blackwall.Tests.Behavior;

/// <summary>The list of ports is read whole, and means what the kernel programs make of it.</summary>
public sealed class ServicePortsTests
{
    [Fact]
    public void Every_line_is_read_with_its_uses()
    {
        Assert.Equal([21, 22, 23, 2222, 2323, 3306, 3389, 5432, 5900], Of(PortUses.Login));
        Assert.Equal([21, 23, 25, 110, 143, 445, 587, 2323, 3306, 5432, 6379], Of(PortUses.Refusal));
        Assert.Equal([21, 23, 25, 53, 80, 110, 143, 587, 8000, 8080], Of(PortUses.Clear));
        Assert.Equal([21, 23, 80, 8000, 8080], Enumerable.Range(0, 65_536).Where(port => ServicePorts.StaysClear((ushort)port)));
        Assert.Equal(Of(PortUses.Login), Enumerable.Range(0, 65_536).Where(port => ServicePorts.IsLogin((ushort)port)));
        Assert.DoesNotContain(PortUses.None, ServicePorts.All.Values);
    }

    private static IEnumerable<int> Of(PortUses use) => ServicePorts.All.Where(port => (port.Value & use) != PortUses.None).Select(port => (int)port.Key).Order();
}
