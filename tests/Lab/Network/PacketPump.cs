using System.Net.Sockets;

namespace Blackwall.Lab.Network;

/// <summary>Carries the packets of a tun device to somewhere else and back, as a VPN or a PPP daemon does. It ends when the device is gone.</summary>
internal sealed class PacketPump
{
    private const int LargestPacket = 2048;
    private const int EthernetHeader = 14;
    private const int PppHeader = 8;
    private const byte Session = 2;
    private const ushort Ppp4 = 0x0021, Ppp6 = 0x0057; // RFC 1332, RFC 5072

    private readonly FileStream _device;
    private readonly Action<ReadOnlySpan<byte>> _send;

    private PacketPump(FileStream device, Action<ReadOnlySpan<byte>> send) => (_device, _send) = (device, send);

    /// <summary>EtherType of PPPoE sessions (RFC 2516 §4).</summary>
    public const ushort PppoeSession = 0x8864;

    /// <summary>From one tun device into another.</summary>
    public static Task Join(FileStream from, FileStream to) => new PacketPump(from, packet => to.Write(packet)).Start();

    /// <summary>From a tun device into PPPoE frames (RFC 2516 §4), and from such frames into the device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="link">A packet socket of the interface that carries them.</param>
    /// <param name="own">Hardware address of that interface.</param>
    /// <param name="other">Hardware address of its peer.</param>
    /// <param name="cancellation">Ends the receiving side.</param>
    public static Task Encapsulate(FileStream device, Socket link, byte[] own, byte[] other, CancellationToken cancellation)
    {
        var frame = new byte[EthernetHeader + PppHeader + LargestPacket];
        other.CopyTo(frame, 0);
        own.CopyTo(frame, 6);
        byte[] fixedPart = [PppoeSession >> 8, PppoeSession & 0xff, 0x11, 0, 0, Session];
        fixedPart.CopyTo(frame, 12);
        PacketPump pump = new(device, packet =>
        {
            var length = packet.Length + 2;
            var protocol = packet[0] >> 4 == 4 ? Ppp4 : Ppp6;
            (frame[18], frame[19]) = ((byte)(length >> 8), (byte)length);
            (frame[20], frame[21]) = ((byte)(protocol >> 8), (byte)protocol);
            packet.CopyTo(frame.AsSpan(EthernetHeader + PppHeader));
            link.Send(frame.AsSpan(0, EthernetHeader + PppHeader + packet.Length));
        });
        return Task.WhenAll(pump.Start(), ReceiveAsync(device, link, cancellation));
    }

    private static async Task ReceiveAsync(FileStream device, Socket link, CancellationToken cancellation)
    {
        var frame = new byte[EthernetHeader + PppHeader + LargestPacket];
        try
        {
            while (true)
            {
                var length = await link.ReceiveAsync(frame, cancellation);
                var packet = ((frame[18] << 8) | frame[19]) - 2;
                if (length >= EthernetHeader + PppHeader + packet && packet > 0)
                {
                    device.Write(frame.AsSpan(EthernetHeader + PppHeader, packet));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
        {
            // The end of the link.
        }
    }

    private Task Start() => Task.Factory.StartNew(Carry, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Carry()
    {
        var packet = new byte[LargestPacket];
        try
        {
            while (true)
            {
                var length = _device.Read(packet);
                if (length > 0)
                {
                    _send(packet.AsSpan(0, length));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // A device is gone.
        }
    }
}
