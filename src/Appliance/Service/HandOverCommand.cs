using System.Buffers.Binary;
using System.Collections;
using System.Diagnostics;
using System.Net.Sockets;
using Blackwall.Api.Connections;
using Blackwall.Config;
using Blackwall.Kernel;
using Blackwall.Storage;

namespace Blackwall.Service;

/// <summary>
/// Ends the running appliance and leaves its wall in the kernel, for the next process to take over: how a new version gets in its place with no
/// packet unguarded. Which process that is, the kernel says: it is the one that listens at the local socket.
/// </summary>
internal static class HandOverCommand
{
    public const string Usage = "handover [--state FOLDER] [--config FILE]";

    private const int Done = 0, Unavailable = 69, NotPermitted = 77;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <returns>Exit code: 0 it ended and the wall stands; 64 not understood; 69 none runs, or it does not end; 77 not permitted; 78 the configuration cannot be read.</returns>
    public static async Task<int> RunAsync(string[] arguments, IDictionary environment, TextWriter output, TextWriter errors)
    {
        if (arguments is ["--help" or "-h"])
        {
            await output.WriteLineAsync($"usage: blackwall-appliance {Usage}");
            return Done;
        }

        if (CommandLine.TryParse(arguments, out string? misunderstood) is not { } line)
        {
            await errors.WriteLineAsync($"{misunderstood}\nusage: blackwall-appliance {Usage}");
            return Startup.BadUsage;
        }

        if (ApplianceConfig.TryLoad(line, environment, FeatureList.Sections(FeatureList.All), out IReadOnlyList<string> wrong) is not { } config)
        {
            await errors.WriteLineAsync(string.Join('\n', wrong));
            return Startup.BadConfig;
        }

        string socket = LocalSocket.InStateFolder(config.Get<StorageOptions>());
        try
        {
            if (Listener(socket) is not { } process)
            {
                await errors.WriteLineAsync($"No appliance answers at {socket}; is it running, with this state folder (--state)?");
                return Unavailable;
            }

            return await EndAsync(process, output, errors);
        }
        catch (UnauthorizedAccessException)
        {
            await errors.WriteLineAsync("Handing the wall over needs root, or the user of the appliance.");
            return NotPermitted;
        }
    }

    private static async Task<int> EndAsync(int id, TextWriter output, TextWriter errors)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            if (!HandOverSignal.TrySend(id))
            {
                throw new UnauthorizedAccessException();
            }

            using CancellationTokenSource patience = new(s_patience, TimeProvider.System);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync($"Process {id} was asked to hand over and still runs after {s_patience.TotalSeconds:0} seconds; its log says what it waits for.");
            return Unavailable;
        }
        catch (Exception gone) when (gone is ArgumentException or IOException)
        {
            await errors.WriteLineAsync($"Process {id} ended before it was asked to hand over.");
            return Unavailable;
        }

        await output.WriteLineAsync("Handed over: the process ended, the wall stands, and the next start takes it over.");
        return Done;
    }

    // SO_PEERCRED of a listener names the process that called listen(2) (unix(7)).
    private static int? Listener(string path)
    {
        const int solSocket = 1;
        const int peerCredentials = 17;
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode is SocketError.AccessDenied ? throw new UnauthorizedAccessException() : null;
        }
        catch (ArgumentException)
        {
            return null; // Too long for a socket: nobody listens there.
        }

        Span<byte> credentials = stackalloc byte[12];
        if (socket.GetRawSocketOption(solSocket, peerCredentials, credentials) != credentials.Length)
        {
            return null;
        }

        int process = BitConverter.IsLittleEndian ? BinaryPrimitives.ReadInt32LittleEndian(credentials) : BinaryPrimitives.ReadInt32BigEndian(credentials);
        return process > 0 ? process : null;
    }
}
