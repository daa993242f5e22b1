using System.Buffers.Binary;
using System.Collections;
using System.Net.Sockets;
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
/// are. Nobody's TCP connections can keep them out.
/// </summary>
internal sealed class LocalSocket(IOptions<StorageOptions> storage, IHostApplicationLifetime lifetime) : IHostedService, IHealthSource
{
    public const string FileName = "api.sock";

    /// <summary>sun_path of sockaddr_un has 108 bytes, the last one 0.</summary>
    private const int LongestPath = 107;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string? _fault;

    public string Name => "local-socket";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    private string Path { get; } = PathFor(storage.Value, Environment.GetEnvironmentVariables());

    /// <summary>Where it is: in the state folder.</summary>
    public static string PathFor(StorageOptions storage, IDictionary environment) => System.IO.Path.Combine(storage.StateFolder, FileName);

    /// <summary>Where to listen; null: no socket can have that path.</summary>
    public string? TryPrepare()
    {
        if (Encoding.UTF8.GetByteCount(Path) > LongestPath)
        {
            Volatile.Write(ref _fault, $"{Path} is too long for a socket, so ctl needs a key; name a shorter state folder with --state.");
            return null;
        }

        return Path;
    }

    /// <summary>Lets nobody in but root and the appliance's own user.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket || PeerOf(socket) is not { } peer)
        {
            connection.Abort(new ConnectionAbortedException("Neither root nor the user of the appliance."));
            return;
        }

        connection.Features.Set(peer);
        await next(connection);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Left by a killed process: the state folder is locked by now, so no other process listens on it.
        if (Directory.Exists(storage.Value.StateFolder))
        {
            File.Delete(Path);
        }

        // The process creates its files for its own user already; this holds even if the umask is changed.
        lifetime.ApplicationStarted.Register(() =>
        {
            if (File.Exists(Path))
            {
                File.SetUnixFileMode(Path, OwnerOnly);
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Null: whoever it is may not come in.</summary>
    private static LocalPeer? PeerOf(Socket socket)
    {
        // struct ucred of unix(7): pid, uid, gid.
        const int solSocket = 1;
        const int peerCredentials = 17;
        Span<byte> credentials = stackalloc byte[12];
        if (socket.GetRawSocketOption(solSocket, peerCredentials, credentials) != credentials.Length)
        {
            return null;
        }

        uint user = BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]) : BinaryPrimitives.ReadUInt32BigEndian(credentials[4..]);
        return user == 0 || user == ProcessUser.Id ? new LocalPeer(user) : null;
    }
}
