using System.Buffers;
using System.IO.Pipelines;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>One channel: a program and its streams. Messages come from the connection's reader alone, output from the program.</summary>
/// <param name="onClosed">Called when one side closed it, from any thread.</param>
internal sealed class SshChannel(SshSession session, ChannelAddress address, Action<SshChannel> onClosed, bool isSession) : IProgramIo
{
    private const uint WindowSize = 2 * 1024 * 1024;
    private const uint PacketSize = 32 * 1024;
    private const int MostBuffered = 256 * 1024;

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _closing = new();

    // The program's first byte comes behind the answer to the request that started it.
    private readonly TaskCompletionSource _mayRun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Pipe? _input;
    private Task _program = Task.CompletedTask;
    private Program? _early;
    private uint _consumed;
    private bool _recordsTerminal;
    private bool _closeSent;
    private bool _closeReceived;
    private string? _signal;

    /// <summary>What runs on a channel.</summary>
    public delegate Task<ExitStatus> Program(IProgramIo io, ISessionLog log, CancellationToken cancellation);

    public SshSession Session => session;

    /// <summary>Our number.</summary>
    public uint Id => address.Ours;

    /// <summary>The peer's number.</summary>
    public uint Theirs => address.Theirs;

    /// <summary>False: it is a forwarded connection.</summary>
    public bool IsSession => isSession;

    public bool IsStarted { get; private set; }

    public bool IsClosedByBoth => _closeSent && _closeReceived;

    public ChannelWindow Window { get; } = new(address.Window);

    public Terminal? Terminal { get; set; }

    public IReadOnlyDictionary<string, string> Environment => _environment;

    // What a packet may hold: the peer's limit, and never more than ours.
    private int LargestData => (int)Math.Clamp(address.LargestPacket, 64, PacketSize) - 64;

    /// <summary>Sets what runs as soon as the channel is confirmed.</summary>
    public void RunWhenConfirmed(Program program) => _early = program;

    public void Confirm()
    {
        // A session opens with no window; it gets one with its program. Forwards have theirs at once.
        uint size = isSession ? 0 : WindowSize;
        session.Transport.Send(new SshWriter(SshMessage.ChannelOpenConfirmation).UInt32(Theirs).UInt32(Id).UInt32(size).UInt32(PacketSize));
        if (_early is { } program)
        {
            Start(program, recordsTerminal: false);
            ReleaseProgram();
        }
    }

    /// <summary>Prepares a program; it runs when it is released.</summary>
    public void Start(Program program, bool recordsTerminal)
    {
        IsStarted = true;
        _recordsTerminal = recordsTerminal;
        _input = new Pipe(new PipeOptions(pauseWriterThreshold: MostBuffered, resumeWriterThreshold: MostBuffered / 2, minimumSegmentSize: 1024, useSynchronizationContext: false));
        if (isSession)
        {
            session.Transport.Send(new SshWriter(SshMessage.ChannelWindowAdjust).UInt32(Theirs).UInt32(WindowSize));
        }

        CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, session.End);
        _program = Task.Run(() => RunAsync(program, both), CancellationToken.None);
    }

    /// <summary>The request that started a program is answered: it may write.</summary>
    public void ReleaseProgram()
    {
        if (IsStarted)
        {
            _mayRun.TrySetResult();
        }
    }

    /// <summary>False: there are too many.</summary>
    public bool TrySetVariable(string name, string value, int most)
    {
        if (_environment.Count >= most)
        {
            return false;
        }

        _environment[name] = value;
        return true;
    }

    /// <summary>Ends the program by a signal.</summary>
    public void Signal(string name)
    {
        _signal = name;
        _stop.Cancel();
    }

    public async ValueTask HandleDataAsync(ReadOnlyMemory<byte> payload)
    {
        ReadOnlyMemory<byte> data = Data(payload);
        if (_input is null || _closeSent || data.IsEmpty)
        {
            return;
        }

        if (_recordsTerminal)
        {
            session.Log.RecordTerminal(isInput: true, data.Span);
        }

        _consumed += (uint)data.Length;
        await _input.Writer.WriteAsync(data, session.End);
        if (_consumed > PacketSize * 3)
        {
            session.Transport.Send(new SshWriter(SshMessage.ChannelWindowAdjust).UInt32(Theirs).UInt32(_consumed));
            _consumed = 0;
        }
    }

    public void HandleEof() => _input?.Writer.Complete();

    public void HandleClose()
    {
        _closeReceived = true;
        _input?.Writer.Complete();
        _stop.Cancel();
        if (_closeSent || _program.IsCompleted)
        {
            Close();
        }
    }

    /// <summary>Ends the program because the connection ends.</summary>
    public async Task EndAsync()
    {
        _input?.Writer.Complete();
        await _stop.CancelAsync();
        await _program;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        ReadResult result = await _input!.Reader.ReadAsync(cancellation);
        int length = (int)Math.Min(buffer.Length, result.Buffer.Length);
        ReadOnlySequence<byte> read = result.Buffer.Slice(0, length);
        read.CopyTo(buffer.Span);
        _input.Reader.AdvanceTo(read.End);
        return length;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => SendDataAsync(SshMessage.ChannelData, bytes, cancellation);

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        SendDataAsync(Terminal is null ? SshMessage.ChannelExtendedData : SshMessage.ChannelData, bytes, cancellation);

    private async ValueTask SendDataAsync(SshMessage message, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_recordsTerminal)
        {
            session.Log.RecordTerminal(isInput: false, bytes.Span);
        }

        while (!bytes.IsEmpty && !_closeSent)
        {
            int length = await Window.ReserveAsync(Math.Min(bytes.Length, LargestData), cancellation);
            await session.Transport.WaitForRoomAsync();
            SshWriter writer = new SshWriter(message, length + 16).UInt32(Theirs);
            if (message is SshMessage.ChannelExtendedData)
            {
                writer.UInt32(1);
            }

            session.Transport.Send(writer.Bytes(bytes.Span[..length]));
            bytes = bytes[length..];
        }
    }

    private async Task RunAsync(Program program, CancellationTokenSource both)
    {
        ExitStatus status = new(0, "HUP");
        try
        {
            await _mayRun.Task.WaitAsync(both.Token);
            status = await program(this, session.Log, both.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SshEndException or InvalidOperationException or IOException)
        {
            // The peer closed the channel or is gone, or sent a signal.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A fault of ours ends one program, as a fault of its own would, and is recorded.
            session.Log.Record(new Observation(ObservationKinds.Limit) { Name = e.GetType().Name, Text = e.StackTrace?.Split('\n')[0].Trim() });
            status = new ExitStatus(139);
        }
        finally
        {
            both.Dispose();
        }

        await _input!.Reader.CompleteAsync();
        SendEnd(_signal is null ? status : new ExitStatus(0, _signal));
    }

    // OpenSSH's order: end of output, how the program ended, close.
    private void SendEnd(ExitStatus status)
    {
        if (_closeSent)
        {
            return;
        }

        session.Transport.Send(new SshWriter(SshMessage.ChannelEof).UInt32(Theirs));
        if (isSession)
        {
            SshWriter request = new SshWriter(SshMessage.ChannelRequest).UInt32(Theirs);
            session.Transport.Send(status.Signal is { } signal
                ? request.Text("exit-signal").Boolean(false).Text(signal).Boolean(false).Text("").Text("")
                : request.Text("exit-status").Boolean(false).UInt32((uint)status.Code));
        }

        Close();
    }

    private void Close()
    {
        lock (_closing)
        {
            if (!_closeSent)
            {
                _closeSent = true;
                session.Transport.Send(new SshWriter(SshMessage.ChannelClose).UInt32(Theirs));
            }
        }

        onClosed(this);
    }

    private static ReadOnlyMemory<byte> Data(ReadOnlyMemory<byte> payload)
    {
        SshReader reader = new(payload.Span);
        int length = reader.Bytes().Length;
        return reader.Failed ? throw new SshEndException("incomplete data") : payload.Slice(sizeof(uint), length);
    }
}
