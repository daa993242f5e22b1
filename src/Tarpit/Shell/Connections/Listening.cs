using System.Threading.Channels;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>A port that a program of the visitor has open: ss and its like show it, and the visitor's other programs can connect to it.</summary>
internal sealed class Listening : IDisposable
{
    private readonly Channel<WireStream> _arrived;
    private readonly MachineState _machine;
    private readonly Execution.Turns _turns;
    private readonly TimeProvider _time;
    private readonly OpenPort _port;
    private readonly bool _hasOwnProcess;

    private Listening(Invocation call, string address, int port, int backlog, string command)
    {
        (_machine, _turns, _time) = (call.State.Visit.Memory, call.State.Turns, call.Machine.Time);
        _arrived = Channel.CreateBounded<WireStream>(Math.Clamp(backlog, 1, 16));
        string program = command.Split(' ')[0];

        // In the background it has a process already.
        int shell = call.State.Process;
        _hasOwnProcess = _machine.Processes.Find(shell)?.Command.StartsWith(program, StringComparison.Ordinal) != true;
        int process = _hasOwnProcess ? _machine.Processes.Start(command, call.State.Visit.UserName, shell, call.State.Visit.TerminalName is { Length: > 0 } terminal ? terminal : "?", call.State.Folder) : shell;
        _port = new OpenPort("tcp", address, port, process, program, backlog) { Arrive = stream => _arrived.Writer.TryWrite((WireStream)stream) };
    }

    public int Port => _port.Port;

    /// <summary>Opens a port; it is closed when this is disposed of.</summary>
    public static Listening Open(Invocation call, string address, int port, int backlog, string command)
    {
        port = port == 0 ? 32_768 + System.Security.Cryptography.RandomNumberGenerator.GetInt32(28_000) : port;
        Listening listening = new(call, address, port, backlog, command);
        listening._machine.Ports.TryAdd(listening._port);
        return listening;
    }

    /// <summary>The next connection; null: none came in time.</summary>
    public async ValueTask<WireStream?> AcceptAsync(TimeSpan? patience, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = patience is { } time ? new(time, _time) : new();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        WireStream? stream = null;
        try
        {
            await _turns.OutsideAsync(async () => stream = await _arrived.Reader.ReadAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }

        return stream;
    }

    public void Dispose()
    {
        _machine.Ports.Remove(_port);
        if (_hasOwnProcess)
        {
            _machine.Processes.End(_port.Process);
        }

        _arrived.Writer.TryComplete();
        while (_arrived.Reader.TryRead(out WireStream? left))
        {
            left.Dispose();
        }
    }
}
