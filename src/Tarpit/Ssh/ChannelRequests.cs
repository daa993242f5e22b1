using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>Requests on a channel (RFC 4254 §6): programs, terminals, variables, signals.</summary>
internal static class ChannelRequests
{
    private const int LongestCommand = 64 * 1024;
    private const int LongestVariable = 1024;
    private const int MostVariables = 64;
    private const int LargestDimension = 4096;

    /// <summary>Handles the request whose name is the first thing in a payload.</summary>
    public static void Handle(SshSession session, SshChannel channel, ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload);
        string name = reader.Text();
        bool wantsReply = reader.Boolean();
        if (reader.Failed)
        {
            throw new SshEndException("incomplete channel request");
        }

        bool done = channel.IsSession && (channel.IsStarted ? HandleStarted(session, channel, name, ref reader) : HandleNew(session, channel, name, ref reader));
        if (wantsReply)
        {
            session.Transport.Send(new SshWriter(done ? SshMessage.ChannelSuccess : SshMessage.ChannelFailure).UInt32(channel.Theirs));
        }

        channel.ReleaseProgram();
    }

    // Before a program was started.
    private static bool HandleNew(SshSession session, SshChannel channel, string name, ref SshReader reader)
    {
        switch (name)
        {
            case "shell":
                channel.Start(session.Host.ShellAsync, recordsTerminal: true);
                return true;
            case "exec":
                string command = reader.Text();
                if (reader.Failed || command.Length > LongestCommand)
                {
                    return false;
                }

                channel.Start((io, log, cancellation) => session.Host.ExecuteAsync(command, io, log, cancellation), recordsTerminal: true);
                return true;
            case "subsystem":
                string subsystem = reader.Text();
                session.Log.Record(new Observation(ObservationKinds.Subsystem) { Name = subsystem, Channel = (int)channel.Id });
                if (session.Host.Subsystem(subsystem) is not { } program)
                {
                    return false;
                }

                channel.Start(program.Invoke, recordsTerminal: false);
                return true;
            case "pty-req" when channel.Terminal is null:
                return AllocateTerminal(session, channel, ref reader);
            case "env":
                return SetVariable(session, channel, ref reader);
            case "auth-agent-req@openssh.com":
                return ForwardAgent(session, channel, name);
            case "x11-req":
                return RefuseX11(session, ref reader);
            default:
                return HandleAnyTime(session, channel, name, ref reader);
        }
    }

    private static bool HandleStarted(SshSession session, SshChannel channel, string name, ref SshReader reader) =>
        name is "signal" ? Signal(channel, ref reader) : HandleAnyTime(session, channel, name, ref reader);

    private static bool HandleAnyTime(SshSession session, SshChannel channel, string name, ref SshReader reader) => name switch
    {
        "window-change" => Resize(session, channel, ref reader),
        "break" => channel.Terminal is not null,
        _ => false,
    };

    private static bool AllocateTerminal(SshSession session, SshChannel channel, ref SshReader reader)
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

        Terminal terminal = new(type, Dimension(columns, 80), Dimension(rows, 24));
        channel.Terminal = terminal;
        session.Log.Record(new Observation(ObservationKinds.Terminal) { Name = type, Columns = terminal.Columns, Rows = terminal.Rows, Channel = (int)channel.Id });
        return true;
    }

    private static bool Resize(SshSession session, SshChannel channel, ref SshReader reader)
    {
        uint columns = reader.UInt32(), rows = reader.UInt32();
        if (reader.Failed || channel.Terminal is not { } before)
        {
            return false;
        }

        Terminal terminal = before with { Columns = Dimension(columns, 80), Rows = Dimension(rows, 24) };
        channel.Terminal = terminal;
        session.Log.Record(new Observation(ObservationKinds.TerminalSize) { Columns = terminal.Columns, Rows = terminal.Rows, Channel = (int)channel.Id });
        return true;
    }

    // AcceptEnv LANG LC_* is what the distribution's sshd_config says.
    private static bool SetVariable(SshSession session, SshChannel channel, ref SshReader reader)
    {
        string name = reader.Text(), value = reader.Text();
        if (reader.Failed)
        {
            return false;
        }

        session.Log.Record(new Observation(ObservationKinds.Environment) { Name = name, Value = value, Channel = (int)channel.Id });
        bool isAccepted = name is "LANG" || name.StartsWith("LC_", StringComparison.Ordinal);
        return isAccepted && value.Length <= LongestVariable && channel.TrySetVariable(name, value, MostVariables);
    }

    // As sshd: once in a connection, and the program finds the socket.
    private static bool ForwardAgent(SshSession session, SshChannel channel, string name)
    {
        if (!session.TryBeginAgent())
        {
            return false;
        }

        session.Log.Record(new Observation(ObservationKinds.Forward) { Name = name, Channel = (int)channel.Id });
        return channel.TrySetVariable("SSH_AUTH_SOCK", session.Host.OpenAgent(), MostVariables + 1);
    }

    // The machine has no xauth; sshd says so in a debug message.
    private static bool RefuseX11(SshSession session, ref SshReader reader)
    {
        reader.Boolean();
        string protocol = reader.Text(), cookie = reader.Text();
        reader.UInt32();
        if (!reader.Failed && IsXauthText(protocol) && IsXauthText(cookie))
        {
            session.Transport.Send(new SshWriter(SshMessage.Debug).Boolean(false).Text("No xauth program; cannot forward X11.").Text(""));
        }

        return false;
    }

    // xauth_valid_string of sshd.
    private static bool IsXauthText(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '/' or '-' or '_');

    private static bool Signal(SshChannel channel, ref SshReader reader)
    {
        string name = reader.Text();
        if (reader.Failed || name is not ("ABRT" or "ALRM" or "FPE" or "HUP" or "INT" or "KILL" or "PIPE" or "QUIT" or "SEGV" or "TERM" or "USR1" or "USR2"))
        {
            return false;
        }

        channel.Signal(name);
        return true;
    }

    private static int Dimension(uint value, int otherwise) => value is > 0 and <= LargestDimension ? (int)value : otherwise;
}
