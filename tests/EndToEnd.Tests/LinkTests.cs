using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Blackwall.Lab;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>Interfaces that are no plain Ethernet devices.</summary>
public sealed class LinkTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    private Stage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await Stage.BuildAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_tun_device_is_guarded()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var edge = _stage.Network.Edge;
        using var tun = edge.Do(() => Native.OpenTun("tun9"));
        await edge.ConfigureAsync("address add 10.99.0.1/24 dev tun9", "link set tun9 up");
        await _stage.Appliance.StartAsync(new ApplianceSettings(XdpMode: "auto", Interface: "tun9"), cancellation);
        await _stage.Api.MustDecideAsync("10.99.0.7", "drop", cancellation);
        using var echo = edge.OpenDualUdp(7);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var served = ServeAsync(echo, stop.Token);

        // What comes back, by the last byte of the address.
        var answered = new ConcurrentDictionary<byte, int>();
        var reading = Task.Factory.StartNew(() => Read(tun, answered), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var sent = 0;
        Assert.True(await Tool.UntilAsync(
            () =>
            {
                tun.Write(Datagram(7));
                tun.Write(Datagram(8));
                sent++;
                return Task.FromResult(sent > 50 && answered.GetValueOrDefault((byte)8) > 20);
            },
            s_patience,
            cancellation), "honest datagrams are not answered");

        Assert.Equal(0, answered.GetValueOrDefault((byte)7));
        Assert.Equal("generic", (await _stage.Api.StatsAsync(cancellation)).AttachMode);
        await stop.CancelAsync();
        await _stage.Appliance.StopAsync();
        await edge.ConfigureAsync("link delete tun9");
        await reading;
        await served;
    }

    [Fact]
    public async Task A_bridge_is_guarded_and_a_port_of_it_too()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var network = _stage.Network;
        await network.Edge.ConfigureAsync(
            $"link add br9 type bridge",
            $"link set {LabNetwork.Wan} master br9",
            $"address flush dev {LabNetwork.Wan}",
            "link set br9 up",
            $"address add {LabNetwork.EdgeWan4}/30 dev br9",
            $"route add default via {LabNetwork.Gateway4} dev br9");
        foreach (var guarded in new[] { "br9", LabNetwork.Wan })
        {
            await _stage.Appliance.StartAsync(new ApplianceSettings(XdpMode: "auto", Interface: guarded), cancellation);
            var source = network.Second.Addresses4[0];
            await _stage.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
            var echo = new IPEndPoint(network.Server.Addresses4[0], ProtectedServer.EchoPort);
            using var banned = EchoProbe.Start(network.Second.OpenUdp(source), echo, s_interval);
            using var honest = EchoProbe.Start(network.Client.OpenUdp(network.Client.Addresses4[0]), echo, s_interval);

            Assert.True(await Tool.UntilAsync(() => Task.FromResult(honest.Answered > 20 && banned.Sent > 20), s_patience, cancellation), $"{guarded}: honest traffic does not pass");
            Assert.Equal(0, banned.Answered);
            Assert.Equal(0, (await _stage.Appliance.StopAsync()).ExitCode);
        }
    }

    private static async Task ServeAsync(System.Net.Sockets.Socket echo, CancellationToken cancellation)
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                var received = await echo.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.IPv6Any, 0), cancellation);
                await echo.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private static void Read(FileStream tun, ConcurrentDictionary<byte, int> answered)
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var length = tun.Read(buffer);
                if (length > 28 && buffer[0] == 0x45 && buffer[9] == 17)
                {
                    answered.AddOrUpdate(buffer[19], 1, (_, count) => count + 1);
                }
            }
        }
        catch (IOException)
        {
            // The device is gone.
        }
    }

    // From 10.99.0.HOST to the echo server, without a UDP checksum (RFC 768).
    private static byte[] Datagram(byte host)
    {
        var packet = new byte[60];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 17;
        byte[] addresses = [10, 99, 0, host, 10, 99, 0, 1];
        addresses.CopyTo(packet, 12);
        uint sum = 0;
        for (var at = 0; at < 20; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at));
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~((sum & 0xffff) + (sum >> 16)));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), 4000);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), 7);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), 40);
        return packet;
    }
}
