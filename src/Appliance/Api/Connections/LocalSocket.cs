using System.Collections;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Blackwall.Kernel;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Connections;

/// <summary>
/// The Unix socket in the state folder (mode 0600), by which root and the user of the appliance come in as admin without a key: the kernel says who they
/// are. Nobody's TCP connections can keep them out. A service has a second one in its runtime folder (mode 0660), for members of its group too.
/// </summary>
internal sealed class LocalSocket(IOptions<StorageOptions> storage, IHostApplicationLifetime lifetime) : IHostedService, IHealthSource
{
    public const string FileName = "api.sock";

    /// <summary>sun_path of sockaddr_un has 108 bytes, the last one 0.</summary>
    private const int LongestPath = 107;

    private const int SolSocket = 1;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerAndGroup = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private string? _fault;

    public string Name => "local-socket";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Where the one in the state folder is.</summary>
    public static string InStateFolder(StorageOptions storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return Path.Combine(storage.StateFolder, FileName);
    }

    /// <summary>Where the one of a service is; null: this process is none.</summary>
    /// <param name="environment">RUNTIME_DIRECTORY (systemd.exec(5)): folders with colons between.</param>
    public static string? InRuntimeFolder(IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment["RUNTIME_DIRECTORY"] is string { Length: > 0 } folders && folders.Split(':')[0] is ['/', ..] folder ? Path.Combine(folder, FileName) : null;
    }

    /// <summary>Where to listen, and whether members of the group come in there.</summary>
    public IReadOnlyList<(string Path, bool Group)> Prepare()
    {
        List<(string, bool)> places = [];
        foreach ((string path, bool group) in Places())
        {
            if (Encoding.UTF8.GetByteCount(path) > LongestPath)
            {
                Volatile.Write(ref _fault, $"{path} is too long for a socket, so 'blackwall' needs a key; name a shorter state folder with --state.");
            }
            else
            {
                places.Add((path, group));
            }
        }

        return places;
    }

    /// <summary>Lets nobody in but root and the appliance's own user, and members of its group where they may.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, bool group)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket || PeerOf(socket, group) is not { } peer)
        {
            connection.Abort(new ConnectionAbortedException("Neither root nor the user of the appliance."));
            return;
        }

        connection.Features.Set(peer);
        await next(connection);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Left by a killed process: the state folder is locked by now, so no other process listens there.
        foreach ((string path, _) in Places().Where(place => File.Exists(place.Path)))
        {
            File.Delete(path);
        }

        // The process creates its files for its own user already; this holds even if the umask is changed.
        lifetime.ApplicationStarted.Register(() =>
        {
            foreach ((string path, bool group) in Places().Where(place => File.Exists(place.Path)))
            {
                File.SetUnixFileMode(path, group ? OwnerAndGroup : OwnerOnly);
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<(string Path, bool Group)> Places()
    {
        yield return (InStateFolder(storage.Value), false);
        if (InRuntimeFolder(Environment.GetEnvironmentVariables()) is { } path)
        {
            yield return (path, true);
        }
    }

    /// <summary>Null: whoever it is may not come in.</summary>
    private static LocalPeer? PeerOf(Socket socket, bool group)
    {
        // struct ucred of unix(7): pid, uid, gid.
        const int peerCredentials = 17;
        Span<byte> credentials = stackalloc byte[12];
        if (socket.GetRawSocketOption(SolSocket, peerCredentials, credentials) != credentials.Length)
        {
            return null;
        }

        uint user = MemoryMarshal.Read<uint>(credentials[4..]);
        return user == 0 || user == ProcessUser.Id || (group && IsMember(socket, MemoryMarshal.Read<uint>(credentials[8..]))) ? new LocalPeer(user) : null;
    }

    // Group 0 is no group of a service's own: then nobody comes in by it.
    private static bool IsMember(Socket socket, uint first)
    {
        const int peerGroups = 59;
        const int most = 65_536;
        if (ProcessUser.GroupId == 0)
        {
            return false;
        }

        byte[] groups = new byte[most * sizeof(uint)];
        int length = first == ProcessUser.GroupId ? 0 : socket.GetRawSocketOption(SolSocket, peerGroups, groups);
        return first == ProcessUser.GroupId || MemoryMarshal.Cast<byte, uint>(groups.AsSpan(0, length)).Contains(ProcessUser.GroupId);
    }
}
