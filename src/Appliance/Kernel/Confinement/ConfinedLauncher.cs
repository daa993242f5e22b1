using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel.Confinement;

/// <summary>
/// Starts confined processes for an appliance that may not make namespaces itself: a small process of its own, started by systemd for each connection
/// to its socket. One request: the arguments, and the descriptors that the confined process inherits, its channel first. Two answers, four bytes each:
/// the number of the process, and how it ended. When the appliance closes the connection, the confined process is killed.
/// </summary>
internal static class ConfinedLauncher
{
    /// <summary>Name of the variable that says where the launcher listens.</summary>
    public const string Variable = "BLACKWALL_TARPIT_LAUNCHER";

    /// <summary>Of the arguments of a request, in UTF-8 with a 0 after each.</summary>
    private const int LongestRequest = 1024;

    /// <summary>Serves one connection, until the process has ended.</summary>
    /// <param name="connected">Descriptor of the connection; systemd makes it standard input.</param>
    /// <param name="allowed">Whether a process may be started with these arguments.</param>
    /// <param name="start">What to start with them: path, all arguments, and environment.</param>
    /// <returns>Exit code: 0 it ran; 65 the request is not understood; 71 it cannot be started.</returns>
    public static int Serve(int connected, Func<string[], int, bool> allowed, Func<string[], (string Path, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment)> start)
    {
        const int notUnderstood = 65;
        const int notStarted = 71;
        byte[] buffer = new byte[LongestRequest];
        int length = DescriptorChannel.Receive(connected, buffer, out int[] descriptors);
        string[] arguments = Encoding.UTF8.GetString(buffer, 0, length).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (descriptors.Length == 0 || !allowed(arguments, descriptors.Length))
        {
            return notUnderstood;
        }

        (string path, IReadOnlyList<string> all, IReadOnlyList<string> environment) = start(arguments);
        using Socket connection = new(new SafeSocketHandle(connected, ownsHandle: false));
        int process = 0;
        TaskCompletionSource<int> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread parent = new(() => Hold(path, all, environment, descriptors, connection, started)) { Name = "confined process" };
        parent.Start();
        try
        {
            process = started.Task.GetAwaiter().GetResult();
        }
        catch (IOException e)
        {
            Console.Error.WriteLine(e.Message);
            return notStarted;
        }

        // Nothing more is ever asked: whatever comes, or the end of the connection, ends the process.
        byte[] nothing = new byte[1];
        _ = Receive(connection, nothing);
        ConfinedChild.Kill(process);
        parent.Join();
        return 0;
    }

    /// <summary>The request.</summary>
    internal static byte[] Request(IReadOnlyList<string> arguments) => Encoding.UTF8.GetBytes(string.Concat(arguments.Select(argument => argument + "\0")));

    /// <summary>The next answer; null: the launcher has gone.</summary>
    internal static int? Answer(Socket connection)
    {
        byte[] answer = new byte[sizeof(int)];
        return Receive(connection, answer) == answer.Length ? MemoryMarshal.Read<int>(answer) : null;
    }

    // This thread is the process's parent: it lives as long as the process does.
    private static void Hold(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, int[] descriptors, Socket connection, TaskCompletionSource<int> started)
    {
        int process;
        try
        {
            process = ConfinedChild.Start(path, arguments, environment, descriptors);
        }
        catch (IOException e)
        {
            started.SetException(e);
            return;
        }
        finally
        {
            foreach (int descriptor in descriptors)
            {
                ConfinedChild.Close(descriptor);
            }
        }

        Tell(connection, process);
        started.SetResult(process);
        Tell(connection, ConfinedChild.Wait(process));
        try
        {
            // Ends the wait of the other thread.
            connection.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The other end has gone already.
        }
    }

    private static void Tell(Socket connection, int number)
    {
        Span<byte> answer = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(answer, number);
        try
        {
            connection.Send(answer);
        }
        catch (SocketException)
        {
            // Nobody hears it any more.
        }
    }

    private static int Receive(Socket connection, byte[] buffer)
    {
        try
        {
            return connection.Receive(buffer);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
