using System.Net;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Mesh.Connections;

[Collection(AloneCollection.Name)]
public sealed class GateMemoryTests
{
    [Fact]
    public void A_million_networks_cost_no_more_memory_than_the_table_is_long()
    {
        ConnectionGate gate = new(new MeshHostOptions(), new MeshCounters(), new FakeTimeProvider());
        byte[] bytes = new byte[4];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int at = 0; at < 1_000_000; at++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, (at << 8) | 0x0a);
            gate.TryEnter(new IPAddress(bytes))?.Dispose();
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 * 1024 * 1024);
        Assert.Equal(0, gate.Open);
        GC.KeepAlive(gate);
    }
}
