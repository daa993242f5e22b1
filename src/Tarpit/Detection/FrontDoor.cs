using System.Net;
using System.Net.Sockets;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Detection;

/// <summary>
/// Takes connections, finds out what each peer believes to talk to, and gives it to who answers there: by the port that it asked for where servers
/// speak first, by its first bytes elsewhere.
/// </summary>
internal sealed class FrontDoor(FrontDoorSettings settings, Directory directory, IOriginalDestinations destinations, IRecorder recorder, ConnectionLimits limits, TimeProvider time, Startups? startups = null, ScannerHold? scanners = null, SharedMemory? memory = null)
{
    private const int LongestHead = 512;

    /// <summary>Takes connections of one listener until it is closed or the token ends it.</summary>
    public async Task AcceptAsync(Socket listener, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(cancellation);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // No descriptor is left, or the peer went before it was taken.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, CancellationToken.None);
                continue;
            }

            IPEndPoint? remote = EndPoint(socket.RemoteEndPoint);
            if (remote is null || !limits.TryEnter(remote.Address))
            {
                socket.Dispose();
                continue;
            }

            _ = Task.Run(() => ServeAsync(socket, remote, cancellation), CancellationToken.None);
        }
    }

    /// <summary>A connection that a visitor makes from the machine to one of its own ports. What is said goes to the record of his session.</summary>
    /// <param name="remote">Where the visitor comes from.</param>
    /// <param name="destination">The address and port that he asks for.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null: this address has as many connections as it may have.</returns>
    public WireStream? Connect(IPEndPoint remote, IPEndPoint destination, ISessionLog log, CancellationToken cancellation)
    {
        if (!limits.TryEnter(remote.Address))
        {
            return null;
        }

        (LocalWire near, LocalWire far) = LocalWire.Pair();
        _ = Task.Run(() => ServeLocalAsync(new Peer(far, remote, destination, memory), log, cancellation), CancellationToken.None);
        return new WireStream(near);
    }

    private async Task ServeLocalAsync(Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        try
        {
            if (await FindAsync(peer, cancellation) is { } service)
            {
                await service.ServeAsync(peer, log, cancellation);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The visitor's program went.
        }
        catch (Exception e)
        {
            log.Record(new Observation(ObservationKinds.Limit) { Name = e.GetType().Name, Text = e.StackTrace?.Split('\n')[0].Trim() });
        }
        finally
        {
            limits.Leave(peer.Remote.Address);
            peer.Memory.End();
            peer.Dispose();
        }
    }

    private async Task ServeAsync(Socket socket, IPEndPoint remote, CancellationToken cancellation)
    {
        bool isHeld = false;
        Peer? peer = null;
        try
        {
            socket.NoDelay = true;
            IPEndPoint local = EndPoint(socket.LocalEndPoint) ?? new IPEndPoint(IPAddress.Any, 0);
            IPEndPoint destination = await destinations.FindAsync(remote, local, cancellation) ?? local;
            peer = new Peer(new SocketWire(socket), remote, destination, memory);
            if (await FindAsync(peer, cancellation) is { } service)
            {
                isHeld = scanners?.TryHold(service, socket, peer.Remote.Address, () => Begin(service, peer), () => limits.Leave(remote.Address)) == true;
                if (isHeld)
                {
                    return;
                }

                await ServeToTheEndAsync(service, peer, Begin(service, peer), cancellation);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The peer went.
        }
        finally
        {
            peer?.Memory.End();
            if (!isHeld)
            {
                socket.Dispose();
                limits.Leave(remote.Address);
            }
        }
    }

    private ISessionLog Begin(IService service, Peer peer)
    {
        ISessionLog log = recorder.BeginSession();
        log.Record(new Observation(ObservationKinds.Connect) { Protocol = service.Protocol, Source = peer.Remote.ToString(), Destination = peer.Destination.ToString() });
        return log;
    }

    // Whatever happens, the session ends in the record too: the host keeps what it knows of a session until it hears so.
    private async Task ServeToTheEndAsync(IService service, Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        try
        {
            await ServeAsync(service, peer, log, cancellation);
        }
        catch (Exception e) when (e is not (SocketException or OperationCanceledException or ObjectDisposedException or IOException))
        {
            // A fault of ours: the connection ends, as that of a server whose process for this client ended, and the record tells.
            log.Record(new Observation(ObservationKinds.Limit) { Name = e.GetType().Name, Text = e.StackTrace?.Split('\n')[0].Trim() });
        }
        finally
        {
            log.Record(new Observation(ObservationKinds.Close) { Received = peer.Received, Sent = peer.Sent });
        }
    }

    private async Task ServeAsync(IService service, Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        if (!ReferenceEquals(service, directory.Ssh))
        {
            await service.ServeAsync(peer, log, cancellation);
            return;
        }

        if (startups?.TryEnter(peer.Remote) == false)
        {
            log.Record(new Observation(ObservationKinds.Limit) { Name = "max-startups" });
            await peer.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Startups.Refusal), cancellation);
            return;
        }

        ScannerMemory.WatchingLog watching = ScannerMemory.Watch(log);
        try
        {
            await service.ServeAsync(peer, watching, cancellation);
        }
        finally
        {
            startups?.Leave(peer.Remote);
            scanners?.Memory.Ended(peer.Remote.Address, watching);
        }
    }

    /// <summary>Who answers this peer; null: nobody, the connection closes.</summary>
    private async ValueTask<IService?> FindAsync(Peer peer, CancellationToken cancellation)
    {
        ushort port = (ushort)peer.Destination.Port;
        bool trusted = settings.ProxySources.Contains(peer.Remote.Address);
        IService? owner = directory.OwnerOf(port);
        if (owner is not null && !trusted)
        {
            return owner;
        }

        byte[] head = new byte[LongestHead];
        int length = 0;
        using CancellationTokenSource limit = new(owner is null && directory.AtPort(port) is null ? settings.LongestSilence : settings.Silence, time);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            while (length < head.Length)
            {
                int got = await peer.ReadAsync(head.AsMemory(length), patience.Token);
                if (got == 0)
                {
                    return null;
                }

                length += got;
                if (trusted && Wire.ProxyHeader.Measure(head.AsSpan(0, length), out IPEndPoint? source) is var measured and not 0)
                {
                    if (measured < 0)
                    {
                        continue;
                    }

                    peer.Remote = source ?? peer.Remote;
                    head.AsSpan(measured, length - measured).CopyTo(head);
                    (length, trusted) = (length - measured, false);
                    if (owner is not null)
                    {
                        peer.Return(head.AsMemory(0, length));
                        return owner;
                    }

                    if (length == 0)
                    {
                        continue;
                    }
                }

                Guess guess = Wire.FirstBytes.Judge(head.AsSpan(0, length));
                if (guess != Guess.More)
                {
                    peer.Return(head.AsMemory(0, length));
                    return directory.Find(guess);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Silent: whoever speaks first at that port does so now.
        }

        peer.Return(head.AsMemory(0, length));
        return owner ?? directory.AtPort(port);
    }

    private static IPEndPoint? EndPoint(EndPoint? endPoint) =>
        endPoint is IPEndPoint ip ? new IPEndPoint(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address, ip.Port) : null;
}
