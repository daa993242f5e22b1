using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Blackwall.Bridges.Tarpit;
using Blackwall.Kernel.Confinement;
using Blackwall.Tarpit;
using Blackwall.Tarpit.HostChannel;
using Blackwall.Tarpit.HostChannel.Wire;
using Blackwall.Tests;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>The tarpit in its confined process, as the appliance starts it; this process is its host. Every peer seems to have asked for port 22.</summary>
internal sealed class ConfinedTarpit : IAsyncDisposable
{
    private static readonly IPEndPoint s_seemingly = new(IPAddress.Parse("192.0.2.22"), 22);

    private readonly ConfinedProcess _process;
    private readonly Socket _listener;
    private readonly Task _host;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ConfinedTarpit(ConfinedProcess process, Socket listener)
    {
        (_process, _listener) = (process, listener);
        _host = HostAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Id of the process that serves.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Observations that arrived.</summary>
    public long Observations { get; private set; }

    /// <summary>Without delays, and with limits that one client may reach by itself.</summary>
    public static TarpitSettings Settings { get; } = new()
    {
        Accept = TarpitSettings.AcceptAlways,
        DelayScale = 0,
        MaxConnections = 16_000,
        MaxConnectionsPerAddress = 16_000,
        MaxStartups = "16000:30:16000",
        Pacing = "off",
    };

    public static async Task<ConfinedTarpit> StartAsync(TarpitSettings? settings = null)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        TarpitOptions options = new();
        string dotnet = Path.Combine(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../..")), "dotnet");
        string appliance = RepositoryRoot.File("src", "Appliance", "bin", "Release", "net10.0", "blackwall-appliance.dll");
        ConfinedProcess process = await ConfinedProcess.StartAsync(
            dotnet, [appliance, .. TarpitVerb.Arguments(options, 1)], ConfinedStart.Environments((long)options.MemoryMegabytes << 20), [listener]);
        ChannelStart start = new(settings ?? Settings, TarpitIdentity.Create(TimeProvider.System));
        await process.Channel.SendAsync(new Frame(FrameKind.Configure, 0, JsonSerializer.SerializeToUtf8Bytes(start, ChannelJson.Default.ChannelStart)).ToArray());
        ConfinedTarpit tarpit = new(process, listener);
        if (await Task.WhenAny(tarpit._ready.Task, process.Ended, Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System)) != tarpit._ready.Task)
        {
            await tarpit.DisposeAsync();
            throw new InvalidOperationException("the confined tarpit did not start");
        }

        return tarpit;
    }

    public ProcessUsage Usage() => ProcessUsage.Read(ProcessId);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.Ended;
        await _host;
        _process.Dispose();
        _listener.Dispose();
    }

    private async Task HostAsync()
    {
        byte[] buffer = new byte[Frame.HeadLength + Frame.LargestPayload + 1];
        try
        {
            int length;
            while ((length = await _process.Channel.ReceiveAsync(buffer, SocketFlags.None)) > 0)
            {
                byte[]? answer = Answer(buffer.AsSpan(0, length));
                if (answer is not null)
                {
                    await _process.Channel.SendAsync(answer);
                }
            }
        }
        catch (SocketException)
        {
            // The process ended.
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> message)
    {
        if (!Frame.TryRead(message, out Frame frame))
        {
            return null;
        }

        switch (frame.Kind)
        {
            case FrameKind.Ready:
                _ready.TrySetResult();
                break;
            case FrameKind.Observation:
                Observations++;
                break;
            case FrameKind.OriginalQuestion when FlowQuestion.TryRead(frame.Payload) is { } question:
                return new Frame(FrameKind.OriginalAnswer, 0, new FlowAnswer(question.Number, s_seemingly).ToArray()).ToArray();
        }

        return null;
    }
}
