using System.Net.Sockets;
using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel.Confinement;

/// <summary>
/// A program that runs confined, with a channel to it. It is started as the first of a PID namespace and gets the channel as descriptor 3 and
/// what else it inherits from 4 on; what it gives up it does itself (<see cref="ConfinedStart"/>), while it is still trusted. It ends with this process.
/// </summary>
internal sealed class ConfinedProcess : IDisposable
{
    private readonly TaskCompletionSource<int> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Socket? _launcher;

    private ConfinedProcess(Socket channel, Socket? launcher = null) => (Channel, _launcher) = (channel, launcher);

    /// <summary>Our end of the channel; each message arrives whole.</summary>
    public Socket Channel { get; }

    /// <summary>The exit code, or 128 and the signal.</summary>
    public Task<int> Ended => _ended.Task;

    /// <summary>Process id.</summary>
    public int Id => _started.Task.Result;

    /// <summary>Starts it.</summary>
    /// <param name="path">Program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">NAME=value, all of it.</param>
    /// <param name="inherited">Sockets that it gets.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static async Task<ConfinedProcess> StartAsync(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, IReadOnlyList<Socket> inherited)
    {
        (int ours, int theirs) = ConfinedChild.MakeChannel();
        ConfinedProcess process = new(new Socket(new SafeSocketHandle(ours, ownsHandle: true)));
        Thread thread = new(() => process.Hold(path, arguments, environment, theirs, inherited)) { IsBackground = true, Name = "confined process" };
        thread.Start();
        try
        {
            await process._started.Task;
            return process;
        }
        catch
        {
            process.Channel.Dispose();
            throw;
        }
    }

    /// <summary>Has it started by the launcher (<see cref="ConfinedLauncher"/>), for an appliance that may not make namespaces.</summary>
    /// <param name="launcher">Path of the launcher's socket.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="inherited">Sockets that it gets.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    /// <exception cref="SocketException">The launcher does not listen.</exception>
    public static async Task<ConfinedProcess> LaunchAsync(string launcher, IReadOnlyList<string> arguments, IReadOnlyList<Socket> inherited)
    {
        Socket connection = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        (int ours, int theirs) = ConfinedChild.MakeChannel();
        ConfinedProcess process = new(new Socket(new SafeSocketHandle(ours, ownsHandle: true)), connection);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(launcher));
            DescriptorChannel.Send((int)connection.Handle, ConfinedLauncher.Request(arguments), [theirs, .. inherited.Select(socket => (int)socket.Handle)]);
            new Thread(process.Follow) { IsBackground = true, Name = "confined process" }.Start();
            await process._started.Task;
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
        finally
        {
            ConfinedChild.Close(theirs);
        }
    }

    /// <summary>A channel whose two ends are in this process.</summary>
    public static (Socket Ours, Socket Theirs) MakeChannel()
    {
        (int ours, int theirs) = ConfinedChild.MakeChannel();
        return (new Socket(new SafeSocketHandle(ours, ownsHandle: true)), new Socket(new SafeSocketHandle(theirs, ownsHandle: true)));
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        if (!_started.Task.IsCompletedSuccessfully || _ended.Task.IsCompleted)
        {
            return;
        }

        if (_launcher is null)
        {
            ConfinedChild.Kill(Id);
            return;
        }

        try
        {
            // The launcher takes the end of what we send for the order to kill, and still answers how it ended.
            _launcher.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It has gone, and the process with it.
        }
    }

    public void Dispose()
    {
        Channel.Dispose();
        _launcher?.Dispose();
    }

    private void Follow()
    {
        const int killed = 128 + 9;
        if (ConfinedLauncher.Answer(_launcher!) is not { } process)
        {
            _started.SetException(new IOException("the launcher does not start it; 'journalctl -u \"blackwall-tarpit@*\"' says why"));
            return;
        }

        _started.SetResult(process);
        _ended.SetResult(ConfinedLauncher.Answer(_launcher!) ?? killed);
    }

    // This thread is the process's parent: it lives as long as the process does.
    private void Hold(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, int theirs, IReadOnlyList<Socket> inherited)
    {
        int process;
        try
        {
            process = ConfinedChild.Start(path, arguments, environment, [theirs, .. inherited.Select(socket => (int)socket.Handle)]);
        }
        catch (IOException e)
        {
            _started.SetException(e);
            return;
        }
        finally
        {
            ConfinedChild.Close(theirs);
        }

        _started.SetResult(process);
        _ended.SetResult(ConfinedChild.Wait(process));
    }
}
