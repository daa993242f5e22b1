using System.IO.Pipelines;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

internal sealed partial class SshConnection
{
    /// <summary>One channel: windows, a program and its streams. Messages come from the connection's reader alone, output from the program.</summary>
    private sealed partial class SshChannel(SshConnection connection, uint id, uint theirs, uint window, uint largest, bool isSession) : IProgramIo
    {
        private const uint WindowSize = 2 * 1024 * 1024;
        private const uint PacketSize = 32 * 1024;
        private const int MostBuffered = 256 * 1024;
        private const int MostVariables = 64;

        private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
        private readonly CancellationTokenSource _stop = new();
        private readonly Lock _windowLock = new();
        private Pipe? _input;
        private Task _program = Task.CompletedTask;
        private Func<IProgramIo, ISessionLog, CancellationToken, Task<ExitStatus>>? _early;
        private bool _sendsStatus = true;
        private long _window = window;
        private TaskCompletionSource? _widened;
        private uint _consumed;
        private bool _started;
        private bool _records;
        private bool _eofSent;
        private bool _closeSent;
        private bool _closeReceived;
        private string? _signal;

        public uint Id => id;

        public bool IsSession => isSession;

        public Terminal? Terminal { get; private set; }

        public IReadOnlyDictionary<string, string> Environment => _environment;

        // What a packet may hold: the peer's limit, and never more than ours.
        private int LargestData => (int)Math.Clamp(largest, 64, PacketSize) - 64;

        public void Confirm()
        {
            // A session opens with no window; it gets one with its program. Forwards have theirs at once.
            uint size = isSession ? 0 : WindowSize;
            connection._transport.Send(new SshWriter(SshMessage.ChannelOpenConfirmation).UInt32(theirs).UInt32(id).UInt32(size).UInt32(PacketSize));
            if (_early is { } program)
            {
                Run(program);
                _mayRun.TrySetResult();
            }
        }

        /// <summary>Sets what runs as soon as the channel is confirmed.</summary>
        public void Start(Func<IProgramIo, ISessionLog, CancellationToken, Task<ExitStatus>> program, bool sendStatus)
        {
            _sendsStatus = sendStatus;
            _early = program;
        }

        public void Widen(uint more)
        {
            lock (_windowLock)
            {
                _window = Math.Min(_window + more, uint.MaxValue);
                _widened?.TrySetResult();
                _widened = null;
            }
        }

        public async ValueTask TakeDataAsync(ReadOnlyMemory<byte> payload)
        {
            ReadOnlyMemory<byte> data = Data(payload);
            if (_input is null || _closeSent || data.IsEmpty)
            {
                return;
            }

            if (_records)
            {
                connection._log.RecordTerminal(isInput: true, data.Span);
            }

            _consumed += (uint)data.Length;
            await _input.Writer.WriteAsync(data, connection._end.Token);
            if (_consumed > PacketSize * 3)
            {
                connection._transport.Send(new SshWriter(SshMessage.ChannelWindowAdjust).UInt32(theirs).UInt32(_consumed));
                _consumed = 0;
            }
        }

        public void TakeEof() => _input?.Writer.Complete();

        public void TakeClose()
        {
            _closeReceived = true;
            _input?.Writer.Complete();
            _stop.Cancel();
            if (_closeSent || _program.IsCompleted)
            {
                Close();
            }
        }

        public async Task AbandonAsync()
        {
            _input?.Writer.Complete();
            await _stop.CancelAsync();
            await _program;
        }

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            ReadResult result = await _input!.Reader.ReadAsync(cancellation);
            int length = (int)Math.Min(buffer.Length, result.Buffer.Length);
            System.Buffers.ReadOnlySequence<byte> taken = result.Buffer.Slice(0, length);
            System.Buffers.BuffersExtensions.CopyTo(taken, buffer.Span);
            _input.Reader.AdvanceTo(taken.End);
            return length;
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => SendDataAsync(SshMessage.ChannelData, bytes, cancellation);

        public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
            SendDataAsync(Terminal is null ? SshMessage.ChannelExtendedData : SshMessage.ChannelData, bytes, cancellation);

        private async ValueTask SendDataAsync(SshMessage message, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            if (_records)
            {
                connection._log.RecordTerminal(isInput: false, bytes.Span);
            }

            while (!bytes.IsEmpty && !_closeSent)
            {
                int length = Math.Min(await TakeWindowAsync(Math.Min(bytes.Length, LargestData), cancellation), bytes.Length);
                await connection._transport.WaitForRoomAsync();
                SshWriter writer = new SshWriter(message, length + 16).UInt32(theirs);
                if (message is SshMessage.ChannelExtendedData)
                {
                    writer.UInt32(1);
                }

                connection._transport.Send(writer.Bytes(bytes.Span[..length]));
                bytes = bytes[length..];
            }
        }

        // As much of the peer's window as there is, up to what is wanted; waits while there is none.
        private async ValueTask<int> TakeWindowAsync(int wanted, CancellationToken cancellation)
        {
            while (true)
            {
                Task widened;
                lock (_windowLock)
                {
                    if (_window > 0)
                    {
                        int taken = (int)Math.Min(_window, wanted);
                        _window -= taken;
                        return taken;
                    }

                    _widened ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    widened = _widened.Task;
                }

                await widened.WaitAsync(cancellation);
            }
        }

        private void Run(Func<IProgramIo, ISessionLog, CancellationToken, Task<ExitStatus>> program)
        {
            _started = true;
            _input = new Pipe(new PipeOptions(pauseWriterThreshold: MostBuffered, resumeWriterThreshold: MostBuffered / 2, minimumSegmentSize: 1024, useSynchronizationContext: false));
            if (isSession)
            {
                connection._transport.Send(new SshWriter(SshMessage.ChannelWindowAdjust).UInt32(theirs).UInt32(WindowSize));
            }

            CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, connection._end.Token);
            _program = Task.Run(() => RunAsync(program, both), CancellationToken.None);
        }

        private async Task RunAsync(Func<IProgramIo, ISessionLog, CancellationToken, Task<ExitStatus>> program, CancellationTokenSource both)
        {
            ExitStatus status = new(0, "HUP");
            try
            {
                await _mayRun.Task.WaitAsync(both.Token);
                status = await program(this, connection._log, both.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SshEndException or InvalidOperationException or IOException)
            {
                // The peer closed the channel or is gone, or sent a signal.
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A fault of ours ends one program, as a fault of its own would, and is told of.
                connection._log.Record(new Observation(ObservationKinds.Limit) { Name = e.GetType().Name, Text = e.StackTrace?.Split('\n')[0].Trim() });
                status = new ExitStatus(139);
            }
            finally
            {
                both.Dispose();
            }

            await _input!.Reader.CompleteAsync();
            End(_signal is null ? status : new ExitStatus(0, _signal));
        }

        // OpenSSH's order: end of output, how the program ended, close.
        private void End(ExitStatus status)
        {
            if (_closeSent)
            {
                return;
            }

            SshTransport transport = connection._transport;
            if (!_eofSent)
            {
                _eofSent = true;
                transport.Send(new SshWriter(SshMessage.ChannelEof).UInt32(theirs));
            }

            if (_sendsStatus && status.Signal is { } signal)
            {
                transport.Send(new SshWriter(SshMessage.ChannelRequest).UInt32(theirs).Text("exit-signal").Boolean(false).Text(signal).Boolean(false).Text("").Text(""));
            }
            else if (_sendsStatus)
            {
                transport.Send(new SshWriter(SshMessage.ChannelRequest).UInt32(theirs).Text("exit-status").Boolean(false).UInt32((uint)status.Code));
            }

            Close();
        }

        private void Close()
        {
            lock (_windowLock)
            {
                if (!_closeSent)
                {
                    _closeSent = true;
                    connection._transport.Send(new SshWriter(SshMessage.ChannelClose).UInt32(theirs));
                }
            }

            connection.Retire(this);
        }

        internal bool IsOver => _closeSent && _closeReceived;

        private static ReadOnlyMemory<byte> Data(ReadOnlyMemory<byte> payload)
        {
            SshReader reader = new(payload.Span);
            int length = reader.Bytes().Length;
            return reader.Failed ? throw new SshEndException("incomplete data") : payload.Slice(sizeof(uint), length);
        }
    }
}
