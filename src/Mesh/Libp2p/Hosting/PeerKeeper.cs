using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Hosting;

/// <summary>Stays connected with a peer: dials it, and again when the connection ends, at growing intervals while it does not answer.</summary>
public static class PeerKeeper
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Runs until cancelled. <paramref name="problem"/> is told why a try did not work out.</summary>
    public static async Task KeepAsync(IMeshHost host, Multiaddr address, TimeProvider time, Action<MeshException> problem, CancellationToken cancellation)
    {
        TimeSpan wait = First;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                IMeshConnection connection = await host.DialAsync(address, expected: null, cancellation);
                long start = time.GetTimestamp();
                await EndOfAsync(host, connection.Remote, cancellation);

                // Who accepts and ends at once is not asked more often than who does not answer.
                wait = time.GetElapsedTime(start) > Longest ? First : wait;
            }
            catch (MeshException exception)
            {
                problem(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            TimeSpan random = wait * (0.75 + (RandomNumberGenerator.GetInt32(1000) / 2000.0));
            await Task.Delay(random, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < Longest ? wait * 2 : Longest;
        }
    }

    // Also when the other side dialled us meanwhile: one connection is enough.
    private static async Task EndOfAsync(IMeshHost host, PeerId peer, CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (!host.Connections.Any(connection => connection.Remote == peer))
            {
                ended.TrySetResult();
            }
        }

        void OnDisconnected(IMeshConnection connection, string reason)
        {
            if (connection.Remote == peer)
            {
                Look();
            }
        }

        host.Disconnected += OnDisconnected;
        try
        {
            Look();
            await ended.Task.WaitAsync(cancellation);
        }
        finally
        {
            host.Disconnected -= OnDisconnected;
        }
    }
}
