using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using Blackwall.Mesh.Libp2p.Mdns.Wire;

namespace Blackwall.Mesh.Libp2p.Mdns;

/// <summary>
/// Finds peers on the local network and is found (libp2p/specs discovery/mdns, over IPv4). Nobody proves anything here: whoever is found is
/// as unknown as any address until it is dialled and shows its key.
/// </summary>
public sealed class MdnsDiscovery : IDiscovery
{
    private const int Port = 5353;

    private static readonly IPAddress s_group = IPAddress.Parse("224.0.0.251");
    private static readonly IPEndPoint s_everybody = new(s_group, Port);

    private readonly IMeshHost _host;
    private readonly MdnsOptions _options;
    private readonly TimeProvider _time;
    private readonly MdnsPeers _peers;
    private readonly LocalNetworks _networks;
    private readonly SenderQuota _packets;
    private readonly CancellationTokenSource _stop = new();

    // Says nothing of who we are, and is another one at each start.
    private readonly string _label = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    private Socket? _socket;
    private Task _running = Task.CompletedTask;
    private long _answeredAt;
    private bool _answered;

    public MdnsDiscovery(IMeshHost host, MdnsOptions options, TimeProvider time)
    {
        _host = host;
        _options = options;
        _time = time;
        _networks = new LocalNetworks(time);
        _packets = new SenderQuota(options.PacketsPerSender, options.PacketsPerSecond, TimeSpan.FromSeconds(1), time);
        _peers = new MdnsPeers(host.Id, options, time, _networks.MayTellOf);
    }

    public event Action<PeerAddresses>? Found;

    /// <summary>Packets that could not be read, came from outside of our networks, or were too many.</summary>
    public long PacketsIgnored { get; private set; }

    /// <summary>Throws <see cref="MeshException"/>: the port cannot be opened.</summary>
    public Task StartAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            _socket = Open();
        }
        catch (SocketException exception)
        {
            throw new MeshException($"mDNS cannot use UDP port {Port}: {exception.Message}", exception);
        }

        _host.Disconnected += OnDisconnected;
        _running = Task.WhenAll(ReadAsync(_socket, _stop.Token), AskAsync(_socket, _stop.Token));
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _host.Disconnected -= OnDisconnected;
        _socket?.Dispose();
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void OnDisconnected(IMeshConnection connection, string reason) => _peers.Forget(connection.Remote);

    // Other responders of this machine have the port too.
    private static Socket Open()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, Port));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 255);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, true);
            bool joined = false;
            foreach (int index in Interfaces())
            {
                try
                {
                    socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(s_group, index));
                    joined = true;
                }
                catch (SocketException)
                {
                    // An interface that went away, or can have no groups.
                }
            }

            if (!joined)
            {
                throw new MeshException("mDNS needs a network interface that is up, has an IPv4 address and can do multicast; this machine has none.");
            }

            return socket;
        }
        catch (Exception exception) when (exception is SocketException or MeshException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static IEnumerable<int> Interfaces() =>
        from network in NetworkInterface.GetAllNetworkInterfaces()
        where network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        let properties = network.GetIPProperties()
        where properties.UnicastAddresses.Any(address => address.Address.AddressFamily is AddressFamily.InterNetwork)
        select properties.GetIPv4Properties().Index;

    private async Task AskAsync(Socket socket, CancellationToken stop)
    {
        byte[] question = MdnsWriter.Question(_options.Service);
        try
        {
            // At first often, for others may begin at the same moment.
            for (int asked = 0; ; asked++)
            {
                await SendToAllAsync(socket, question).ConfigureAwait(false);
                await Task.Delay(asked < 3 ? TimeSpan.FromSeconds(1 << asked) : _options.Interval, _time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ReadAsync(Socket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[MdnsReader.MaxLength + 1];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), stop).ConfigureAwait(false);
                IPEndPoint from = (IPEndPoint)received.RemoteEndPoint;
                if (!_packets.TryTake(from.Address) || !_networks.IsNear(from.Address) || MdnsReader.TryRead(buffer.AsSpan(0, received.ReceivedBytes)) is not { } packet)
                {
                    PacketsIgnored++;
                    continue;
                }

                await TakeAsync(socket, packet, from).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // An error of an earlier packet, such as an unreachable port.
            }
        }
    }

    private async Task TakeAsync(Socket socket, MdnsPacket packet, IPEndPoint from)
    {
        if (packet.IsResponse)
        {
            foreach (PeerAddresses peer in _peers.Add(packet, from.Address))
            {
                Found?.Invoke(peer);
            }

            return;
        }

        foreach (MdnsQuestion question in packet.Questions)
        {
            if (question.Type is MdnsPacket.Ptr or MdnsPacket.Any && string.Equals(question.Name, _options.Service, StringComparison.OrdinalIgnoreCase))
            {
                await AnswerAsync(socket, packet.Id, question.Unicast, from).ConfigureAwait(false);
                return;
            }
        }
    }

    // Our own question comes back to us and is answered too: that is how the others who wait learn of us.
    private async Task AnswerAsync(Socket socket, ushort id, bool unicast, IPEndPoint from)
    {
        string[] addresses = [.. _host.Addresses.Select(address => address.WithPeer(_host.Id).ToString())];
        if (from.Port != Port)
        {
            await SendAsync(socket, MdnsWriter.Answer(id, _options.Service, _label, addresses), from).ConfigureAwait(false);
            return;
        }

        byte[] answer = MdnsWriter.Answer(0, _options.Service, _label, addresses);
        if (unicast)
        {
            await SendAsync(socket, answer, from).ConfigureAwait(false);
        }
        else if (!_answered || _time.GetElapsedTime(_answeredAt) >= _options.AnswerInterval)
        {
            _answered = true;
            _answeredAt = _time.GetTimestamp();
            await SendToAllAsync(socket, answer).ConfigureAwait(false);
        }
    }

    private static async Task SendToAllAsync(Socket socket, byte[] packet)
    {
        foreach (int index in Interfaces())
        {
            try
            {
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(index));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                continue;
            }

            await SendAsync(socket, packet, s_everybody).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(Socket socket, byte[] packet, IPEndPoint to)
    {
        try
        {
            await socket.SendToAsync(packet, to).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // A network that is down; the next question comes.
        }
    }
}
