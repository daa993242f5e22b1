using System.Net.Sockets;
using System.Text.Json;
using Blackwall.Tarpit.HostChannel;
using Blackwall.Tarpit.HostChannel.Wire;

namespace Blackwall.Tarpit.Runtime;

/// <summary>The tarpit as a process that its host started: the first inherited socket is the channel, the others are listeners.</summary>
public static class TarpitProcess
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(2);

    // Half a minute of work is what a visitor loses at most.
    private const int RoundsBetweenSaves = 15;

    /// <summary>Serves until the host is gone. Returns the exit code.</summary>
    /// <param name="channel">Messages to and from the host.</param>
    /// <param name="listeners">Sockets that listen already.</param>
    /// <param name="seal">Called when everything is loaded and before the first connection is taken: closes what is still open to this process.</param>
    public static async Task<int> RunAsync(Socket channel, IReadOnlyList<Socket> listeners, Action seal, TimeProvider time)
    {
        if (await HostLink.ReadStartAsync(channel, CancellationToken.None) is not { } start)
        {
            return 65;
        }

        HostLink link = new(channel, time, start.Settings.MaxFileBytes);
        using TarpitRuntime runtime = new(start.Settings, start.Identity, link, link, time, link.Decoys.ConnectAsync, link.Visitors, link.Improvisations);
        link.Datagrams = runtime.Datagrams;
        using CancellationTokenSource end = new();
        seal();
        Task host = link.RunAsync(end.Token);
        Task door = runtime.RunAsync(listeners, end.Token);
        link.Send(FrameKind.Ready, 0, []);
        Task counting = CountAsync(link, runtime, time, end.Token);
        await host;
        await end.CancelAsync();
        await Task.WhenAll(door, counting);
        return 0;
    }

    private static async Task CountAsync(HostLink link, TarpitRuntime runtime, TimeProvider time, CancellationToken cancellation)
    {
        MemoryRelease memory = new();
        int round = 0;
        using PeriodicTimer timer = new(CountEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                ChannelCounters counters = new(runtime.Limits.Open, runtime.Limits.Refused, link.Lost);
                link.Send(FrameKind.Counters, 0, JsonSerializer.SerializeToUtf8Bytes(counters, ChannelJson.Default.ChannelCounters));
                memory.Check(counters.Open);
                if (++round % RoundsBetweenSaves == 0)
                {
                    runtime.Visitors.SaveAll();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host is gone.
        }
    }
}
