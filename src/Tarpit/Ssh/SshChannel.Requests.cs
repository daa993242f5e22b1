using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

internal sealed partial class SshConnection
{
    /// <summary>Channel requests (RFC 4254 §6).</summary>
    private sealed partial class SshChannel
    {
        private const int LargestCommand = 64 * 1024;

        // The program's first byte comes behind the answer to the request that started it.
        private readonly TaskCompletionSource _mayRun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void TakeRequest(ReadOnlySpan<byte> payload)
        {
            SshReader reader = new(payload);
            string name = reader.Text();
            bool wantsReply = reader.Boolean();
            if (reader.Failed)
            {
                throw new SshEndException("incomplete channel request");
            }

            bool done = isSession && Handle(name, ref reader);
            if (wantsReply)
            {
                connection._transport.Send(new SshWriter(done ? SshMessage.ChannelSuccess : SshMessage.ChannelFailure).UInt32(theirs));
            }

            if (_started)
            {
                _mayRun.TrySetResult();
            }
        }

        private bool Handle(string name, ref SshReader reader)
        {
            switch (name)
            {
                case "shell" when !_started:
                    _records = true;
                    Run(connection._host!.ShellAsync);
                    return true;
                case "exec" when !_started:
                    string command = reader.Text();
                    if (reader.Failed || command.Length > LargestCommand)
                    {
                        return false;
                    }

                    _records = true;
                    Run((io, log, cancellation) => connection._host!.ExecuteAsync(command, io, log, cancellation));
                    return true;
                case "subsystem" when !_started:
                    string subsystem = reader.Text();
                    connection._log.Record(new Observation(ObservationKinds.Subsystem) { Name = subsystem, Channel = (int)id });
                    if (connection._host!.Subsystem(subsystem) is not { } program)
                    {
                        return false;
                    }

                    Run(program);
                    return true;
                case "pty-req" when !_started && Terminal is null:
                    return AllocateTerminal(ref reader);
                case "window-change":
                    return Resize(ref reader);
                case "env" when !_started:
                    return SetVariable(ref reader);
                case "signal":
                    return TakeSignal(ref reader);
                case "auth-agent-req@openssh.com" when !_started:
                    return true;
                case "break" when Terminal is not null:
                    return true;
                default:
                    return false;
            }
        }

        private bool AllocateTerminal(ref SshReader reader)
        {
            string type = reader.Text();
            uint columns = reader.UInt32(), rows = reader.UInt32();
            reader.UInt32();
            reader.UInt32();
            reader.Bytes();
            if (reader.Failed)
            {
                return false;
            }

            Terminal = new Terminal(type, Dimension(columns, 80), Dimension(rows, 24));
            connection._log.Record(new Observation(ObservationKinds.Terminal) { Name = type, Columns = Terminal.Columns, Rows = Terminal.Rows, Channel = (int)id });
            return true;
        }

        private bool Resize(ref SshReader reader)
        {
            uint columns = reader.UInt32(), rows = reader.UInt32();
            if (reader.Failed || Terminal is null)
            {
                return false;
            }

            Terminal = Terminal with { Columns = Dimension(columns, 80), Rows = Dimension(rows, 24) };
            connection._log.Record(new Observation(ObservationKinds.TerminalSize) { Columns = Terminal.Columns, Rows = Terminal.Rows, Channel = (int)id });
            return true;
        }

        // AcceptEnv LANG LC_* is what the distribution's sshd_config says.
        private bool SetVariable(ref SshReader reader)
        {
            string name = reader.Text(), value = reader.Text();
            if (reader.Failed)
            {
                return false;
            }

            connection._log.Record(new Observation(ObservationKinds.Environment) { Name = name, Value = value, Channel = (int)id });
            if ((name is not "LANG" && !name.StartsWith("LC_", StringComparison.Ordinal)) || _environment.Count >= MostVariables || value.Length > 1024)
            {
                return false;
            }

            _environment[name] = value;
            return true;
        }

        private bool TakeSignal(ref SshReader reader)
        {
            string name = reader.Text();
            if (reader.Failed || !_started || name is not ("ABRT" or "ALRM" or "FPE" or "HUP" or "INT" or "KILL" or "PIPE" or "QUIT" or "SEGV" or "TERM" or "USR1" or "USR2"))
            {
                return false;
            }

            _signal = name;
            _stop.Cancel();
            return true;
        }

        private static int Dimension(uint value, int otherwise) => value is > 0 and <= 4096 ? (int)value : otherwise;
    }

    // Both sides closed: the number is free again. Called by the reader, and by a program that ends.
    private void Retire(SshChannel channel) => _retired.Enqueue(channel);

    private readonly System.Collections.Concurrent.ConcurrentQueue<SshChannel> _retired = new();

    private void SweepChannels()
    {
        for (int i = _retired.Count; i > 0 && _retired.TryDequeue(out SshChannel? channel); i--)
        {
            if (channel.IsOver)
            {
                _channels.Remove(channel.Id);
            }
        }
    }
}
