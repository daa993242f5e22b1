using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Enforcement;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Time;

namespace Blackwall.Benchmarks.Programs;

/// <summary>The appliance's own wall and board, as it puts them together, but on no interface.</summary>
internal sealed class DetachedWall : IDisposable
{
    private static readonly SteadyClock Clock = new(TimeProvider.System, new SystemBootTime());

    private readonly CancellationTokenSource _stopping = new();
    private Thread? _thread;

    public DetachedWall(RunFolder run)
    {
        Wall = Wall.Load(new WallSettings { Interface = "none", Mode = EnforcementMode.Enforce, PinPath = run.PinPath, LogFolder = run.Path, Limits = LoadedWall.Unmet, ChallengePerSecond = 0 }, TimeProvider.System, Clock);
        Begin();
    }

    public Wall Wall { get; }

    public VerdictBoard Board { get; private set; } = null!;

    public EnforcementWriter Writer { get; private set; } = null!;

    /// <summary>An empty board before the same programs.</summary>
    public void Begin()
    {
        Board?.Dispose();
        Board = new VerdictBoard(new BoardOptions(), TimeProvider.System, [], Clock);
        Writer = new EnforcementWriter(Board, Wall);
        Writer.Replace();
    }

    /// <summary>Keeps the kernel true to the board on a thread of its own, as the appliance does.</summary>
    public void Follow()
    {
        _thread = new Thread(() =>
        {
            try
            {
                while (!_stopping.IsCancellationRequested)
                {
                    if (Board.Wall.WaitForChange(TimeSpan.FromMilliseconds(200), _stopping.Token))
                    {
                        Writer.Synchronise();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        });
        _thread.Start();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _thread?.Join();
        Wall.Remove();
        Wall.Dispose();
        Board.Dispose();
        _stopping.Dispose();
    }
}
