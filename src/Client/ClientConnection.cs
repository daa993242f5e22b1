using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Blackwall.Client;

/// <summary>How an appliance is reached.</summary>
public sealed record ClientConnection
{
    /// <summary>Scheme, host and port.</summary>
    public required Uri Api { get; init; }

    /// <summary>API key; null: none is sent, as at the local socket, which knows its caller by credentials.</summary>
    public string? Key { get; init; }

    /// <summary>Opens a connection in another way than by the address; null: by the address.</summary>
    public Func<CancellationToken, ValueTask<Socket>>? Connect { get; init; }

    /// <summary>The authorities that https is trusted by; null: those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the operator calls the place: "127.0.0.1:9470", or the path of the socket.</summary>
    public string Place { get; init; } = "";

    /// <summary>Over TCP, TLS where the scheme is https.</summary>
    public static ClientConnection ByAddress(Uri api, string? key)
    {
        ArgumentNullException.ThrowIfNull(api);
        return new ClientConnection { Api = api, Key = key, Place = api.Authority };
    }

    /// <summary>Over a Unix socket of this machine.</summary>
    public static ClientConnection BySocket(string path)
    {
        UnixDomainSocketEndPoint place = new(path);
        return new ClientConnection
        {
            Api = new Uri("http://localhost"),
            Place = path,
            Connect = async cancellation =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(place, cancellation);
                    return socket;
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
    }

    /// <summary>Whether somebody listens at a Unix socket.</summary>
    public static bool Answers(string path)
    {
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return false;
        }
    }
}
