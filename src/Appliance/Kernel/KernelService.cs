using System.Collections.Concurrent;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Enforcement;
using Blackwall.Kernel.Events;
using Blackwall.Kernel.Interop;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Kernel;

/// <summary>
/// Puts the wall up before the first request, keeps it true to the board and on its interface, and takes it down at a clean stop. After
/// <see cref="HandOver"/> it leaves the wall standing instead.
/// </summary>
internal sealed class KernelService(
    WallSettings settings,
    Func<EnforcementMode> modeAtStart,
    Func<bool> storeWasLost,
    VerdictBoard board,
    DecisionPipeline pipeline,
    TimeProvider time,
    ILogger<KernelService> logger)
    : IHostedService, IWall, IPolicyTrial, IStatsSource, IHealthSource, IDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(200);

    private const int LargePolicy = 100_000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<Order> _orders = new();
    private Wall? _wall;
    private EnforcementWriter? _writer;
    private EnforcementAudit? _audit;
    private KernelEventPump? _pump;
    private Thread? _thread;
    private volatile bool _handOver;
    private long _rounds;

    public string Name => "wall";

    private string Interfaces => string.Join(", ", settings.Gates.Select(gate => gate.Interface));

    public WallStatus Status => _wall?.Status ?? new WallStatus(settings.Interface, settings.Mode, null, null, null, 0, Adopted: false, Fault: "The wall is not up yet.");

    public string? Fault => Status.Fault ?? _writer?.Fault;

    public bool Ready => _wall?.Statuses.All(status => status.AttachMode is not null) == true;

    public EnforcementMode Mode => Status.Mode;

    public bool HasWall => true;

    public bool OnTrial => _wall?.OnTrial ?? false;

    public IReadOnlyList<WallStatus> Statuses => _wall?.Statuses ?? [Status];

    public IReadOnlyList<GateReading> ReadGates() => _wall?.ReadGates() ?? [new(Status, ReadCounters())];

    public WallCounters ReadCounters() => _wall?.ReadCounters() ?? new WallCounters([], []);

    public bool TryReadDiverted(Address remote, ushort remotePort, Address local, ushort localPort, out Address destination, out ushort port)
    {
        (destination, port) = (Address.None, 0);
        return _wall?.TryReadDiverted(remote, remotePort, local, localPort, out destination, out port) ?? false;
    }

    public bool TryRead(Prefix scope, out KernelEntry entry)
    {
        entry = default;
        return _wall?.TryRead(scope, out entry) ?? false;
    }

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["eventsTaken"] = _pump?.Taken ?? 0,
        ["eventsUnreadable"] = _pump?.Unreadable ?? 0,
        ["entriesWritten"] = _writer?.Written ?? 0,
        ["policiesReplaced"] = _writer?.Replaced ?? 0,
        ["writesFailed"] = _writer?.Failed ?? 0,
        ["auditCompared"] = _audit?.Compared ?? 0,
        ["auditDiffered"] = _audit?.Differed ?? 0,
        ["auditPasses"] = _audit?.Passes ?? 0,
    };

    /// <summary>How often the wall's thread went round: five times a second, less while it writes a large policy.</summary>
    internal long Rounds => Volatile.Read(ref _rounds);

    /// <summary>How often the rings of events were looked at.</summary>
    internal long PumpRounds => _pump?.Rounds ?? 0;

    /// <summary>The ring of frames that the policy dropped, and the word that asks for them. Only while the wall stands.</summary>
    /// <exception cref="KernelException">It does not, or they cannot be mapped.</exception>
    internal (MappedRing Frames, MappedArray Asked) OpenDroppedFrames() =>
        _wall is { } wall ? (wall.Programs.Ring("DROPPED_FRAMES"), wall.Programs.Mapped("CAPTURING")) : throw new KernelException("The wall is not up.");

    /// <summary>A stop from now on leaves the wall standing for the next process.</summary>
    public void HandOver() => _handOver = true;

    /// <summary>Loads, writes the restored policy, attaches: in this order no packet meets an empty wall.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Wall wall = Wall.Load(settings with { Mode = modeAtStart() }, time, board.Clock);
        try
        {
            if (storeWasLost())
            {
                int recovered = Recovery.Restore(wall.ReadInherited(time), board, time.GetUtcNow());
                KernelLog.Recovered(logger, recovered);
            }

            EnforcementWriter writer = new(board, wall);
            writer.Replace();
            wall.Attach();
            _writer = writer;
            if (writer.LastSize >= LargePolicy)
            {
                // Restoring and projecting a large board leaves as much garbage as the board itself; nothing would come to collect it for hours.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
        catch
        {
            wall.Abandon();
            throw;
        }

        _wall = wall;
        Announce(wall);
        _pump = new KernelEventPump(wall.Programs, new PipelineFeed(pipeline, Inside()));
        _pump.Start();
        _audit = new EnforcementAudit(board, wall, time);
        _thread = new Thread(() => Run(wall, _writer, _audit)) { IsBackground = true, Name = "wall" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task BeginAsync(Action change, Action undo, EnforcementMode mode, DateTimeOffset deadline) => OrderAsync((wall, writer) =>
    {
        // The policy that a revert leads to is the board without the change, up to date.
        writer.Synchronise();
        change();
        try
        {
            writer.Replace(snapshot => wall.BeginTrial(snapshot, mode, deadline));
        }
        catch
        {
            undo();
            throw;
        }

        return true;
    });

    public Task<bool> ConfirmAsync() => OrderAsync((wall, _) => wall.Confirm());

    public Task RevertAsync(Action undo, EnforcementMode mode) => OrderAsync((wall, writer) =>
    {
        undo();
        writer.Replace(snapshot => wall.Revert(snapshot, mode));
        return true;
    });

    public Task ShadowAsync(ReadOnlyMemory<PolicyEntry> entries) => OrderAsync((wall, _) =>
    {
        wall.Shadow(entries.Span);
        return true;
    });

    public ulong? ShadowHits(Prefix scope) => _wall is { } wall && wall.TryReadShadow(scope, out KernelEntry entry) ? entry.Hits : null;

    /// <summary>The start failed in another part: a wall that stood before is left standing, one that was begun is removed.</summary>
    public void Abandon()
    {
        StopThreads();
        _wall?.Abandon();
        _wall = null;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        StopThreads();
        if (Interlocked.Exchange(ref _wall, null) is not { } wall)
        {
            return Task.CompletedTask;
        }

        if (_handOver)
        {
            KernelLog.HandedOver(logger, Interfaces);
        }
        else
        {
            wall.Remove();
            KernelLog.TakenDown(logger, Interfaces);
        }

        wall.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _stopping.Dispose();

    private InsideView? Inside()
    {
        string[] inside = [.. settings.Gates.Where(gate => gate.Side == Side.Inside).Select(gate => gate.Interface)];
        return inside.Length > 0 ? new InsideView(inside, board, time) : null;
    }

    private void StopThreads()
    {
        _stopping.Cancel();
        _thread?.Join();
        _pump?.Dispose();
        _pump = null;
        while (_orders.TryDequeue(out Order? order))
        {
            order.Done.TrySetCanceled();
        }
    }

    private Task<bool> OrderAsync(Func<Wall, EnforcementWriter, bool> work)
    {
        Order order = new(work, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        _orders.Enqueue(order);
        board.Wall.Wake();
        if (_stopping.IsCancellationRequested)
        {
            order.Done.TrySetCanceled();
        }

        return order.Done.Task;
    }

    private void Obey(Wall wall, EnforcementWriter writer)
    {
        while (_orders.TryDequeue(out Order? order))
        {
            try
            {
                order.Done.TrySetResult(order.Work(wall, writer));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                order.Done.TrySetException(e);
            }
        }
    }

    private void Run(Wall wall, EnforcementWriter writer, EnforcementAudit audit)
    {
        long lastCheck = time.GetTimestamp();
        long failed = lastCheck;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Volatile.Write(ref _rounds, _rounds + 1);
                wall.Beat();
                if (writer.FailedInARow > 0 && time.GetElapsedTime(failed) < Patience(writer.FailedInARow))
                {
                    _stopping.Token.WaitHandle.WaitOne(CheckInterval);
                }
                else if (board.Wall.WaitForChange(CheckInterval, _stopping.Token))
                {
                    writer.Synchronise();
                }

                Obey(wall, writer);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (KernelException e)
            {
                failed = time.GetTimestamp();
                if (writer.FailedInARow <= 1)
                {
                    KernelLog.PolicyFailed(logger, e);
                }
            }

            if (time.GetElapsedTime(lastCheck) >= CheckInterval)
            {
                lastCheck = time.GetTimestamp();
                Watch(wall);
                if (writer.FailedInARow == 0)
                {
                    audit.CompareSlice();
                }
            }
        }
    }

    private static TimeSpan Patience(int failures) => CheckInterval * Math.Min(50, 1 << Math.Min(failures - 1, 6));

    // An interface that went and came back is another one to the kernel, without programs.
    private void Watch(Wall wall)
    {
        bool stood = wall.Status.Fault is null;
        if (wall.Check())
        {
            return;
        }

        if (stood)
        {
            KernelLog.Gone(logger, wall.Status.Fault ?? string.Empty);
        }

        string[] fallen = [.. wall.Fallen];
        if (fallen.Length > 0 && fallen.All(name => BpfSyscall.InterfaceIndex(name) == 0))
        {
            return;
        }

        try
        {
            wall.Attach();
            KernelLog.Back(logger, fallen.Length > 0 ? string.Join(", ", fallen) : settings.Interface);
        }
        catch (KernelException e)
        {
            if (stood)
            {
                KernelLog.Gone(logger, e.Message);
            }
        }
    }

    private sealed record Order(Func<Wall, EnforcementWriter, bool> Work, TaskCompletionSource<bool> Done);

    private void Announce(Wall wall)
    {
        foreach (WallStatus status in wall.Statuses)
        {
#pragma warning disable CA1308 // The words of the configuration are lower case.
            KernelLog.Standing(logger, status.Interface, status.Mode.ToString().ToLowerInvariant(), status.AttachMode ?? "no", status.EgressMode ?? "no", status.Generation, _writer?.LastSize ?? 0);
#pragma warning restore CA1308
            if (status.Fallback is { } reason)
            {
                KernelLog.Fallback(logger, reason);
            }

            if (status.Adopted)
            {
                KernelLog.Adopted(logger, status.Interface);
            }
        }

        if (wall.PinNote is { } note)
        {
            KernelLog.Pinned(logger, note);
        }
    }
}
